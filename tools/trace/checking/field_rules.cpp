#include "field_rules.hpp"

#include <nlohmann/json.hpp>

namespace tandem::cli {

namespace {

/// Everything but the payload's content, which no field rule looks at.
template <class Ticket>
Ticket common(const trace_entry& x) {
  Ticket result;
  result.operation = x.operation;
  result.sequence_number = x.sequence_number;
  result.kind = x.kind;
  result.allowed = x.allowed;
  if (x.payload)
    result.payload.emplace();
  return result;
}

std::optional<std::string> fault(const trace_entry& x) {
  if (!x.goes_to_back())
    return check(common<back_to_front_ticket>(x));
  auto ticket = common<front_to_back_ticket>(x);
  ticket.name = x.name;
  ticket.subscription = x.subscription;
  ticket.timeout = x.timeout;
  return check(ticket);
}

/// The two shapes that nearly all tickets have.
bool is_plainly_good(const trace_entry& x) noexcept {
  const bool plain = x.kind == ticket_kind::continuation || x.kind == ticket_kind::completion;
  const bool numbered = x.sequence_number.valid() && (x.sequence_number.value > 0 || !x.goes_to_back());
  return plain && numbered && (x.payload || x.kind == ticket_kind::completion) && !x.name && !x.subscription
         && !x.timeout && !x.allowed;
}

/// How many escapes of two characters, each standing for a byte, are in a JSON string; nothing if there are others.
std::optional<size_t> plain_escapes(std::string_view json) noexcept {
  size_t result = 0;
  for (auto at = json.find('\\'); at != std::string_view::npos; at = json.find('\\', at + 2), ++result)
    if (json[at + 1] == 'u')
      return std::nullopt;
  return result;
}

} // namespace

std::optional<std::string> field_fault(const trace_entry& x) {
  if (is_plainly_good(x))
    return std::nullopt;
  auto result = fault(x);
  if (result && result->starts_with("S-TICKET-2: "))
    result->erase(0, std::string_view{"S-TICKET-2: "}.size());
  return result;
}

std::optional<std::string> size_fault(const trace_entry& x) {
  if (!x.payload) {
    if (x.payload_size == 0)
      return std::nullopt;
    return "payload_size is " + std::to_string(x.payload_size) + ", but there is no payload";
  }
  const std::string& json = x.payload->json;
  if (!x.payload->missing.empty() || json.empty() || json.front() != '"')
    return std::nullopt;
  size_t size = json.size() - 2;
  if (const auto escapes = plain_escapes(json)) {
    size -= *escapes;
  } else {
    const auto text = nlohmann::json::parse(json, nullptr, false);
    if (!text.is_string())
      return std::nullopt;
    size = text.get_ref<const std::string&>().size();
  }
  if (size == x.payload_size)
    return std::nullopt;
  return "payload_size is " + std::to_string(x.payload_size) + ", but the payload is a text of " + std::to_string(size)
         + " bytes";
}

} // namespace tandem::cli
