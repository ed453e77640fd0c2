#include "trace_parser.hpp"
#include "trace_fields.hpp"
#include "trace_values.hpp"

#include <utility>

namespace tandem {

namespace {

namespace ondemand = simdjson::ondemand;

/// Tells the fields of the format apart by their length and ends; its users compare the whole name too.
constexpr uint32_t tag(std::string_view name) noexcept {
  if (name.empty())
    return 0;
  return static_cast<uint32_t>(name.size()) << 16 | static_cast<uint32_t>(static_cast<uint8_t>(name.front())) << 8
         | static_cast<uint8_t>(name.back());
}

} // namespace

const size_t trace_parser::padding = simdjson::SIMDJSON_PADDING;

struct trace_parser::implementation : trace_values {
  explicit implementation(trace_parser& owner)
    : trace_values{owner.error_}, header(&owner.header_), entry(owner.entry_.get()) {
  }

  ondemand::parser parser;
  trace_header* header;
  trace_entry* entry;

  // Of the line that is being read.
  uint32_t seen = 0;
  bool to_back = false;
  bool unknown_event = false;
  std::optional<trace_payload> payload_notes; ///< what the line says of a payload, until its ticket was read
  uint64_t consumed_number = 0;               ///< a ticket's number is in the ticket
  std::string side;
  bool header_touched = false;

  bool read_trace_id(std::string_view name, ondemand::value& value) {
    return read_word(name, value, entry->trace_id.emplace(), parse_trace_id, "a UUID, 8-4-4-4-12 hexadecimal digits");
  }

  bool read_subscription(std::string_view name, ondemand::value& value) {
    return read_word_or_number(name, value, entry->subscription.emplace(), parse_subscription_kind,
                               "full, termination only or none");
  }

  // -- objects --------------------------------------------------------------------------

  /// Calls `read(name, value)` for each field that is not null.
  template <class Read>
  bool each_field(ondemand::object& object, Read read) {
    for (auto field : object) {
      std::string_view name;
      ondemand::value value;
      if (field.unescaped_key().get(name) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS)
        return fail("not JSON");
      bool is_null = false;
      if (value.is_null().get(is_null) != simdjson::SUCCESS)
        return fail("not JSON");
      if (!is_null && !read(name, value))
        return false;
    }
    return true;
  }

  bool is_known(std::string_view name, std::string_view x, present bit) noexcept {
    if (name != x)
      return false;
    seen |= bit;
    return true;
  }

  bool read_ticket_field(std::string_view name, ondemand::value& value) {
    auto is = [name](std::string_view x) { return name == x; };
    auto known = [this, name](std::string_view x, present bit) { return is_known(name, x, bit); };
    switch (tag(name)) {
      case tag("operation_id"):
        return known("operation_id", has_operation) ? read_id(name, value, entry->operation) : skip(value);
      case tag("sequence_number"): {
        if (!known("sequence_number", has_number))
          return skip(value);
        return read_any_integer(name, value, entry->sequence_number.value);
      }
      case tag("allowed"):
        return is("allowed") ? read_any_integer(name, value, entry->allowed.emplace()) : skip(value);
      case tag("kind"):
        return known("kind", has_kind)
                 ? read_word_or_number(name, value, entry->kind, parse_ticket_kind, "a kind of ticket")
                 : skip(value);
      case tag("name"):
        return is("name") ? read_text(name, value, entry->name.emplace()) : skip(value);
      case tag("subscription"):
        return is("subscription") ? read_subscription(name, value) : skip(value);
      case tag("trace_id"):
        return is("trace_id") ? read_trace_id(name, value) : skip(value);
      case tag("timeout"):
        return is("timeout") ? read_seconds(name, value, entry->timeout) : skip(value);
      case tag("details"):
        return is("details") ? read_text(name, value, entry->details) : skip(value);
      case tag("payload"): {
        if (!is("payload"))
          return skip(value);
        std::string_view raw;
        if (!read_raw(value, raw))
          return false;
        auto& content = entry->payload ? *entry->payload : entry->payload.emplace();
        content.json.assign(raw);
        return true;
      }
      default:
        return skip(value);
    }
  }

  bool read_ticket(ondemand::value& value) {
    seen |= has_ticket;
    ondemand::object ticket;
    if (value.get_object().get(ticket) != simdjson::SUCCESS)
      return expected("ticket", "a ticket, which is an object", value);
    if (each_field(ticket, [this](std::string_view name, ondemand::value& x) { return read_ticket_field(name, x); }))
      return true;
    if (error != "not JSON")
      error = "ticket." + error;
    return false;
  }

  bool read_payload_note(std::string_view name, ondemand::value& value, std::string trace_payload::*member) {
    auto& notes = payload_notes ? *payload_notes : payload_notes.emplace();
    return read_text(name, value, notes.*member);
  }

