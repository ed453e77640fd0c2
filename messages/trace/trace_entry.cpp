#include "trace_entry.hpp"
#include "../caf/element.hpp"
#include "../json/json_stream.hpp"
#include "../json/payload_json.hpp"

#include <array>
#include <utility>

namespace tandem {

namespace {

constexpr std::array<std::string_view, 2> side_words{"front", "back"};
constexpr std::array<std::string_view, 11> event_words{"sent",       "received",    "begun",  "ended",
                                                       "annotation", "consumed",    "joined", "lost",
                                                       "dropped",    "interrupted", "resumed"};

template <class Enum, size_t Count>
std::optional<Enum> find_word(const std::array<std::string_view, Count>& words, std::string_view text) noexcept {
  for (size_t i = 0; i < Count; ++i)
    if (words[i] == text)
      return static_cast<Enum>(i);
  return std::nullopt;
}

template <class Ticket>
void set_common(trace_entry& entry, const Ticket& ticket) {
  entry.operation = ticket.operation;
  entry.sequence_number = ticket.sequence_number;
  entry.allowed = ticket.allowed;
  entry.kind = ticket.kind;
  entry.details = ticket.details;
}

template <class Ticket>
Ticket common_ticket(const trace_entry& entry) {
  Ticket result;
  result.operation = entry.operation;
  result.sequence_number = entry.sequence_number;
  result.allowed = entry.allowed;
  result.kind = entry.kind;
  result.details = entry.details;
  return result;
}

} // namespace

std::string_view to_string(trace_side side) noexcept {
  return side_words[static_cast<size_t>(side)];
}

std::optional<trace_side> parse_trace_side(std::string_view text) noexcept {
  return find_word<trace_side>(side_words, text);
}

std::string_view to_string(trace_event event) noexcept {
  return event_words[static_cast<size_t>(event)];
}

std::optional<trace_event> parse_trace_event(std::string_view text) noexcept {
  return find_word<trace_event>(event_words, text);
}

std::optional<any_ticket> to_ticket(const trace_entry& entry, std::string& error) {
  std::optional<payload> content;
  if (entry.payload) {
    const auto json = nlohmann::json::parse(entry.payload->json, nullptr, false);
    if (json.is_discarded()) {
      error = "payload: not JSON";
      return std::nullopt;
    }
    content = payload_from_json(json, error, unknown_types::opaque);
    if (!content)
      return std::nullopt;
  }
  if (!entry.goes_to_back()) {
    auto result = common_ticket<back_to_front_ticket>(entry);
    result.payload = std::move(content);
    return result;
  }
  auto result = common_ticket<front_to_back_ticket>(entry);
  result.name = entry.name;
  result.subscription = entry.subscription;
  result.trace_id = entry.trace_id;
  result.timeout = entry.timeout;
  result.payload = std::move(content);
  return result;
}

void set_ticket(trace_entry& entry, const front_to_back_ticket& ticket) {
  set_common(entry, ticket);
  entry.name = ticket.name;
  entry.subscription = ticket.subscription;
  entry.trace_id = ticket.trace_id;
  entry.timeout = ticket.timeout;
}

void set_ticket(trace_entry& entry, const back_to_front_ticket& ticket) {
  set_common(entry, ticket);
}

trace_payload to_trace_payload(const payload& content) {
  trace_payload result;
  if (auto* text = payload_as<std::string>(content); text != nullptr && is_utf8(*text)) {
    append_json_text(result.json, *text);
    return result;
  }
  const auto json = payload_to_json(content);
  if (json.is_object() && (json.contains("opaque") || (json.contains("size") && !json.contains("value"))))
    result.missing = "no JSON";
  result.json = to_line(json);
  return result;
}

uint64_t wire_size(const payload& content) {
  if (auto* text = payload_as<std::string>(content))
    return text->size();
  uint64_t result = 0;
  for (size_t i = 0; i < content.size(); ++i)
    result += compat::size_of_element(content, i);
  return result;
}

} // namespace tandem
