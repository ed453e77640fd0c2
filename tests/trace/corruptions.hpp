/// The table of corruptions: what can be changed in a line of a trace, of every kind and in every field, and what
/// `tandem trace check` has to say of it.
#pragma once

#include "corruption.hpp"

#include "../../messages/ticket.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tandem_test {

// -- on what it depends -----------------------------------------------------------------------------------------------

inline ordered line_at(const trace_texts& valid, const trace_place& at) {
  return ordered::parse(valid.at(at));
}

/// Whether `holds` is true of a line before `at` in its file that is about the same operation.
template <class Condition>
bool any_before(const trace_texts& valid, const trace_place& at, Condition holds) {
  const auto operation = operation_of(line_at(valid, at));
  const auto& lines = valid.files[at.file];
  return std::any_of(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(at.line), [&](const std::string& text) {
    const auto line = ordered::parse(text);
    return operation_of(line) == operation && holds(line);
  });
}

inline tandem::ticket_kind ticket_kind_of(const ordered& line) {
  return tandem::parse_ticket_kind(line["ticket"]["kind"].get<std::string>()).value();
}

/// Whether a ticket tells of the end `at`: one that the side sent, or one that it received. None does if a back with
/// subscription none ends for a cause of its own.
inline bool end_is_told(const trace_texts& valid, const trace_place& at) {
  return any_before(valid, at, [](const ordered& x) { return x.contains("ticket") && is_abortive(ticket_kind_of(x)); });
}

/// Whether the side that ended `at` might have completed, as far as its tickets tell: it is a back with subscription
/// none, which sends nothing; it has received everything, and no abortive ticket; and its time was not over from the
/// start.
inline bool may_have_completed(const trace_texts& valid, const trace_place& at) {
  const auto is_last_received = [](const ordered& x) { return x["event"] == "received" && is_last(ticket_kind_of(x)); };
  const auto had_no_time = [](const ordered& x) { return x["event"] == "begun" && x.value("timeout", 1.0) == 0; };
  return !end_is_told(valid, at) && any_before(valid, at, is_last_received) && !any_before(valid, at, had_no_time);
}

/// Whether nothing follows this first ticket: it is all that the front sends, and the back sends nothing. A trace that
/// has this ticket only lacks nothing.
inline bool is_all_of_it(const ordered& line) {
  return line["ticket"]["kind"] == "entire" && line["ticket"]["subscription"] == "none";
}

/// Whether a ticket in a merged trace is the only one of its operation: the front did not abort it either.
inline bool is_only_ticket(const trace_texts& valid, const trace_place& at) {
  const auto line = line_at(valid, at);
  if (!is_first_ticket(line) || !is_all_of_it(line))
    return false;
  const auto& lines = valid.files[at.file];
  const auto sent = std::count_if(lines.begin(), lines.end(), [&](const std::string& text) {
    const auto x = ordered::parse(text);
    return kind_of(x) == "sent" && operation_of(x) == operation_of(line);
  });
  return sent == 1;
}

// -- the table --------------------------------------------------------------------------------------------------------

inline const std::string nothing_else = "nothing else in a trace depends on it";
inline const std::string no_beginning
  = "a link records none, and a recording may be switched on between a first ticket and the beginning";

struct corruption_table {
  std::vector<corruption> rows;

  void add(std::set<std::string> kinds, const std::string& field, const std::string& how, line_change change,
           expectation expect) {
    rows.push_back({std::move(kinds), field, how, std::move(change), std::move(expect)});
  }

  /// In a merged trace.
  void add_merged(std::set<std::string> kinds, const std::string& field, const std::string& how, line_change change,
                  expectation expect) {
    add(std::move(kinds), field, how, std::move(change), std::move(expect));
    rows.back().merged = true;
  }
};

