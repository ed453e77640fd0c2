#include "expression_fields.hpp"

#include "../../cli/text.hpp"

#include "../../../messages/json/text.hpp"

#include <algorithm>
#include <array>

namespace tandem::cli {

namespace {

constexpr std::string_view outcomes = "completed, cancelled, expired, reception failure, transmission failure, "
                                      "servicer failure, serviced failure, open";
constexpr std::string_view kinds = "commencement, continuation, completion, entire, cancellation, expiration, "
                                   "reception failure, transmission failure, serviced failure, servicer failure, "
                                   "refusal, allowance";
constexpr std::string_view events
  = "sent, received, begun, ended, annotation, consumed, joined, lost, dropped, interrupted, resumed";

/// The text of a payload: of a JSON string what it stands for, of anything else the JSON.
void set_payload(const trace_payload& x, field_value& out) {
  const std::string_view json = x.json;
  if (!x.missing.empty())
    out.set(std::string_view{x.start});
  else if (json.size() < 2 || json.front() != '"')
    out.set(json);
  else if (json.find('\\') == std::string_view::npos)
    out.set(json.substr(1, json.size() - 2));
  else if (const auto parsed = nlohmann::json::parse(json, nullptr, false); parsed.is_string()) {
    out.buffer = parsed.get<std::string>();
    out.set(std::string_view{out.buffer});
  }
}

template <class T>
void set_word(const T& word, field_value& out) {
  out.buffer = to_string(word);
  out.set(std::string_view{out.buffer});
}

void set_id(const operation_id& id, field_value& out) {
  out.id = id;
  set_word(id, out);
}

using ops = const operation_facts&;
using rec = const record_facts&;
using val = field_value&;

constexpr std::array table{
  field{"name", field_type::text, [](ops x, val out) { out.set(std::string_view{x.operation.name}); }, nullptr, "",
        "its name"},
  field{"outcome", field_type::word,
        [](ops x, val out) {
          if (x.operation.ended)
            set_word(*x.operation.ended, out);
          else
            out.set(std::string_view{"open"});
        },
        nullptr, outcomes, "how it ended; open: its end is not in the trace"},
  field{"duration", field_type::time,
        [](ops x, val out) {
          if (const auto total = x.operation.total())
            out.set(total->count());
        },
        nullptr, "", "from its beginning to its end"},
  field{"timeout", field_type::time,
        [](ops x, val out) {
          if (x.operation.timeout)
            out.set(x.operation.timeout->count());
        },
        nullptr, "", "how long it may take"},
  field{"subscription", field_type::word,
        [](ops x, val out) {
          if (x.operation.subscription)
            set_word(*x.operation.subscription, out);
        },
        nullptr, "full, termination only, none", "what the front wants to know"},
  field{"trace_id", field_type::text,
        [](ops x, val out) {
          if (x.operation.trace_id)
            set_word(*x.operation.trace_id, out);
        },
        nullptr, "", "the UUID that its front gave it"},
  field{"parent", field_type::id,
        [](ops x, val out) {
          if (x.operation.parent)
            set_id(*x.operation.parent, out);
        },
        nullptr, "", "the operation on whose behalf it was commenced"},
  field{"peer", field_type::text, [](ops x, val out) { out.set(std::string_view{x.operation.peer}); }, nullptr, "",
        "the node of the other side"},
  field{"tickets", field_type::count,
        [](ops x, val out) { out.set(static_cast<int64_t>(x.operation.output.tickets + x.operation.input.tickets)); },
        nullptr, "", "how many, both ways"},
  field{"payloads", field_type::count,
        [](ops x, val out) { out.set(static_cast<int64_t>(x.operation.output.payloads + x.operation.input.payloads)); },
        nullptr, "", "how many, both ways"},
  field{"bytes", field_type::count,
        [](ops x, val out) { out.set(static_cast<int64_t>(x.operation.output.bytes + x.operation.input.bytes)); },
        nullptr, "", "of its payloads, both ways"},
  field{"begun", field_type::time,
        [](ops x, val out) {
          if (x.operation.has_beginning)
            out.set(x.operation.first.wall_ns - x.zero_wall_ns);
        },
        nullptr, "", "when, counted from the first record"},
  field{"ended", field_type::time,
        [](ops x, val out) {
          if (x.operation.ended)
            out.set(x.operation.end.wall_ns - x.zero_wall_ns);
        },
        nullptr, "", "when, counted from the first record"},
  field{"operation_id", field_type::id, [](ops x, val out) { set_id(x.operation.id, out); },
        [](rec x, val out) {
          if (x.record.entry->has_operation())
            set_id(x.record.entry->operation, out);
        },
        "", "all digits, or the short form of `show`: 3f2a.100"},
  field{"side", field_type::word, [](ops x, val out) { out.set(to_string(x.operation.side)); },
        [](rec x, val out) { out.set(to_string(x.record.entry->side)); }, "front, back", "who recorded it"},
  field{"link", field_type::text, [](ops x, val out) { out.set(std::string_view{x.operation.link}); },
        [](rec x, val out) { out.set(std::string_view{x.record.entry->link}); }, "",
        "the link or end that recorded it"},
  field{"node", field_type::text, [](ops x, val out) { out.set(x.node); },
        [](rec x, val out) { out.set(x.record.node()); }, "", "the node that recorded it"},
  field{"details", field_type::text, [](ops x, val out) { out.set(std::string_view{x.operation.details}); },
        [](rec x, val out) { out.set(std::string_view{x.record.entry->details}); }, "", "why it ended, in words"},
  field{"event", field_type::word, nullptr, [](rec x, val out) { out.set(to_string(x.record.entry->event)); }, events,
        "what was recorded"},
  field{"kind", field_type::word, nullptr,
        [](rec x, val out) {
          if (x.record.entry->is_ticket())
            set_word(x.record.entry->kind, out);
        },
        kinds, "of a ticket"},
  field{"direction", field_type::word, nullptr,
        [](rec x, val out) {
          if (x.record.entry->is_ticket())
            out.set(x.record.entry->goes_to_back() ? std::string_view{"front to back"} : "back to front");
        },
        "front to back, back to front", "of a ticket"},
  field{"sequence_number", field_type::count, nullptr,
        [](rec x, val out) {
          if (x.record.entry->is_ticket() || x.record.entry->event == trace_event::consumed)
            out.set(static_cast<int64_t>(x.record.entry->sequence_number.value));
        },
        "", "of a ticket, also of one whose payload was consumed"},
  field{"payload", field_type::text, nullptr,
        [](rec x, val out) {
          if (x.record.entry->payload)
            set_payload(*x.record.entry->payload, out);
        },
        "", "of a ticket: its text, or its JSON if it is not a text"},
  field{"payload_size", field_type::count, nullptr,
        [](rec x, val out) {
          if (x.record.entry->is_ticket())
            out.set(static_cast<int64_t>(x.record.entry->payload_size));
        },
        "", "of a ticket, in bytes"},
  field{"allowed", field_type::count, nullptr,
        [](rec x, val out) {
          if (x.record.entry->allowed)
            out.set(static_cast<int64_t>(std::min<uint64_t>(*x.record.entry->allowed, INT64_MAX)));
        },
        "", "of an allowance or a first ticket: how many payloads the other side may send"},
  field{"took", field_type::time, nullptr,
        [](rec x, val out) {
          if (x.record.entry->event == trace_event::consumed)
            out.set(x.record.entry->took_ns);
        },
        "", "of a payload that was consumed: how long that took"},
  field{"text", field_type::text, nullptr, [](rec x, val out) { out.set(std::string_view{x.record.entry->text}); }, "",
        "of an annotation"},
  field{"time", field_type::time, nullptr, [](rec x, val out) { out.set(x.record.entry->wall_ns - x.zero_wall_ns); },
        "", "when, counted from the first record"},
};

} // namespace

std::span<const field> all_fields() {
  return table;
}

const field* find_field(std::string_view name) {
  for (const auto& x : table)
    if (x.name == name)
      return &x;
  return nullptr;
}

std::string describe_fields() {
  constexpr size_t name_columns = 19;
  std::string result;
  auto list = [&result](const std::string& title, auto belongs) {
    result += title + "\n";
    for (const auto& x : table) {
      if (belongs(x))
        result += list_entry(x.name, x.help, name_columns);
    }
  };
  list("Fields of an operation, as one side saw it:", [](const field& x) { return x.asks_for_operations(); });
  list("Fields of both:", [](const field& x) { return !x.asks_for_operations() && !x.asks_for_records(); });
  list("Fields of a record:", [](const field& x) { return x.asks_for_records(); });
  return result;
}

} // namespace tandem::cli
