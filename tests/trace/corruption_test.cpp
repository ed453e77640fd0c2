/// A valid trace in which one thing is changed: a line, or a field of a line of any kind. `tandem trace check` has to
/// name the change, by its line or by the operation and the ticket, and blame nothing else; or, for a change that no
/// checker can see, has to find nothing. The table of corruptions.hpp says which, and a test compares it with the
/// schema: no field of any kind of line is left out.
#include "../support/property.hpp"
#include "../support/temporary_folder.hpp"
#include "../support/trace_findings.hpp"
#include "corruptions.hpp"
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

// -- traces -----------------------------------------------------------------------------------------------------------

std::vector<trace_finding> findings_in(const trace_texts& x) {
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

/// The first payload that came in its turn after the beginning was consumed at once, if the operation went on.
void add_consumed(trace_entries& entries, trace_side side) {
  uint64_t next = 0;
  for (size_t i = 0; i + 1 < entries.size(); ++i) {
    const auto& x = entries[i];
    if (x.event == trace_event::ended)
      return;
    const bool came = x.event == trace_event::received && x.sequence_number.value == next && !is_abortive(x.kind);
    next += came ? 1 : 0;
    const bool has_begun = side == trace_side::front || next > 1;
    if (!came || !has_begun || !x.payload || entries[i + 1].event == trace_event::ended)
      continue;
    auto consumed = other_entry(trace_event::consumed, side, x.link, x);
    consumed.operation = x.operation;
    consumed.sequence_number = x.sequence_number;
    consumed.began_ns = x.monotonic_ns;
    entries.insert(entries.begin() + static_cast<ptrdiff_t>(i + 1), std::move(consumed));
    return;
  }
}

/// The records that a side has of two operations, with an annotation in the midst of the first, and a payload that was
/// consumed.
words side_lines(const random_run& first, const random_run& second, trace_side side) {
  auto entries = first.recorder.side(side);
  auto note = other_entry(trace_event::annotation, side, entries.front().link, entries[entries.size() / 2 + 1]);
  note.operation = the_operation;
  note.text = "noted";
  entries.insert(entries.begin() + static_cast<ptrdiff_t>(entries.size() / 2 + 2), note);
  add_consumed(entries, side);
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

/// The records that a link between nodes has of itself.
words link_lines(const trace_entry& beside) {
  trace_entries entries;
  for (auto event : {trace_event::joined, trace_event::lost, trace_event::dropped, trace_event::interrupted,
                     trace_event::resumed, trace_event::joined})
    entries.push_back(other_entry(event, trace_side::front, "wire", beside));
  entries[0].peer = "back/1";
  entries[1].details = "lost";
  entries[2].count = 3;
  entries[3].details = "reset";
  entries[4].peer = "back/1";
  entries[4].details = "by connection 2";
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

// -- carrying them out ------------------------------------------------------------------------------------------------

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

/// The fault of what was found, in words; empty if that is as it should be.
std::string verdict(const changed_trace& x, const expectation& expect, const std::vector<trace_finding>& before) {
  const auto all = findings_in(x.texts);
  const auto fresh = new_findings(all, before);
  if (expect.place == expectation::where::nowhere)
    return fresh.empty() ? "" : "nobody can see it (" + expect.why + "), but:\n" + listed(fresh);
  if (std::none_of(fresh.begin(), fresh.end(), [&](const auto& y) { return names(y, expect, x); }))
    return "it is not named:\n" + listed(fresh);
  // A finding about the file is reported of each record, and of the next one too, whichever operation that is of.
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
  // Some rows need a line that few traces have: more traces are drawn until each row was tried.
  constexpr int usual = 6;
  int traces = 0;
  const auto is_done = [&] { return traces >= usual && std::ranges::all_of(tried, [](int x) { return x > 0; }); };
  check_property("what is changed is named", 300, 60, [&] {
    if (is_done())
      return;
    ++traces;
    std::mt19937_64 random{*rc::gen::arbitrary<uint64_t>()};
    const auto plain = random_traces();
    const auto merged = merged_traces(plain);
    const auto found_in_plain = findings_in(plain);
    const auto found_in_merged = findings_in(merged);
    for (const auto* found : {&found_in_plain, &found_in_merged})
      for (const auto& x : *found)
        if (x.is_bad())
          RC_FAIL("the valid trace: " + to_string(x));
    std::string all_wrong;
    for (size_t i = 0; i < table.size(); ++i) {
      if (traces > usual && tried[i] > 0)
        continue;
      changed_trace x;
      const auto& valid = table[i].merged ? merged : plain;
      if (!corrupt(valid, table[i], random, x))
        continue;
      ++tried[i];
      const auto expect = table[i].expect.of(valid, x.place);
      const auto wrong = verdict(x, expect, table[i].merged ? found_in_merged : found_in_plain);
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
    const auto before = findings_in(valid);
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
    const auto before = findings_in(valid);
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
    RC_ASSERT(verdict(x, other.expect, findings_in(one_side)) == "");
  });
}
