#include "ticket_json.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tandem {

namespace {

using json = nlohmann::json;

constexpr int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::string_view right_timeout = "seconds, as a number or as text with at most 9 decimals, within 292 years";

std::optional<duration> from_double(double seconds) {
  const double nanoseconds = std::nearbyint(seconds * static_cast<double>(nanoseconds_per_second));
  // 2^63 as a double is exact; everything below it fits.
  if (!(std::abs(nanoseconds) < 9223372036854775808.0))
    return std::nullopt;
  return duration{static_cast<int64_t>(nanoseconds)};
}

std::optional<duration> from_integer(int64_t seconds) {
  if (seconds > INT64_MAX / nanoseconds_per_second || seconds < INT64_MIN / nanoseconds_per_second)
    return std::nullopt;
  return duration{seconds * nanoseconds_per_second};
}

/// Adds one decimal digit; false if the magnitude leaves the range of a duration.
bool add_digit(uint64_t& magnitude, char digit, uint64_t highest) {
  const auto value = static_cast<uint64_t>(digit - '0');
  if (value > 9 || magnitude > (highest - value) / 10)
    return false;
  magnitude = magnitude * 10 + value;
  return true;
}

std::optional<duration> from_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative)
    text.remove_prefix(1);
  const uint64_t highest = static_cast<uint64_t>(INT64_MAX) + (negative ? 1 : 0);
  const auto whole = text.substr(0, text.find('.'));
  const bool has_decimals = whole.size() < text.size();
  const auto decimals = has_decimals ? text.substr(whole.size() + 1) : std::string_view{};
  if (whole.empty() || (has_decimals && decimals.empty()) || decimals.size() > 9)
    return std::nullopt;
  uint64_t magnitude = 0;
  for (char c : whole)
    if (!add_digit(magnitude, c, highest))
      return std::nullopt;
  for (size_t i = 0; i < 9; ++i)
    if (!add_digit(magnitude, i < decimals.size() ? decimals[i] : '0', highest))
      return std::nullopt;
  return duration{static_cast<int64_t>(negative ? 0 - magnitude : magnitude)};
}

std::string to_decimal(duration timeout) {
  const int64_t count = timeout.count();
  const uint64_t magnitude = count < 0 ? 0 - static_cast<uint64_t>(count) : static_cast<uint64_t>(count);
  const auto decimals = std::to_string(magnitude % nanoseconds_per_second);
  return (count < 0 ? "-" : "") + std::to_string(magnitude / nanoseconds_per_second) + "."
         + std::string(9 - decimals.size(), '0') + decimals;
}

std::optional<duration> read_timeout(const json& in) {
  if (in.is_number_unsigned() && in.get<uint64_t>() > INT64_MAX)
    return std::nullopt;
  if (in.is_number_integer())
    return from_integer(in.get<int64_t>());
  if (in.is_number_float())
    return from_double(in.get<double>());
  if (in.is_string())
    return from_decimal(in.get_ref<const std::string&>());
  return std::nullopt;
}

// -- fields: each reads one value, or says what would be right --------------------------------------------------------

bool read_field(const json& in, operation_id& id, json_reading& reading) {
  auto parsed = in.is_string() ? parse_operation_id(in.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed)
    return reading.expected("32 hexadecimal digits", in);
  id = *parsed;
  return true;
}

bool read_field(const json& in, sequence_number& number, json_reading& reading) {
  if (!in.is_number_integer())
    return reading.expected("an integer of at least 0", in);
  number.value = in.is_number_unsigned() ? in.get<uint64_t>() : static_cast<uint64_t>(in.get<int64_t>());
  return true;
}

/// A number below zero becomes one that is out of range (S-TICKET-2).
bool read_field(const json& in, uint64_t& number, json_reading& reading) {
  sequence_number x;
  if (!read_field(in, x, reading))
    return false;
  number = x.value;
  return true;
}

bool read_field(const json& in, trace_id& id, json_reading& reading) {
  auto parsed = in.is_string() ? parse_trace_id(in.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed)
    return reading.expected("a UUID, 8-4-4-4-12 hexadecimal digits", in);
  id = *parsed;
  return true;
}

bool read_field(const json& in, std::string& text, json_reading& reading) {
  return text_from_json(in, text, reading);
}

bool read_field(const json& in, payload& content, json_reading& reading) {
  return read_json(in, content, reading);
}

bool read_field(const json& in, duration& timeout, json_reading& reading) {
  auto parsed = read_timeout(in);
  if (!parsed)
    return reading.expected(right_timeout, in);
  timeout = *parsed;
  return true;
}

/// A word that `parse` knows, or the number of a value that has none.
template <class Enum, class Parse>
bool read_word(const json& in, Enum& value, json_reading& reading, Parse parse, std::string_view wanted) {
  uint8_t number = 0;
  if (json_reading ignored; in.is_number_integer() && read_json(in, number, ignored)) {
    value = static_cast<Enum>(number);
    return true;
  }
  auto parsed = in.is_string() ? parse(in.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed)
    return reading.expected(wanted, in);
  value = *parsed;
  return true;
}

bool read_field(const json& in, ticket_kind& kind, json_reading& reading) {
  return read_word(in, kind, reading, parse_ticket_kind,
                   "a kind (commencement, continuation, completion, entire, cancellation, expiration, "
                   "reception failure, transmission failure, serviced failure, servicer failure, refusal, allowance)");
}

bool read_field(const json& in, subscription_kind& kind, json_reading& reading) {
  return read_word(in, kind, reading, parse_subscription_kind, "full, termination only or none");
}