  bool read_event(std::string_view name, ondemand::value& value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
      return expected(name, "the name of an event", value);
    seen |= has_event;
    auto event = parse_trace_event(text);
    unknown_event = !event;
    if (event)
      entry->event = *event;
    return true;
  }

  bool read_direction(std::string_view name, ondemand::value& value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS || (text != "front to back" && text != "back to front"))
      return expected(name, "\"front to back\" or \"back to front\"", value);
    seen |= has_direction;
    to_back = text == "front to back";
    return true;
  }

  bool read_line_field(std::string_view name, ondemand::value& value) {
    auto known = [this, name](std::string_view x, present bit) { return is_known(name, x, bit); };
    switch (tag(name)) {
      case tag("record"):
        return known("record", has_record) ? read_integer(name, value, entry->record) : skip(value);
      case tag("wall_ns"):
        return known("wall_ns", has_wall) ? read_integer(name, value, entry->wall_ns) : skip(value);
      case tag("monotonic_ns"):
        return known("monotonic_ns", has_monotonic) ? read_integer(name, value, entry->monotonic_ns) : skip(value);
      case tag("side"):
        return known("side", has_side) ? read_text(name, value, side) : skip(value);
      case tag("link"):
        return known("link", has_link) ? read_text(name, value, entry->link) : skip(value);
      case tag("event"):
        return name == "event" ? read_event(name, value) : skip(value);
      case tag("direction"):
        return name == "direction" ? read_direction(name, value) : skip(value);
      case tag("ticket"):
        return name == "ticket" ? read_ticket(value) : skip(value);
      case tag("payload_size"):
        return known("payload_size", has_size) ? read_integer(name, value, entry->payload_size) : skip(value);
      case tag("payload_missing"):
        return name == "payload_missing" ? read_payload_note(name, value, &trace_payload::missing) : skip(value);
      case tag("payload_start"):
        return name == "payload_start" ? read_payload_note(name, value, &trace_payload::start) : skip(value);
      case tag("payload_hash"):
        return name == "payload_hash" ? read_payload_note(name, value, &trace_payload::hash) : skip(value);
      case tag("outcome"):
        return known("outcome", has_outcome)
                 ? read_word(name, value, entry->ended, parse_outcome, "one of the seven outcomes")
                 : skip(value);
      case tag("text"):
        return known("text", has_text) ? read_text(name, value, entry->text) : skip(value);
      case tag("count"):
        return known("count", has_count) ? read_integer(name, value, entry->count) : skip(value);
      case tag("sequence_number"):
        return known("sequence_number", has_consumed) ? read_any_integer(name, value, consumed_number) : skip(value);
      case tag("began_ns"):
        return known("began_ns", has_began) ? read_integer(name, value, entry->began_ns) : skip(value);
      case tag("took_ns"):
        return known("took_ns", has_took) ? read_integer(name, value, entry->took_ns) : skip(value);
      case tag("peer"):
        return name == "peer" ? read_text(name, value, entry->peer) : skip(value);
      case tag("maximum_timeout"):
        return name == "maximum_timeout" ? read_seconds(name, value, entry->maximum_timeout) : skip(value);
      case tag("parent"):
        return name == "parent" ? read_id(name, value, entry->parent.emplace()) : skip(value);
      case tag("name"):
        return name == "name" ? read_ticket_field(name, value) : read_header_field(name, value); // or "node"
      case tag("operation_id"):
      case tag("subscription"):
      case tag("trace_id"):
      case tag("timeout"):
      case tag("details"):
        return read_ticket_field(name, value);
      default:
        return read_header_field(name, value);
    }
  }

  bool read_header_field(std::string_view name, ondemand::value& value) {
    header_touched = true;
    auto known = [this, name](std::string_view x, present bit) { return is_known(name, x, bit); };
    if (known("tandem_trace", has_format)) {
      int64_t format = 0;
      if (value.get_int64().get(format) != simdjson::SUCCESS || format < 0 || format > INT32_MAX)
        return expected(name, "the version of a format", value);
      header->format = static_cast<int>(format);
      return true;
    }
    if (known("node", has_node))
      return read_text(name, value, header->node);
    if (known("start_wall_ns", has_start_wall))
      return read_integer(name, value, header->start_wall_ns);
    if (known("start_monotonic_ns", has_start_monotonic))
      return read_integer(name, value, header->start_monotonic_ns);
    if (name == "clock")
      return read_text(name, value, header->clock);
    if (name == "part")
      return read_integer(name, value, header->part);
    if (name == "first_record")
      return read_integer(name, value, header->first_record);
    if (name == "capture")
      return read_text(name, value, header->capture);
    if (name == "profile")
      return read_text(name, value, header->profile);
    if (name == "sample")
      return (value.get_double().get(header->sample) == simdjson::SUCCESS && header->sample >= 0 && header->sample <= 1)
             || expected(name, "a number from 0 to 1", value);
    return name == "merged" ? read_merged(value) : skip(value);
  }

