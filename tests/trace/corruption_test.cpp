/// A valid trace in which one thing is changed: a line, or a field of a line of any kind. `tandem trace check` has to
/// name the change, by its line or by the operation and the ticket, and blame nothing else; or, for a change that no
/// checker can see, has to find nothing. The table below says which, and a test compares it with the schema: no field
/// of any kind of line is left out.
#include "../support/property.hpp"
#include "../support/temporary_folder.hpp"
#include "../support/trace_findings.hpp"
#include "random_run.hpp"

#include "../../actors/system.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../../tools/trace/merging/merge.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;

namespace {

using ordered = nlohmann::ordered_json;
using words = std::vector<std::string>;

// -- traces -----------------------------------------------------------------------------------------------------------

/// One line, before it is changed.
struct trace_place {
  size_t file = 0;
  size_t line = 0; ///< from 0
};

/// Traces that belong together, as lines.
struct trace_texts {
  std::vector<std::string> names;
  std::vector<words> files;

  const std::string& at(const trace_place& x) const {
    return files[x.file][x.line];
  }
  std::string& at(const trace_place& x) {
    return files[x.file][x.line];
  }
};

/// "header", or the event.
std::string kind_of(const ordered& line) {
  return line.contains("tandem_trace") ? "header" : line.value("event", "");
}

std::vector<trace_finding> check_texts(const trace_texts& x) {
  static const temporary_folder folder;
  std::vector<std::filesystem::path> paths;
  for (size_t i = 0; i < x.files.size(); ++i) {
    paths.push_back(folder.path / x.names[i]);
    std::ofstream out{paths.back(), std::ios::binary};
    for (const auto& line : x.files[i])
      out << line << '\n';
  }
  return findings_of(paths);
}

/// Lines of `entries`, numbered, below a header.
words lines_of(trace_entries entries, trace_header header) {
  number_anew(entries);
  words result{to_line(header)};
  for (const auto& x : entries)
    result.push_back(to_line(x));
  return result;
}

trace_entry other_entry(trace_event event, trace_side side, const std::string& link, const trace_entry& beside) {
  trace_entry result;
  result.event = event;
  result.side = side;
  result.link = link;
  result.monotonic_ns = beside.monotonic_ns;
  result.wall_ns = beside.wall_ns;
  return result;
}

/// What a side tells of two operations, with an annotation in the midst of the first.
words side_lines(const random_run& first, const random_run& second, trace_side side) {
  auto entries = first.recorder.side(side);
  auto note = other_entry(trace_event::annotation, side, entries.front().link, entries[entries.size() / 2 + 1]);
  note.operation = the_operation;
  note.text = "noted";
  entries.insert(entries.begin() + static_cast<ptrdiff_t>(entries.size() / 2 + 2), note);
  for (auto x : second.recorder.side(side)) {
    x.operation.low += 0x77;
    entries.push_back(std::move(x));
  }
  auto header = header_of(entries);
  header.node = std::string{to_string(side)} + "/1";
  header.capture = "*";
  entries.push_back(other_entry(trace_event::joined, side, entries.front().link, entries.back()));
  return lines_of(std::move(entries), std::move(header));
}

/// What a link between nodes tells of itself.
words link_lines(const trace_entry& beside) {
  trace_entries entries;
  for (auto event : {trace_event::joined, trace_event::lost, trace_event::dropped, trace_event::joined})
    entries.push_back(other_entry(event, trace_side::front, "wire", beside));
  entries[0].peer = "back/1";
  entries[1].details = "lost";
  entries[2].count = 3;
  auto header = header_of(entries);
  header.node = "wire/1";
  header.link = "wire";
  return lines_of(std::move(entries), std::move(header));
}

/// Both sides' traces of two operations that took random schedules, and a link's.
trace_texts random_traces() {
  random_run first{weather::fair};
  random_run second{weather::fair};
  for (auto* x : {&first, &second}) {
    x->p.settle();
    x->p.advance(std::chrono::minutes(5)); // past all deadlines
    x->p.settle();
  }
  return {{"front.jsonl", "back.jsonl", "wire.jsonl"},
          {side_lines(first, second, trace_side::front), side_lines(first, second, trace_side::back),
           link_lines(first.recorder.entries.front())}};
}

trace_texts merged_traces(const trace_texts& x) {
  const temporary_folder folder;
  cli::trace_merge_options options;
  for (size_t i = 0; i < x.files.size(); ++i) {
    options.files.push_back((folder.path / x.names[i]).string());
    std::ofstream out{options.files.back(), std::ios::binary};
    for (const auto& line : x.files[i])
      out << line << '\n';
  }
  std::ostringstream merged;
  std::ostringstream ignored;
  cli::trace_merge(options, merged, ignored);
  trace_texts result{{"merged.jsonl"}, {{}}};
  std::istringstream in{merged.str()};
  for (std::string line; std::getline(in, line);)
    result.files[0].push_back(line);
  return result;
}

// -- the table --------------------------------------------------------------------------------------------------------

/// The findings that have to be there.
struct expectation {
  enum class where {
    at_line,      ///< at the line that was changed
    at_next,      ///< at the one after it
    of_operation, ///< of the operation: its finding may stand at a line that does not fit the changed one any more
    nowhere,      ///< nobody can see it
    perhaps,      ///< it depends on the rest of the operation
  };
  where place;
  std::set<std::string> rules = {}; ///< one of these; empty: any
  std::string word = {};            ///< that the finding has in its text
  std::string why = {};             ///< for `nowhere`
};

expectation at_line(std::set<std::string> rules, std::string word = {}) {
  return {expectation::where::at_line, std::move(rules), std::move(word), {}};
}

expectation at_next(std::set<std::string> rules) {
  return {expectation::where::at_next, std::move(rules), {}, {}};
}

expectation of_operation(std::set<std::string> rules, std::string word = {}) {
  return {expectation::where::of_operation, std::move(rules), std::move(word), {}};
}

expectation unseen(std::string why) {
  return {expectation::where::nowhere, {}, {}, std::move(why)};
}

expectation perhaps_seen(std::string why) {
  return {expectation::where::perhaps, {}, {}, std::move(why)};
}

/// Changes a line; false if there is nothing to be changed in such a one.
using line_change = std::function<bool(ordered& line)>;

struct corruption {
  std::set<std::string> kinds; ///< of lines
  std::string field;           ///< "ticket.kind"
  std::string how;
  line_change change;
  expectation expect;
  bool merged = false; ///< of a merged trace