inline void add_header(corruption_table& all) {
  all.add({"header"}, "tandem_trace", "later", put("tandem_trace", 2), unseen("readers take later versions too"));
  all.add({"header"}, "node", "another", put("node", "x/2"), unseen(nothing_else));
  all.add({"header"}, "side", "the other",
          change_present("side", [](const ordered& x) { return ordered(x == "front" ? "back" : "front"); }),
          at_next({"T-ORIGIN"}));
  all.add({"header"}, "link", "another", put("link", "x"), at_next({"T-NAME"}));
  all.add({"header"}, "clock", "another", put("clock", "steady"), unseen("a steady clock may stand still"));
  all.add({"header"}, "start_wall_ns", "later", add_number("start_wall_ns", 1), unseen("this clock may jump"));
  all.add({"header"}, "start_monotonic_ns", "later", add_number("start_monotonic_ns", 1'000'000'000'000'000),
          at_next({"T-CLOCK"}));
  all.add({"header"}, "part", "another", put("part", 3), unseen("parts before it may be gone"));
  all.add({"header"}, "first_record", "another", put("first_record", 1000), at_next({"T-ORDER"}));
  all.add({"header"}, "capture", "another", put("capture", "x"), unseen(nothing_else));
  all.add({"header"}, "sample", "another", put("sample", 0.5), unseen(nothing_else));
  all.add({"header"}, "profile", "another", put("profile", "redacted"), unseen(nothing_else));
}

/// The fields that all records have.
inline void add_records(corruption_table& all) {
  all.add(all_events, "record", "higher", add_number("record", 100), at_line({"T-GAP"}));
  all.add(all_events, "wall_ns", "later", add_number("wall_ns", 1), unseen("this clock may jump"));
  all.add(all_events, "monotonic_ns", "earlier", add_number("monotonic_ns", -3'000'000'000'000'000),
          at_line({"T-CLOCK"}));
  all.add(ticket_events, "side", "the other",
          change_present("side", [](const ordered& x) { return ordered(x == "front" ? "back" : "front"); }),
          at_line({"T-LINE"}, "direction"));
  auto without_direction = link_events;
  without_direction.insert({"begun", "ended", "annotation", "consumed"});
  all.add(without_direction, "side", "the other",
          change_present("side", [](const ordered& x) { return ordered(x == "front" ? "back" : "front"); }),
          at_line({"T-ORIGIN"}));
  all.add(all_events, "link", "another", put("link", "x"), at_line({"T-NAME"}, "\"x\""));
  all.add(ticket_events, "event", "another",
          change_present("event", [](const ordered& x) { return ordered(x == "sent" ? "received" : "sent"); }),
          at_line({"T-LINE"}, "direction"));
  all.add({"begun", "ended", "consumed"}, "event", "another", put("event", "annotation"), at_line({"T-LINE"}, "text"));
  all.add({"annotation"}, "event", "another", put("event", "ended"), at_line({"T-LINE"}, "outcome"));
  all.add({"joined", "lost", "interrupted", "resumed"}, "event", "another", put("event", "dropped"),
          at_line({"T-LINE"}, "count"));
  all.add({"dropped"}, "event", "another", put("event", "annotation"), at_line({"T-LINE"}, "operation_id"));
}

inline void add_records_of_tickets(corruption_table& all) {
  all.add(
    ticket_events, "direction", "the other",
    change_present("direction",
                   [](const ordered& x) { return ordered(x == "front to back" ? "back to front" : "front to back"); }),
    at_line({"T-LINE"}, "direction"));
  all.add({"sent"}, "ticket", "another's", other_id("ticket.operation_id"), of_operation({}));
  // The ticket is not at the side that it was sent to. For a first one see below: without it the back's trace counts as
  // one that began in the midst, and nothing is missed in such a trace.
  all.add({"received"}, "ticket", "another's", only_if(is_later_ticket, other_id("ticket.operation_id")),
          of_operation({"T-UNDER-WAY", "T-LOST", "T-MISSING"}));
  all.add(ticket_events, "payload_size", "higher", add_number("payload_size", 1), at_line({"T-SIZE"}, "payload_size"));
  all.add(ticket_events, "payload_missing", "there", put("payload_missing", "capture"),
          unseen("any payload may be left out"));
  all.add(ticket_events, "payload_start", "there", put("payload_start", "x"), unseen(nothing_else));
  all.add(ticket_events, "payload_hash", "there", put("payload_hash", "0123456789abcdef"), unseen(nothing_else));
}

inline void add_tickets(corruption_table& all) {
  all.add({"sent"}, "ticket.operation_id", "another", other_id("ticket.operation_id"), of_operation({}));
  // The operation that the ticket seems to begin never ends.
  all.add({"received"}, "ticket.operation_id", "another, a first one",
          only_if(is_first_ticket, other_id("ticket.operation_id")),
          unseen_if([](const trace_texts& valid, const trace_place& at) { return is_all_of_it(line_at(valid, at)); },
                    "it may be all that there was of an operation", of_operation({"T-OPEN"})));
  all.add(ticket_events, "ticket.sequence_number", "higher", add_number("ticket.sequence_number", 1), of_operation({}));
  all.add(ticket_events, "ticket.kind", "another", put("ticket.kind", "completion"), of_operation({}));
  all.add(ticket_events, "ticket.name", "another", change_present("ticket.name", longer),
          of_operation({"T-CHANGED"}, "name"));
  all.add(ticket_events, "ticket.name", "there", only_if(is_later_ticket, put("ticket.name", "x")),
          at_line({"S-TICKET-2", "S-TICKET-1"}, "name"));
  all.add(ticket_events, "ticket.subscription", "another",
          only_if(is_first_ticket,
                  [](ordered& line) {
                    auto& x = line["ticket"]["subscription"];
                    x = x == "full" ? "termination only" : "full";
                    return true;
                  }),
          of_operation({"T-CHANGED"}, "subscription"));
  all.add(ticket_events, "ticket.subscription", "there", only_if(is_later_ticket, put("ticket.subscription", "full")),
          at_line({"S-TICKET-2", "S-TICKET-1"}, "subscription"));
  all.add(ticket_events, "ticket.trace_id", "another", other_id("ticket.trace_id"),
          of_operation({"T-CHANGED"}, "trace_id"));
  all.add(ticket_events, "ticket.trace_id", "there",
          only_if(is_later_ticket, put("ticket.trace_id", "01234567-89ab-cdef-0123-456789abcdef")),
          at_line({"S-TICKET-6", "S-TICKET-1"}, "trace"));
  all.add(
    ticket_events, "ticket.timeout", "there",
    [](ordered& line) {
      if (line["direction"] == "front to back")
        return false;
      line["ticket"]["timeout"] = 1;
      return true;
    },
    at_line({"S-TICKET-1"}, "timeout"));
  all.add(ticket_events, "ticket.timeout", "another",
          change_present("ticket.timeout",
                         [](const ordered& x) { return ordered(x.is_number() ? x.get<double>() + 1 : 1.0); }),
          of_operation({"T-CHANGED"}, "timeout"));
  all.add(ticket_events, "ticket.allowed", "there",
          only_if([](const ordered& x) { return is_later_ticket(x) && !x["ticket"].contains("allowed"); },
                  put("ticket.allowed", 5)),
          at_line({"S-TICKET-2"}, "allowed"));
  all.add(ticket_events, "ticket.payload", "another", change_present("ticket.payload", other_text),
          of_operation({"T-CHANGED"}, "payload"));
  all.add(ticket_events, "ticket.payload", "absent", remove_field("ticket.payload"),
          of_operation({"T-CHANGED"}, "payload"));
  all.add(ticket_events, "ticket.details", "another", change_present("ticket.details", longer),
          of_operation({"T-CHANGED"}, "details"));
  all.add(
    ticket_events, "ticket.details", "there",
    only_if([](const ordered& x) { return !has_abortive_kind(x) && is_later_ticket(x); }, put("ticket.details", "x")),
    of_operation({"T-CHANGED", "S-TICKET-7"}, "details"));
}

inline void add_beginnings(corruption_table& all) {
  all.add({"begun"}, "operation_id", "another", only_if(is_of_front, other_id("operation_id")), of_operation({}));
  all.add({"begun"}, "operation_id", "another at the back", only_if(is_of_back, other_id("operation_id")),
          unseen(no_beginning));
  all.add({"begun"}, "name", "another", change_present("name", longer), of_operation({"T-BEGUN"}, "name"));
  all.add(
    {"begun"}, "subscription", "another",
    [](ordered& line) {
      line["subscription"] = line["subscription"] == "full" ? "none" : "full";
      return true;
    },
    of_operation({"T-BEGUN"}, "subscription"));
  all.add({"begun"}, "trace_id", "another", other_id("trace_id"), of_operation({"T-BEGUN"}, "trace id"));
  all.add({"begun"}, "timeout", "longer",
          only_if([](const ordered& x) { return x.contains("maximum_timeout"); }, add_number("timeout", 100)),
          at_line({"S-TIME-2"}, "maximum"));
  all.add({"begun"}, "maximum_timeout", "shorter",
          only_if([](const ordered& x) { return x.value("timeout", ordered(0)) != ordered(0); },
                  change_present("maximum_timeout", [](const ordered&) { return ordered(0); })),
          of_operation({"S-TIME-2"}));
  all.add({"begun"}, "peer", "another", put("peer", "x"), unseen(nothing_else));
  all.add({"begun"}, "parent", "another", put("parent", std::string(32, '7')), unseen("it may be in another trace"));
}

inline void add_ends(corruption_table& all) {
  all.add({"ended"}, "operation_id", "another", other_id("operation_id"), of_operation({}));
  const auto ended_as
    = [](const std::string& x) { return [x](const ordered& line) { return line.value("outcome", "") == x; }; };
  const auto ended_otherwise = [](const ordered& line) {
    return line.value("outcome", "") != "completed" && line.value("outcome", "") != "cancelled";
  };
  const std::string untold = "with subscription none the back tells nobody";
  all.add({"ended"}, "outcome", "cancelled, not completed", only_if(ended_as("completed"), put("outcome", "cancelled")),
          at_line({}));
  all.add({"ended"}, "outcome", "completed, not cancelled", only_if(ended_as("cancelled"), put("outcome", "completed")),
          at_line({}));
  all.add({"ended"}, "outcome", "completed", only_if(ended_otherwise, put("outcome", "completed")),
          unseen_if(may_have_completed, untold, at_line({"S-END-1", "S-END-3", "S-END-4", "S-TIME-3"}, "completed")));
  all.add({"ended"}, "details", "another", only_if(ended_as("cancelled"), change_present("details", longer)),
          at_line({"T-DETAILS"}, "details"));
  all.add({"ended"}, "details", "another, not cancelled", only_if(ended_otherwise, change_present("details", longer)),
          unseen_if([](const trace_texts& valid, const trace_place& at) { return !end_is_told(valid, at); }, untold,
                    at_line({"T-DETAILS"}, "details")));
}

inline void add_others(corruption_table& all) {
  all.add({"annotation"}, "operation_id", "another", other_id("operation_id"),
          unseen("it may be of one that ran before"));
  all.add({"annotation"}, "text", "another", change_present("text", longer), unseen(nothing_else));
  all.add({"consumed"}, "operation_id", "another", other_id("operation_id"),
          unseen("it may be of one that ran before"));
  all.add({"consumed"}, "sequence_number", "of one that has not come", add_number("sequence_number", 1000),
          at_line({"T-CONSUMED"}, "before it came"));
  all.add({"consumed"}, "began_ns", "later", add_number("began_ns", 1'000'000'000'000'000),
          at_line({"T-CONSUMED"}, "not over"));
  all.add({"consumed"}, "took_ns", "longer", add_number("took_ns", 1'000'000'000'000'000),
          at_line({"T-CONSUMED"}, "not over"));
  all.add({"joined", "interrupted", "resumed"}, "peer", "another", put("peer", "x"), unseen(nothing_else));
  all.add({"lost", "interrupted", "resumed"}, "details", "another", put("details", "x"), unseen(nothing_else));
  all.add({"dropped"}, "count", "higher", put("count", 9), at_line({"T-DROPPED"}, "9 records"));
}

/// The fields that only merged traces have.
inline void add_merged_traces(corruption_table& all) {
  all.add_merged(
    {"header"}, "merged", "shorter",
    [](ordered& x) {
      x["merged"].erase(0);
      return true;
    },
    unseen(nothing_else));
  for (const auto* field : {"offset_ns", "uncertainty_ns"})
    all.add_merged(
      {"header"}, std::string{"merged."} + field, "another",
      [field](ordered& x) {
        x["merged"][0][field] = 77;
        return true;
      },
      unseen("the records' times have it already"));
  all.add_merged(link_events, "node", "another", put("node", "x/2"), unseen("any node may say that"));
  all.add_merged({"sent", "ended"}, "node", "another", put("node", "x/2"), of_operation({}));
  // The ticket seems to have come to another end, and is not at the one that it was sent to. If it is the back's first,
  // the operation seems to begin at the other end, where it never ends and none of its other tickets are.
  all.add_merged({"received"}, "node", "another", put("node", "x/2"),
                 unseen_if(is_only_ticket, "another back may have got it, and has nothing more to say of it",
                           of_operation({"T-OPEN", "T-UNDER-WAY", "T-LOST", "T-MISSING"})));
  all.add_merged({"begun"}, "node", "another", only_if(is_of_front, put("node", "x/2")), of_operation({}));
  all.add_merged({"begun"}, "node", "another at the back", only_if(is_of_back, put("node", "x/2")),
                 unseen(no_beginning));
  all.add_merged({"annotation", "consumed"}, "node", "another", put("node", "x/2"), unseen("any node may say that"));
}

/// The fields of each line, with other values. Fields that are missing, or that make no sense, are below.
inline std::vector<corruption> changed_values() {
  corruption_table all;
  add_header(all);
  add_records(all);
  add_records_of_tickets(all);
  add_tickets(all);
  add_beginnings(all);
  add_ends(all);
  add_others(all);
  add_merged_traces(all);
  return std::move(all.rows);
}

// -- the fields of the schema -----------------------------------------------------------------------------------------

struct schema_field {
  std::string kind; ///< "header", or an event
  std::string name; ///< "ticket.kind"
  bool required = false;
};

/// All fields of all kinds of lines.
inline std::vector<schema_field> schema_fields() {
  std::ifstream in{std::string{TANDEM_SOURCE_DIR} + "/messages/trace.schema.json"};
  const auto schema = ordered::parse(in)["$defs"];
  std::vector<schema_field> result;
  const auto add = [&](const std::string& kind, const ordered& part, const std::string& before = "") {
    const auto required = part.value("required", ordered::array());
    const auto properties = part.value("properties", ordered::object());
    for (const auto& [name, ignored] : properties.items())
      result.push_back({kind, before + name, std::find(required.begin(), required.end(), name) != required.end()});
  };
  add("header", schema["header"]);
  add("header", schema["header"]["properties"]["merged"]["items"], "merged.");
  for (const auto& kind : all_events)
    add(kind, schema["record"]);
  for (const auto& part : schema["record"]["allOf"]) {
    const auto& condition = part["if"].contains("anyOf") ? part["if"]["anyOf"][1] : part["if"];
    for (const auto& kind : condition["properties"]["event"]["enum"]) {
      add(kind, part["then"]);
      if (part["then"]["properties"].contains("ticket"))
        add(kind, schema["ticket"], "ticket.");
    }
  }
  return result;
}

/// Every field in turn is absent although it has to be there, and of another type than it may be.
inline std::vector<corruption> broken_fields() {
  std::vector<corruption> all;
  for (const auto& x : schema_fields()) {
    const bool of_merged = x.name.starts_with("merged") || x.name == "node";
    if (x.name.starts_with("merged."))
      continue; // nobody reads what is in there, as the table above says
    const auto word = x.name.substr(x.name.find('.') + 1);
    if (x.required)
      all.push_back({{x.kind},
                     x.name,
                     "absent",
                     remove_field(x.name),
                     x.name == "tandem_trace" ? at_line({"T-HEADER"}) // the line that is the header is none
                                              : at_line({"T-LINE"}, "missing field \"" + x.name)});
    if (x.name == "ticket.payload")
      all.push_back({{x.kind},
                     x.name,
                     "of another type",
                     put(x.name, ordered{{"a", 1}}),
                     of_operation({"T-CHANGED", "S-TICKET-2"}, "payload")});
    else
      all.push_back({{x.kind},
                     x.name,
                     "of another type",
                     put(x.name, x.name == "merged" ? ordered(7) : ordered::array()),
                     at_line({"T-LINE"}, word)});
    all.back().merged = of_merged && x.kind != "header";
  }
  // The schema refuses these but the first; a reader takes them for lines of a later version, and skips them.
  all.push_back({ticket_events, "event", "absent", remove_field("event"), unseen("older traces have none")});
  for (const auto& kinds : {link_events, std::set<std::string>{"annotation", "consumed"}})
    all.push_back({kinds, "event", "absent", remove_field("event"), unseen("readers skip lines of unknown kinds")});
  all.push_back({{"begun"}, "event", "absent", remove_field("event"), unseen("a link records no beginnings")});
  all.push_back({{"ended"}, "event", "absent", remove_field("event"), of_operation({"T-OPEN"})});
  return all;
}

} // namespace tandem_test
