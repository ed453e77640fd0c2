#include "ticket_exchange.hpp"

#include <algorithm>

namespace tandem::cli {

namespace {

/// Never 0 or 1.
uint32_t hash_of(std::string_view text) noexcept {
  const auto hash = static_cast<uint32_t>(std::hash<std::string_view>{}(text));
  return hash > 1 ? hash : hash + 2;
}

/// A JSON value without the white space that means nothing.
std::string without_space(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"')
      in_text = !in_text;
    if (in_text || (c != ' ' && c != '\t' && c != '\n' && c != '\r'))
      result += c;
    if (in_text && c == '\\' && i + 1 < json.size())
      result += json[++i];
  }
  return result;
}

/// What a node has of a payload that it could not read (S-TICKET-2), of a type that it does not know.
constexpr std::string_view empty_payload = R"({"types":[],"values":[]})";

uint32_t payload_hash(const trace_entry& x) {
  if (!x.payload)
    return 0;
  if (!x.payload->missing.empty())
    return 1;
  const auto& json = x.payload->json;
  if (json.starts_with('"'))
    return hash_of(json);
  const auto compact = without_space(json);
  const bool is_unread = x.event == trace_event::received && x.payload_size == 0 && compact == empty_payload;
  return is_unread ? 1 : hash_of(compact);
}

/// S-END-12: to a front that knows ticket format 1 only, a refusal travels as a transmission failure.
bool same_kind(const ticket_digest& sent, const ticket_digest& received) noexcept {
  return sent.kind == received.kind
         || (sent.kind == ticket_kind::refusal && received.kind == ticket_kind::transmission_failure);
}

} // namespace

ticket_digest::ticket_digest(const placed_entry& at)
  : number(at.entry->sequence_number.value),
    wall_ns(at.wall_ns),
    line(at.line_number),
    payload_size(at.entry->payload_size),
    timeout_ns(at.entry->timeout ? at.entry->timeout->count() : -1),
    allowed(at.entry->allowed.value_or(UINT64_MAX)),
    file(static_cast<uint32_t>(at.file)),
    name(at.entry->name ? hash_of(*at.entry->name) : 0),
    trace_id(at.entry->trace_id ? hash_of(to_string(*at.entry->trace_id)) : 0),
    details(at.entry->details.empty() ? 0 : hash_of(at.entry->details)),
    payload(payload_hash(*at.entry)),
    kind(at.entry->kind),
    subscription(at.entry->subscription ? static_cast<uint8_t>(*at.entry->subscription) : 0) {
}

std::string differing_fields(const ticket_digest& x, const ticket_digest& y) {
  std::string result;
  auto compare = [&](bool same, std::string_view field) {
    if (!same)
      result += (result.empty() ? "" : ", ") + std::string{field};
  };
  const bool both_whole = x.payload > 1 && y.payload > 1;
  compare(same_kind(x, y), "kind");
  compare(x.name == y.name, "name");
  compare(x.subscription == y.subscription, "subscription");
  compare(x.trace_id == y.trace_id, "trace_id");
  compare(x.timeout_ns == y.timeout_ns, "timeout");
  compare(x.allowed == y.allowed, "allowed");
  compare((x.payload == 0) == (y.payload == 0) && (!both_whole || x.payload == y.payload), "payload");
  compare(!both_whole || x.payload_size == y.payload_size, "payload_size");
  compare(x.details == y.details, "details");
  return result;
}

std::string ticket_exchange::take(const placed_entry& x, int64_t& waiting) {
  if (overflowed_)
    return {};
  const auto& entry = *x.entry;
  const bool is_sent = entry.event == trace_event::sent;
  auto& way = directions_[entry.goes_to_back() ? 0 : 1];
  if (!is_sent && !is_abortive(entry.kind) && entry.sequence_number.valid())
    way.arrived = std::max(way.arrived, entry.sequence_number.value + 1);
  auto& others = is_sent ? way.received : way.sent;
  const auto other = std::find_if(others.begin(), others.end(),
                                  [&](const ticket_digest& y) { return y.number == entry.sequence_number.value; });
  if (other == others.end()) {
    auto& own = is_sent ? way.sent : way.received;
    if (own.empty())
      own.reserve(4);
    own.emplace_back(x);
    ++waiting;
    if (own.size() > most_waiting)
      give_up(waiting);
    return {};
  }
  const ticket_digest digest{x};
  auto result = is_sent ? differing_fields(digest, *other) : differing_fields(*other, digest);
  others.erase(other);
  --waiting;
  return result;
}

size_t ticket_exchange::waiting() const noexcept {
  size_t result = 0;
  for (const auto& x : directions_)
    result += x.sent.size() + x.received.size();
  return result;
}

void ticket_exchange::clear(int64_t& waiting) {
  waiting -= static_cast<int64_t>(this->waiting());
  for (auto& x : directions_)
    x = {};
}

void ticket_exchange::give_up(int64_t& waiting) {
  clear(waiting);
  overflowed_ = true;
}

} // namespace tandem::cli
