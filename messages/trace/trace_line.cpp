#include "trace_line.hpp"
#include "../hex.hpp"
#include "../json/text.hpp"
#include "../json/ticket_json.hpp"

#include <charconv>
#include <concepts>

namespace tandem {

namespace {

/// One object on its way into a line.
class object_writer {
public:
  explicit object_writer(std::string& out) : out_(out) {
    out_ += '{';
  }

  template <std::integral T>
  void number(std::string_view name, T value) {
    begin(name);
    char buffer[24];
    out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  }

  /// For words that need no escapes.
  void word(std::string_view name, std::string_view value) {
    begin(name);
    out_ += '"';
    out_ += value;
    out_ += '"';
  }

  void text(std::string_view name, std::string_view value) {
    begin(name);
    append_json_text(out_, value);
  }

  void text_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty())
      text(name, value);
  }

  void id(std::string_view name, const operation_id& value) {
    begin(name);
    out_ += '"';
    hex::append(out_, value.high, 16);
    hex::append(out_, value.low, 16);
    out_ += '"';
  }

  void seconds(std::string_view name, duration value) {
    constexpr int64_t second = 1'000'000'000;
    if (value.count() % second == 0)
      number(name, value.count() / second);
    else
      json(name, to_line(timeout_to_json(value)));
  }

  void json(std::string_view name, std::string_view value) {
    begin(name);
    out_ += value;
  }

  void end() {
    out_ += '}';
  }

private:
  void begin(std::string_view name) {
    out_ += out_.back() == '{' ? "\"" : ",\"";
    out_ += name;
    out_ += "\":";
  }

  std::string& out_;
};

/// The word, or the number of a value that has none.
template <class Enum>
void append_word(object_writer& object, std::string_view name, Enum value, bool is_valid) {
  if (is_valid)
    object.word(name, to_string(value));
  else
    object.number(name, static_cast<int>(value));
}

void append_kind(object_writer& object, ticket_kind kind) {
  append_word(object, "kind", kind, kind >= ticket_kind::commencement && kind <= ticket_kind::refusal);
}

/// What a first ticket and the beginning of an operation have in common.
void append_beginning(object_writer& object, const trace_entry& x) {
  if (x.name)
    object.text("name", *x.name);
  if (x.subscription)
    append_word(object, "subscription", *x.subscription, valid(*x.subscription));
  if (x.trace_id)
    object.word("trace_id", to_string(*x.trace_id));
  if (x.timeout)
    object.seconds("timeout", *x.timeout);
}

void append_ticket(object_writer& object, std::string& out, const trace_entry& x) {
  object.word("direction", x.goes_to_back() ? "front to back" : "back to front");
  object.json("ticket", "");
  object_writer ticket{out};
  ticket.id("operation_id", x.operation);
  ticket.number("sequence_number", x.sequence_number.value);
  append_kind(ticket, x.kind);
  append_beginning(ticket, x);
  if (x.payload)
    ticket.json("payload", x.payload->json);
  ticket.text_unless_empty("details", x.details);
  ticket.end();
  object.number("payload_size", x.payload_size);
  if (!x.payload)
    return;
  object.text_unless_empty("payload_missing", x.payload->missing);
  object.text_unless_empty("payload_start", x.payload->start);
  object.text_unless_empty("payload_hash", x.payload->hash);
}

void append_begun(object_writer& object, const trace_entry& x) {
  object.id("operation_id", x.operation);
  append_beginning(object, x);
  if (x.maximum_timeout)
    object.seconds("maximum_timeout", *x.maximum_timeout);
  object.text_unless_empty("peer", x.peer);
  if (x.parent)
    object.id("parent", *x.parent);
}

void append_event(object_writer& object, std::string& out, const trace_entry& x) {
  switch (x.event) {
    case trace_event::sent:
    case trace_event::received:
      append_ticket(object, out, x);
      break;
    case trace_event::begun:
      append_begun(object, x);
      break;
    case trace_event::ended:
      object.id("operation_id", x.operation);
      object.word("outcome", to_string(x.ended));
      object.text_unless_empty("details", x.details);
      break;
    case trace_event::annotation:
      object.id("operation_id", x.operation);
      object.text("text", x.text);
      break;
    case trace_event::joined:
      object.text_unless_empty("peer", x.peer);
      break;
    case trace_event::lost:
      object.text_unless_empty("details", x.details);
      break;
    case trace_event::dropped:
      object.number("count", x.count);
      break;
  }
}

} // namespace

void append_line(std::string& out, const trace_entry& entry) {
  object_writer object{out};
  object.number("record", entry.record);
  object.number("wall_ns", entry.wall_ns);
  object.number("monotonic_ns", entry.monotonic_ns);
  object.word("side", to_string(entry.side));
  object.text("link", entry.link);
  object.text_unless_empty("node", entry.node);
  object.word("event", to_string(entry.event));
  append_event(object, out, entry);
  object.end();
}

void append_line(std::string& out, const trace_header& header) {
  object_writer object{out};
  object.number("tandem_trace", header.format);
  object.text("node", header.node);
  object.text("side", header.side);
  object.text("link", header.link);
  object.text("clock", header.clock);
  object.number("start_wall_ns", header.start_wall_ns);
  object.number("start_monotonic_ns", header.start_monotonic_ns);
  object.number("part", header.part);
  object.number("first_record", header.first_record);
  object.text_unless_empty("capture", header.capture);
  if (header.sample < 1)
    object.json("sample", to_line(nlohmann::json(header.sample)));
  object.text("profile", header.profile);
  if (!header.merged.empty())
    object.json("merged", header.merged);
  object.end();
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
