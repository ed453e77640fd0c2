#include "trace_line.hpp"
#include "../json/json_stream.hpp"
#include "../json/ticket_json.hpp"

namespace tandem {

namespace {

void append_text_unless_empty(json_stream& json, std::string_view name, std::string_view value) {
  if (!value.empty())
    json.key(name).text(value);
}

void append_seconds(json_stream& json, std::string_view name, duration value) {
  constexpr int64_t second = 1'000'000'000;
  json.key(name);
  if (value.count() % second == 0)
    json.value(value.count() / second);
  else
    json.raw(to_line(timeout_to_json(value)));
}

/// The word, or the number of a value that has none.
template <class Enum>
void append_word(json_stream& json, std::string_view name, Enum value, bool is_valid) {
  if (is_valid)
    json.key(name).word(to_string(value));
  else
    json.member(name, static_cast<int>(value));
}

void append_kind(json_stream& json, ticket_kind kind) {
  append_word(json, "kind", kind, kind >= ticket_kind::commencement && kind <= ticket_kind::allowance);
}

/// The fields that a first ticket and the beginning of an operation have in common.
void append_beginning(json_stream& json, const trace_entry& x) {
  if (x.name)
    json.key("name").text(*x.name);
  if (x.subscription)
    append_word(json, "subscription", *x.subscription, valid(*x.subscription));
  if (x.trace_id)
    json.key("trace_id").word(to_string(*x.trace_id));
  if (x.timeout)
    append_seconds(json, "timeout", *x.timeout);
}

void append_ticket(json_stream& json, const trace_entry& x) {
  json.key("direction").word(x.goes_to_back() ? "front to back" : "back to front");
  json.key("ticket").open('{');
  json.member("operation_id", x.operation).member("sequence_number", x.sequence_number.value);
  append_kind(json, x.kind);
  append_beginning(json, x);
  if (x.allowed)
    json.member("allowed", *x.allowed);
  if (x.payload)
    json.key("payload").raw(x.payload->json);
  append_text_unless_empty(json, "details", x.details);
  json.close('}');
  json.member("payload_size", x.payload_size);
  if (!x.payload)
    return;
  append_text_unless_empty(json, "payload_missing", x.payload->missing);
  append_text_unless_empty(json, "payload_start", x.payload->start);
  append_text_unless_empty(json, "payload_hash", x.payload->hash);
}

void append_begun(json_stream& json, const trace_entry& x) {
  json.member("operation_id", x.operation);
  append_beginning(json, x);
  if (x.maximum_timeout)
    append_seconds(json, "maximum_timeout", *x.maximum_timeout);
  append_text_unless_empty(json, "peer", x.peer);
  if (x.parent)
    json.member("parent", *x.parent);
}

void append_event(json_stream& json, const trace_entry& x) {
  switch (x.event) {
    case trace_event::sent:
    case trace_event::received:
      append_ticket(json, x);
      break;
    case trace_event::begun:
      append_begun(json, x);
      break;
    case trace_event::ended:
      json.member("operation_id", x.operation);
      json.key("outcome").word(to_string(x.ended));
      append_text_unless_empty(json, "details", x.details);
      break;
    case trace_event::annotation:
      json.member("operation_id", x.operation);
      json.key("text").text(x.text);
      break;
    case trace_event::consumed:
      json.member("operation_id", x.operation).member("sequence_number", x.sequence_number.value);
      json.member("began_ns", x.began_ns).member("took_ns", x.took_ns);
      break;
    case trace_event::joined:
      append_text_unless_empty(json, "peer", x.peer);
      break;
    case trace_event::interrupted:
    case trace_event::resumed:
      append_text_unless_empty(json, "peer", x.peer);
      append_text_unless_empty(json, "details", x.details);
      break;
    case trace_event::lost:
      append_text_unless_empty(json, "details", x.details);
      break;
    case trace_event::dropped:
      json.member("count", x.count);
      break;
  }
}

} // namespace

void append_line(std::string& out, const trace_entry& entry) {
  json_stream json{out};
  json.open('{').member("record", entry.record);
  json.member("wall_ns", entry.wall_ns).member("monotonic_ns", entry.monotonic_ns);
  json.key("side").word(to_string(entry.side));
  json.key("link").text(entry.link);
  append_text_unless_empty(json, "node", entry.node);
  json.key("event").word(to_string(entry.event));
  append_event(json, entry);
  json.close('}');
}

void append_line(std::string& out, const trace_header& header) {
  json_stream json{out};
  json.open('{').member("tandem_trace", header.format);
  json.key("node").text(header.node);
  json.key("side").text(header.side);
  json.key("link").text(header.link);
  json.key("clock").text(header.clock);
  json.member("start_wall_ns", header.start_wall_ns);
  json.member("start_monotonic_ns", header.start_monotonic_ns);
  json.member("part", header.part);
  json.member("first_record", header.first_record);
  append_text_unless_empty(json, "capture", header.capture);
  if (header.sample < 1)
    json.key("sample").raw(to_line(nlohmann::json(header.sample)));
  json.key("profile").text(header.profile);
  if (!header.merged.empty())
    json.key("merged").raw(header.merged);
  json.close('}');
}

std::string to_line(const trace_entry& entry) {
  std::string result;
  append_line(result, entry);
  return result;
}

std::string to_line(const trace_header& header) {
  std::string result;
  append_line(result, header);
  return result;
}

} // namespace tandem