  bool read_merged(ondemand::value& value) {
    std::string_view raw;
    if (!read_raw(value, raw))
      return false;
    header->merged.assign(raw);
    return raw.front() == '[' || fail("merged: expected a list of headers");
  }

  // -- lines ----------------------------------------------------------------------------

  bool check_present(uint32_t needed) {
    const uint32_t missing = needed & ~seen;
    for (const auto& [bit, name] : field_names)
      if (missing & bit)
        return fail("missing field \""
                    + std::string{bit & (has_operation | has_number | has_kind) && (seen & has_ticket) ? "ticket." : ""}
                    + std::string{name} + "\"");
    return true;
  }

  bool finish_entry() {
    if (!check_present(needed_by_all))
      return false;
    const auto parsed = parse_trace_side(side);
    if (!parsed)
      return fail("side: expected front or back, got \"" + side + "\"");
    entry->side = *parsed;
    if (seen & has_node)
      entry->node = header->node; // the field was taken for that of a header
    if (!(seen & has_event))
      entry->event = to_back == (*parsed == trace_side::front) ? trace_event::sent : trace_event::received;
    if (!check_present(needed_by(entry->event)))
      return false;
    if (entry->event == trace_event::consumed)
      entry->sequence_number.value = consumed_number;
    drop_foreign_fields(*entry);
    if (!entry->is_ticket())
      return true;
    if (entry->goes_to_back() != to_back)
      return fail("direction: expected \"" + std::string{to_back ? "back to front" : "front to back"}
                  + "\" of a ticket that a " + side + " " + std::string{to_string(entry->event)});
    if (entry->payload && payload_notes) {
      payload_notes->json = std::move(entry->payload->json);
      entry->payload = std::move(payload_notes);
    }
    return true;
  }

  void forget() {
    seen = 0;
    to_back = false;
    unknown_event = false;
    payload_notes.reset();
    side.clear();
    if (std::exchange(header_touched, false))
      *header = {};
    error.clear();
    clear(*entry);
  }

  found parse(std::string_view line) {
    forget();
    ondemand::document line_document;
    document = &line_document;
    ondemand::object object;
    if (parser.iterate(line.data(), line.size(), line.size() + padding).get(line_document) != simdjson::SUCCESS) {
      fail("not JSON");
      return found::broken;
    }
    if (line_document.get_object().get(object) != simdjson::SUCCESS) {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      fail(json.is_discarded() ? "not JSON" : "expected an object, got " + excerpt(json));
      return found::broken;
    }
    if (!each_field(object, [this](std::string_view name, ondemand::value& x) { return read_line_field(name, x); }))
      return found::broken;
    if (line_document.current_location().error() != simdjson::OUT_OF_BOUNDS) { // something follows the object
      fail("not JSON");
      return found::broken;
    }
    if (seen & has_format) {
      header->side = side;
      header->link = entry->link;
      return check_present(needed_by_header) ? found::header : found::broken;
    }
    const bool known = !unknown_event && (seen & (has_event | has_ticket));
    if (!known)
      return found::other;
    return finish_entry() ? found::entry : found::broken;
  }
};

trace_parser::trace_parser() : implementation_(std::make_unique<implementation>(*this)) {
}

trace_parser::~trace_parser() = default;

void trace_parser::exchange_entry(std::unique_ptr<trace_entry>& other) noexcept {
  entry_.swap(other);
  implementation_->entry = entry_.get();
}

trace_parser::found trace_parser::parse(std::string_view line) {
  return implementation_->parse(line);
}

namespace {

template <class T>
std::optional<T> parse_one(std::string_view line, std::string& error, trace_parser::found wanted,
                           T& (trace_parser::*result)() noexcept, std::string_view name) {
  std::string padded{line};
  padded.resize(line.size() + trace_parser::padding, ' ');
  trace_parser parser;
  const auto found = parser.parse({padded.data(), line.size()});
  if (found == wanted)
    return std::move((parser.*result)());
  error = found == trace_parser::found::broken ? parser.error() : "no " + std::string{name};
  return std::nullopt;
}

} // namespace

std::optional<trace_entry> parse_entry(std::string_view line, std::string& error) {
  return parse_one(line, error, trace_parser::found::entry, &trace_parser::entry, "record of a known kind");
}

std::optional<trace_header> parse_header(std::string_view line, std::string& error) {
  return parse_one(line, error, trace_parser::found::header, &trace_parser::header, "header");
}

} // namespace tandem