template <class Kind>
json word_of(Kind kind, bool known) {
  if (known)
    return to_string(kind);
  return static_cast<uint8_t>(kind);
}

bool is_known(ticket_kind kind) {
  return kind >= ticket_kind::commencement && kind <= ticket_kind::allowance;
}

// -- tickets ----------------------------------------------------------------------------------------------------------

template <class T>
bool read_required(const json& in, const char* name, T& value, json_reading& reading) {
  const auto field = in.find(name);
  if (field == in.end())
    return reading.fail("missing field \"" + std::string{name} + "\"");
  return read_field(*field, value, reading) || reading.in_field(name);
}

template <class T>
bool read_optional(const json& in, const char* name, std::optional<T>& value, json_reading& reading) {
  const auto field = in.find(name);
  if (field == in.end() || field->is_null())
    return true;
  return read_field(*field, value.emplace(), reading) || reading.in_field(name);
}

template <class Ticket>
bool read_common(const json& in, Ticket& ticket, json_reading& reading) {
  if (!in.is_object())
    return reading.expected("a ticket, which is an object", in);
  std::optional<std::string> details;
  if (!read_required(in, "operation_id", ticket.operation, reading)
      || !read_required(in, "sequence_number", ticket.sequence_number, reading)
      || !read_required(in, "kind", ticket.kind, reading) || !read_optional(in, "payload", ticket.payload, reading)
      || !read_optional(in, "allowed", ticket.allowed, reading) || !read_optional(in, "details", details, reading))
    return false;
  ticket.details = std::move(details).value_or("");
  return true;
}

bool read(const json& in, front_to_back_ticket& ticket, json_reading& reading) {
  return read_common(in, ticket, reading) && read_optional(in, "name", ticket.name, reading)
         && read_optional(in, "subscription", ticket.subscription, reading)
         && read_optional(in, "trace_id", ticket.trace_id, reading)
         && read_optional(in, "timeout", ticket.timeout, reading);
}

bool read(const json& in, back_to_front_ticket& ticket, json_reading& reading) {
  return read_common(in, ticket, reading);
}

template <class Ticket>
std::optional<Ticket> read_ticket(const json& in, std::string& error, unknown_types unknown) {
  json_reading reading;
  reading.unknown = unknown;
  Ticket result;
  if (read(in, result, reading))
    return result;
  error = reading.text();
  return std::nullopt;
}

template <class Ticket>
json write_common(const Ticket& ticket) {
  json out{{"operation_id", to_string(ticket.operation)},
           {"sequence_number", ticket.sequence_number.value},
           {"kind", word_of(ticket.kind, is_known(ticket.kind))}};
  if (ticket.payload)
    out["payload"] = payload_to_json(*ticket.payload);
  if (ticket.allowed)
    out["allowed"] = *ticket.allowed;
  if (!ticket.details.empty())
    out["details"] = text_to_json(ticket.details);
  return out;
}

bool equal_payloads(const std::optional<payload>& x, const std::optional<payload>& y) {
  return x.has_value() == y.has_value() && (!x || equal(*x, *y));
}

template <class Ticket>
bool equal_common(const Ticket& x, const Ticket& y) {
  return x.operation == y.operation && x.sequence_number == y.sequence_number && x.kind == y.kind
         && x.allowed == y.allowed && x.details == y.details && equal_payloads(x.payload, y.payload);
}

} // namespace

json ticket_to_json(const front_to_back_ticket& ticket) {
  json out = write_common(ticket);
  if (ticket.name)
    out["name"] = text_to_json(*ticket.name);
  if (ticket.subscription)
    out["subscription"] = word_of(*ticket.subscription, valid(*ticket.subscription));
  if (ticket.trace_id)
    out["trace_id"] = to_string(*ticket.trace_id);
  if (ticket.timeout)
    out["timeout"] = timeout_to_json(*ticket.timeout);
  return out;
}

json ticket_to_json(const back_to_front_ticket& ticket) {
  return write_common(ticket);
}

std::optional<front_to_back_ticket> front_to_back_from_json(const json& in, std::string& error, unknown_types unknown) {
  return read_ticket<front_to_back_ticket>(in, error, unknown);
}

std::optional<back_to_front_ticket> back_to_front_from_json(const json& in, std::string& error, unknown_types unknown) {
  return read_ticket<back_to_front_ticket>(in, error, unknown);
}

json outcome_to_json(outcome value) {
  return to_string(value);
}

std::optional<outcome> outcome_from_json(const json& in, std::string& error) {
  auto parsed = in.is_string() ? parse_outcome(in.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed)
    error = "expected an outcome (completed, cancelled, expired, reception failure, transmission failure, servicer "
            "failure, serviced failure), got "
            + excerpt(in);
  return parsed;
}

json timeout_to_json(duration timeout) {
  if (timeout.count() % nanoseconds_per_second == 0)
    return timeout.count() / nanoseconds_per_second;
  const double seconds = static_cast<double>(timeout.count()) / static_cast<double>(nanoseconds_per_second);
  if (from_double(seconds) == timeout)
    return seconds;
  return to_decimal(timeout);
}

std::optional<duration> timeout_from_json(const json& in, std::string& error) {
  auto parsed = read_timeout(in);
  if (!parsed)
    error = "expected " + std::string{right_timeout} + ", got " + excerpt(in);
  return parsed;
}

bool equal(const front_to_back_ticket& x, const front_to_back_ticket& y) {
  return equal_common(x, y) && x.name == y.name && x.subscription == y.subscription && x.trace_id == y.trace_id
         && x.timeout == y.timeout;
}

bool equal(const back_to_front_ticket& x, const back_to_front_ticket& y) {
  return equal_common(x, y);
}

} // namespace tandem