  std::string text() const {
    std::string result = field + " " + how + " in";
    for (const auto& x : kinds)
      result += " " + x;
    return result;
  }
};

const std::set<std::string> all_events{"sent", "received", "begun", "ended", "annotation", "joined", "lost", "dropped"};
const std::set<std::string> ticket_events{"sent", "received"};

/// The object that has a field of this name, and the field's own name.
std::pair<ordered*, std::string> owner_of(ordered& line, const std::string& field) {
  const auto dot = field.find('.');
  if (dot == std::string::npos)
    return {&line, field};
  return {&line[field.substr(0, dot)], field.substr(dot + 1)};
}

line_change put(const std::string& field, const ordered& value) {
  return [=](ordered& line) {
    const auto [owner, name] = owner_of(line, field);
    if (owner->contains(name) && (*owner)[name] == value)
      return false;
    (*owner)[name] = value;
    return true;
  };
}

/// Only where it is there.
line_change change_present(const std::string& field, const std::function<ordered(const ordered&)>& f) {
  return [=](ordered& line) {
    const auto [owner, name] = owner_of(line, field);
    if (!owner->contains(name))
      return false;
    const ordered before = (*owner)[name];
    (*owner)[name] = f(before);
    return (*owner)[name] != before;
  };
}

line_change remove_field(const std::string& field) {
  return [=](ordered& line) {
    const auto [owner, name] = owner_of(line, field);
    return owner->erase(name) > 0;
  };
}

line_change add_number(const std::string& field, int64_t more) {
  return change_present(field, [=](const ordered& x) { return ordered(x.get<int64_t>() + more); });
}

/// The last digit of an id.
line_change other_id(const std::string& field) {
  return change_present(field, [](const ordered& x) {
    auto text = x.get<std::string>();
    text[text.size() - 3] = text[text.size() - 3] == '5' ? '6' : '5';
    return ordered(text);
  });
}

line_change only_if(const std::function<bool(const ordered&)>& condition, const line_change& change) {
  return [=](ordered& line) { return condition(line) && change(line); };
}

bool is_first_ticket(const ordered& line) {
  return line["ticket"]["kind"] == "entire" || line["ticket"]["kind"] == "commencement";
}

bool is_later_ticket(const ordered& line) {
  return !is_first_ticket(line);
}

bool is_of_front(const ordered& line) {
  return line["side"] == "front";
}

bool is_of_back(const ordered& line) {
  return line["side"] == "back";
}

bool has_abortive_kind(const ordered& line) {
  return line["ticket"].contains("details");
}

ordered longer(const ordered& x) {
  return ordered(x.get<std::string>() + "x");
}

ordered other_text(const ordered& x) { // of the same length
  auto text = x.get<std::string>();
  text.back() = text.back() == 'x' ? 'y' : 'x';
  return ordered(text);
}

/// What the fields of each line say. Fields that are missing, or that make no sense, are below.
std::vector<corruption> changed_values() {
  const std::string nothing_else = "nothing else in a trace depends on it";
  const std::string late = "a ticket that comes late may be of any operation";
  const std::string begun_late = "a recording may be switched on just after a first ticket";
  std::vector<corruption> all;
  const auto add = [&all](std::set<std::string> kinds, const std::string& field, const std::string& how,
                          line_change change, expectation expect) {
    all.push_back({std::move(kinds), field, how, std::move(change), std::move(expect)});
  };
  // The header.
  add({"header"}, "tandem_trace", "later", put("tandem_trace", 2), unseen("readers take later versions too"));
  add({"header"}, "node", "another", put("node", "x/2"), unseen(nothing_else));
  add({"header"}, "side", "the other",
      change_present("side", [](const ordered& x) { return ordered(x == "front" ? "back" : "front"); }),
      at_next({"T-ORIGIN"}));
  add({"header"}, "link", "another", put("link", "x"), at_next({"T-NAME"}));
  add({"header"}, "clock", "another", put("clock", "steady"), unseen("a steady clock may stand still"));
  add({"header"}, "start_wall_ns", "later", add_number("start_wall_ns", 1), unseen("this clock may jump"));
  add({"header"}, "start_monotonic_ns", "later", add_number("start_monotonic_ns", 1'000'000'000'000'000),
      at_next({"T-CLOCK"}));
  add({"header"}, "part", "another", put("part", 3), unseen("parts before it may be gone"));
  add({"header"}, "first_record", "another", put("first_record", 1000), at_next({"T-ORDER"}));
  add({"header"}, "capture", "another", put("capture", "x"), unseen(nothing_else));
  add({"header"}, "sample", "another", put("sample", 0.5), unseen(nothing_else));
  add({"header"}, "profile", "another", put("profile", "redacted"), unseen(nothing_else));
  // All records.
  add(all_events, "record", "higher", add_number("record", 100), at_line({"T-GAP"}));
  add(all_events, "wall_ns", "later", add_number("wall_ns", 1), unseen("this clock may jump"));
  add(all_events, "monotonic_ns", "earlier", add_number("monotonic_ns", -3'000'000'000'000'000), at_line({"T-CLOCK"}));
  add(ticket_events, "side", "the other",
      change_present("side", [](const ordered& x) { return ordered(x == "front" ? "back" : "front"); }),
      at_line({"T-LINE"}, "direction"));
  add({"begun", "ended", "annotation", "joined", "lost", "dropped"}, "side", "the other",
      change_present("side", [](const ordered& x) { return ordered(x == "front" ? "back" : "front"); }),
      at_line({"T-ORIGIN"}));
  add(all_events, "link", "another", put("link", "x"), at_line({"T-NAME"}, "\"x\""));
  add(ticket_events, "event", "another",
      change_present("event", [](const ordered& x) { return ordered(x == "sent" ? "received" : "sent"); }),
      at_line({"T-LINE"}, "direction"));
  add({"begun", "ended"}, "event", "another", put("event", "annotation"), at_line({"T-LINE"}, "text"));
  add({"annotation"}, "event", "another", put("event", "ended"), at_line({"T-LINE"}, "outcome"));
  add({"joined", "lost"}, "event", "another", put("event", "dropped"), at_line({"T-LINE"}, "count"));
  add({"dropped"}, "event", "another", put("event", "annotation"), at_line({"T-LINE"}, "operation_id"));
  // Tickets.
  add(
    ticket_events, "direction", "the other",
    change_present("direction",
                   [](const ordered& x) { return ordered(x == "front to back" ? "back to front" : "front to back"); }),
    at_line({"T-LINE"}, "direction"));
  add({"sent"}, "ticket", "another's", other_id("ticket.operation_id"), of_operation({}));
  add({"received"}, "ticket", "another's", other_id("ticket.operation_id"), perhaps_seen(late));
  add(ticket_events, "payload_size", "higher", add_number("payload_size", 1), at_line({"T-SIZE"}, "payload_size"));
  add(ticket_events, "payload_missing", "there", put("payload_missing", "capture"),
      unseen("any payload may be left out"));
  add(ticket_events, "payload_start", "there", put("payload_start", "x"), unseen(nothing_else));
  add(ticket_events, "payload_hash", "there", put("payload_hash", "0123456789abcdef"), unseen(nothing_else));
  add({"sent"}, "ticket.operation_id", "another", other_id("ticket.operation_id"), of_operation({}));
  add({"received"}, "ticket.operation_id", "another, a first one",
      only_if(is_first_ticket, other_id("ticket.operation_id")), perhaps_seen(begun_late));
  add(ticket_events, "ticket.sequence_number", "higher", add_number("ticket.sequence_number", 1), of_operation({}));
  add(ticket_events, "ticket.kind", "another", put("ticket.kind", "completion"), of_operation({}));
  add(ticket_events, "ticket.name", "another", change_present("ticket.name", longer),
      of_operation({"T-CHANGED"}, "name"));
  add(ticket_events, "ticket.name", "there", only_if(is_later_ticket, put("ticket.name", "x")),
      at_line({"S-TICKET-2", "S-TICKET-1"}, "name"));
  add(ticket_events, "ticket.subscription", "another",
      only_if(is_first_ticket,
              [](ordered& line) {
                auto& x = line["ticket"]["subscription"];
                x = x == "full" ? "termination only" : "full";
                return true;
              }),
      of_operation({"T-CHANGED"}, "subscription"));
  add(ticket_events, "ticket.subscription", "there", only_if(is_later_ticket, put("ticket.subscription", "full")),
      at_line({"S-TICKET-2", "S-TICKET-1"}, "subscription"));
  add(ticket_events, "ticket.trace_id", "another", other_id("ticket.trace_id"),
      of_operation({"T-CHANGED"}, "trace_id"));
  add(ticket_events, "ticket.trace_id", "there",
      only_if(is_later_ticket, put("ticket.trace_id", "01234567-89ab-cdef-0123-456789abcdef")),
      at_line({"S-TICKET-6", "S-TICKET-1"}, "trace"));
  add(
    ticket_events, "ticket.timeout", "there",
    [](ordered& line) {
      if (line["direction"] == "front to back")
        return false;
      line["ticket"]["timeout"] = 1;
      return true;
    },
    at_line({"S-TICKET-1"}, "timeout"));
  add(ticket_events, "ticket.timeout", "another",
      change_present("ticket.timeout",
                     [](const ordered& x) { return ordered(x.is_number() ? x.get<double>() + 1 : 1.0); }),
      of_operation({"T-CHANGED"}, "timeout"));
  add(ticket_events, "ticket.payload", "another", change_present("ticket.payload", other_text),
      of_operation({"T-CHANGED"}, "payload"));
  add(ticket_events, "ticket.payload", "absent", remove_field("ticket.payload"),
      of_operation({"T-CHANGED"}, "payload"));
  add(ticket_events, "ticket.details", "another", change_present("ticket.details", longer),
      of_operation({"T-CHANGED"}, "details"));
  add(ticket_events, "ticket.details", "there",
      only_if([](const ordered& x) { return !has_abortive_kind(x) && is_later_ticket(x); }, put("ticket.details", "x")),
      of_operation({"T-CHANGED", "S-TICKET-7"}, "details"));
  // Operations.
  add({"ended"}, "operation_id", "another", other_id("operation_id"), of_operation({}));
  add({"begun"}, "operation_id", "another", only_if(is_of_front, other_id("operation_id")), of_operation({}));
  add({"begun"}, "operation_id", "another at the back", only_if(is_of_back, other_id("operation_id")),
      perhaps_seen(begun_late));
  add({"annotation"}, "operation_id", "another", other_id("operation_id"), unseen("it may be of one that ran before"));
  add({"begun"}, "name", "another", change_present("name", longer), of_operation({"T-BEGUN"}, "name"));
  add(
    {"begun"}, "subscription", "another",
    [](ordered& line) {
      line["subscription"] = line["subscription"] == "full" ? "none" : "full";
      return true;
    },
    of_operation({"T-BEGUN"}, "subscription"));
  add({"begun"}, "trace_id", "another", other_id("trace_id"), of_operation({"T-BEGUN"}, "trace id"));
  add({"begun"}, "timeout", "longer",
      only_if([](const ordered& x) { return x.contains("maximum_timeout"); }, add_number("timeout", 100)),
      at_line({"S-TIME-2"}, "maximum"));
  add({"begun"}, "maximum_timeout", "shorter",
      only_if([](const ordered& x) { return x.value("timeout", ordered(0)) != ordered(0); },
              change_present("maximum_timeout", [](const ordered&) { return ordered(0); })),
      of_operation({"S-TIME-2"}));
  add({"begun"}, "peer", "another", put("peer", "x"), unseen(nothing_else));
  add({"begun"}, "parent", "another", put("parent", std::string(32, '7')), unseen("it may be in another trace"));
  const auto ended_as
    = [](const std::string& x) { return [x](const ordered& line) { return line.value("outcome", "") == x; }; };
  const auto ended_otherwise = [](const ordered& line) {
    return line.value("outcome", "") != "completed" && line.value("outcome", "") != "cancelled";
  };
  const std::string untold = "with subscription none no ticket tells of it";
  add({"ended"}, "outcome", "cancelled, not completed", only_if(ended_as("completed"), put("outcome", "cancelled")),
      at_line({}));
  add({"ended"}, "outcome", "completed, not cancelled", only_if(ended_as("cancelled"), put("outcome", "completed")),
      at_line({}));
  add({"ended"}, "outcome", "completed", only_if(ended_otherwise, put("outcome", "completed")), perhaps_seen(untold));
  add({"ended"}, "details", "another", only_if(ended_as("cancelled"), change_present("details", longer)),
      at_line({"T-DETAILS"}, "details"));
  add({"ended"}, "details", "another, not cancelled", only_if(ended_otherwise, change_present("details", longer)),
      perhaps_seen(untold));
  // The rest.
  add({"annotation"}, "text", "another", change_present("text", longer), unseen(nothing_else));
  add({"joined"}, "peer", "another", put("peer", "x"), unseen(nothing_else));
  add({"lost"}, "details", "another", put("details", "x"), unseen(nothing_else));
  add({"dropped"}, "count", "higher", put("count", 9), at_line({"T-DROPPED"}, "9 records"));
  // What merged traces have.
  const auto add_merged = [&](std::set<std::string> kinds, const std::string& field, const std::string& how,
                              line_change change, expectation expect) {
    add(std::move(kinds), field, how, std::move(change), std::move(expect));
    all.back().merged = true;
  };
  add_merged(
    {"header"}, "merged", "shorter",
    [](ordered& x) {
      x["merged"].erase(0);
      return true;
    },
    unseen(nothing_else));
  for (const auto* field : {"offset_ns", "uncertainty_ns"})
    add_merged(
      {"header"}, std::string{"merged."} + field, "another",
      [field](ordered& x) {
        x["merged"][0][field] = 77;
        return true;
      },
      unseen("the records' times have it already"));
  add_merged({"joined", "lost", "dropped"}, "node", "another", put("node", "x/2"), unseen("any node may say that"));
  add_merged({"sent", "ended"}, "node", "another", put("node", "x/2"), of_operation({}));
  add_merged({"received"}, "node", "another", put("node", "x/2"), perhaps_seen(late));
  add_merged({"begun"}, "node", "another", only_if(is_of_front, put("node", "x/2")), of_operation({}));
  add_merged({"begun"}, "node", "another at the back", only_if(is_of_back, put("node", "x/2")),
             perhaps_seen(begun_late));
  add_merged({"annotation"}, "node", "another", put("node", "x/2"), unseen("any node may say that"));
  return all;
}

// -- the fields of the schema -----------------------------------------------------------------------------------------

struct schema_field {
  std::string kind; ///< "header", or an event
  std::string name; ///< "ticket.kind"
  bool required = false;
};

/// All fields of all kinds of lines.
std::vector<schema_field> schema_fields() {
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

/// What every field is: absent although it has to be there, and of another type than it may be.
std::vector<corruption> broken_fields() {
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
  all.push_back({{"annotation", "joined", "lost", "dropped"},
                 "event",
                 "absent",
                 remove_field("event"),
                 unseen("readers skip lines of unknown kinds")});
  all.push_back({{"begun", "ended"},
                 "event",
                 "absent",
                 remove_field("event"),
                 perhaps_seen("a recording may be switched on and off while an operation runs")});
  return all;
}

// -- carrying them out ------------------------------------------------------------------------------------------------

/// The operation that a line is about; empty if it is about none.
std::string operation_of(const ordered& line) {
  const bool is_ticket = line.contains("ticket") && line["ticket"].is_object();
  const auto& owner = is_ticket ? line["ticket"] : line;
  return owner.contains("operation_id") && owner["operation_id"].is_string() ? owner["operation_id"].get<std::string>()
                                                                             : "";
}

/// A trace in which something was changed, and where.
struct changed_trace {
  trace_texts texts;
  trace_place place;
  std::set<std::string> operations; ///< that it was and is about
};

bool names(const trace_finding& x, const expectation& expect, const changed_trace& in) {
  if ((!expect.rules.empty() && !expect.rules.contains(x.id)) || x.text.find(expect.word) == std::string::npos)
    return false;
  const bool in_file = x.file == in.texts.names[in.place.file];
  switch (expect.place) {
    case expectation::where::at_line:
      return in_file && x.line == in.place.line + 1;
    case expectation::where::at_next:
      return in_file && x.line == in.place.line + 2;
    case expectation::where::of_operation:
      return in.operations.contains(x.operation_id);
    case expectation::where::nowhere:
    case expectation::where::perhaps:
      break;
  }
  return false;
}

/// Findings that are not among those of the valid trace, whose lines may have moved.
std::vector<trace_finding> new_findings(const std::vector<trace_finding>& after,
                                        const std::vector<trace_finding>& before) {
  std::map<std::string, int> known;
  for (const auto& x : before)
    ++known[x.id + x.operation_id + x.text];
  std::vector<trace_finding> result;
  for (const auto& x : after)
    if (--known[x.id + x.operation_id + x.text] < 0)
      result.push_back(x);
  return result;
}

std::string listed(const std::vector<trace_finding>& all) {
  std::string result;
  for (const auto& x : all)
    result += to_string(x) + "\n";
  return result;
}

/// What is wrong with what was found; empty if that is as it should be.
std::string verdict(const changed_trace& x, const expectation& expect, const std::vector<trace_finding>& before) {
  const auto all = check_texts(x.texts);
  const auto fresh = new_findings(all, before);
  if (expect.place == expectation::where::nowhere)
    return fresh.empty() ? "" : "nobody can see it (" + expect.why + "), but:\n" + listed(fresh);
  if (expect.place != expectation::where::perhaps
      && std::none_of(fresh.begin(), fresh.end(), [&](const auto& y) { return names(y, expect, x); }))
    return "it is not named:\n" + listed(fresh);
  // What is about the file is said of each record, and of the next one too, of whatever operation that is.
  const std::set<std::string> of_files{"T-ORIGIN", "T-GAP", "T-REPEAT", "T-ORDER"};
  const auto excused = [&](const trace_finding& y) {
    return y.operation_id.empty() || x.operations.contains(y.operation_id) || of_files.contains(y.id)
           || (x.place.line == 0 && expect.rules.contains(y.id));
  };
  for (const auto& y : fresh)
    if (y.is_bad() && !excused(y))
      return "another operation is blamed:\n" + listed(fresh);
  return "";
}

std::vector<trace_place> places_of(const trace_texts& x, const std::set<std::string>& kinds) {
  std::vector<trace_place> result;
  for (size_t file = 0; file < x.files.size(); ++file)
    for (size_t line = 0; line + 1 < x.files[file].size(); ++line) // a last line that is broken was cut off
      if (kinds.contains(kind_of(ordered::parse(x.files[file][line]))))
        result.push_back({file, line});
  return result;
}

/// Carries a corruption out at a random line of its kinds that it can be carried out at; false if there is none.
bool corrupt(const trace_texts& valid, const corruption& what, std::mt19937_64& random, changed_trace& out) {
  auto places = places_of(valid, what.kinds);
  while (!places.empty()) {
    const size_t at = random() % places.size();
    const auto place = places[at];
    auto line = ordered::parse(valid.at(place));
    const auto before = operation_of(line);
    if (what.change(line)) {
      out = {valid, place, {before, operation_of(line)}};
      out.texts.at(place) = line.dump();
      return true;
    }
    places.erase(places.begin() + static_cast<ptrdiff_t>(at));
  }
  return false;
}

} // namespace

TEST_CASE("trace check: the table of corruptions has every field of every kind of line") {
  const auto table = changed_values();
  for (const auto& x : schema_fields())
    CHECK_MESSAGE(std::any_of(table.begin(), table.end(),
                              [&](const corruption& y) { return y.field == x.name && y.kinds.contains(x.kind); }),
                  x.name << " of " << x.kind);
}

TEST_CASE("trace check: one changed field is named, or nobody can see it") {
  init_types<>();
  auto table = changed_values();
  for (auto& x : broken_fields())
    table.push_back(std::move(x));
  std::vector<int> tried(table.size());
  check_property("what is changed is named", 40, 60, [&] {
    std::mt19937_64 random{*rc::gen::arbitrary<uint64_t>()};
    const auto plain = random_traces();
    const auto merged = merged_traces(plain);
    const auto found_in_plain = check_texts(plain);
    const auto found_in_merged = check_texts(merged);
    for (const auto* found : {&found_in_plain, &found_in_merged})
      for (const auto& x : *found)
        if (x.is_bad())
          RC_FAIL("the valid trace: " + to_string(x));
    std::string all_wrong;
    for (size_t i = 0; i < table.size(); ++i) {
      changed_trace x;
      if (!corrupt(table[i].merged ? merged : plain, table[i], random, x))
        continue;
      ++tried[i];
      const auto wrong = verdict(x, table[i].expect, table[i].merged ? found_in_merged : found_in_plain);
      if (!wrong.empty())
        all_wrong += table[i].text() + ": " + x.texts.names[x.place.file] + ":" + std::to_string(x.place.line + 1)
                     + ": " + wrong + x.texts.at(x.place) + "\n";
    }
    if (!all_wrong.empty())
      RC_FAIL(all_wrong);
  });
  for (size_t i = 0; i < table.size(); ++i)
    CHECK_MESSAGE(tried[i] > 0, "never tried: " << table[i].text());
}

TEST_CASE("trace check: one line that is missing, twice, cut or in another place is named") {
  init_types<>();
  check_property("a changed line is named", 60, 60, [] {
    const auto valid = random_traces();
    const auto before = check_texts(valid);
    const auto file = any_below(valid.files.size());
    const auto line = 1 + any_below(valid.files[file].size() - 3); // neither the header nor the last ones
    const auto try_it
      = [&](const std::string& how, size_t named, expectation expect, const std::function<void(words&)>& change) {
          changed_trace x{valid, {file, named}, {}};
          for (size_t i : {line, line + 1})
            x.operations.insert(operation_of(ordered::parse(valid.files[file][i])));
          change(x.texts.files[file]);
          const auto wrong = verdict(x, expect, before);
          if (!wrong.empty())
            RC_FAIL(how + " line " + std::to_string(line + 1) + " of " + valid.names[file] + ": " + wrong);
        };
    const auto at = static_cast<ptrdiff_t>(line);
    try_it("without", line, at_line({"T-GAP"}, "a record is missing"), [&](words& x) { x.erase(x.begin() + at); });
    try_it("with a second", line + 1, at_line({"T-REPEAT"}), [&](words& x) {
      const auto copy = x[line];
      x.insert(x.begin() + at, copy);
    });
    try_it("swapped after", line, at_line({"T-GAP"}), [&](words& x) { std::swap(x[line], x[line + 1]); });
    try_it("cut", line, at_line({"T-LINE"}), [&](words& x) { x[line].resize(x[line].size() / 2); });
  });
}

TEST_CASE("trace check: a header that is missing is named, and one that is there twice says nothing new") {
  init_types<>();
  check_property("a changed header is named", 20, 40, [] {
    const auto valid = random_traces();
    const auto before = check_texts(valid);
    const auto file = any_below(valid.files.size());
    changed_trace without{valid, {file, 0}, {}};
    without.texts.files[file].erase(without.texts.files[file].begin());
    changed_trace twice{valid, {file, 0}, {}};
    twice.texts.files[file].insert(twice.texts.files[file].begin(), valid.files[file][0]);
    RC_ASSERT(verdict(without, at_line({"T-HEADER"}), before) == "");
    RC_ASSERT(verdict(twice, unseen("a recording may be switched off and on"), before) == "");
  });
}

TEST_CASE("trace check: with one side only, nobody can see what another payload of the same size was") {
  init_types<>();
  check_property("payloads of one side", 30, 60, [] {
    auto one_side = random_traces();
    const auto side = any_below(2);
    one_side = {{one_side.names[side]}, {one_side.files[side]}};
    const corruption other{ticket_events, "ticket.payload", "another", change_present("ticket.payload", other_text),
                           unseen("the other side's trace would tell")};
    std::mt19937_64 random{*rc::gen::arbitrary<uint64_t>()};
    changed_trace x;
    RC_PRE(corrupt(one_side, other, random, x));
    RC_ASSERT(verdict(x, other.expect, check_texts(one_side)) == "");
  });
}
