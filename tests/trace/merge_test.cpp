/// `tandem trace merge`, and the offsets of clocks that it and others estimate.
#include "../support/written_trace.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/measuring/stats.hpp"
#include "../../tools/trace/merging/merge.hpp"
#include "../../tools/trace/telling/explain.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

/// The two sides of operations that take 100 us there and 60 us back; the back's clock is ahead by `ahead_ns`.
struct two_nodes {
  explicit two_nodes(int64_t ahead_ns, const std::string& back_node = "two/1") : back(trace_side::back, back_node) {
    back.clock_ns = ahead_ns;
    for (uint64_t i = 0; i < 20; ++i) {
      const auto at = static_cast<int64_t>(i) * 1000;
      const auto slow = static_cast<int64_t>(i % 4) * 10; // not every ticket is fast
      front.ticket(event::sent, i, at, 0, kind::entire, "hello");
      back.ticket(event::received, i, at + 100 + slow, 0, kind::entire, "hello");
      back.ticket(event::sent, i, at + 200, 0, kind::completion, "hi");
      front.ticket(event::received, i, at + 260 + slow, 0, kind::completion, "hi");
    }
  }

  written_trace front{trace_side::front, "one/1"};
  written_trace back;
};

/// An operation that takes 20 us each way, from `at` on.
void add_operation(written_trace& front, written_trace& back, uint64_t i, int64_t at) {
  front.ticket(event::sent, i, at, 0, kind::entire, "x");
  back.ticket(event::received, i, at + 20, 0, kind::entire, "x");
  back.ticket(event::sent, i, at + 100, 0, kind::completion, "y");
  front.ticket(event::received, i, at + 120, 0, kind::completion, "y");
}

printed merge(const trace_merge_options& options) {
  return run_command(trace_merge, options);
}

} // namespace

TEST_CASE("clock offsets: estimated from the fastest tickets each way, within their uncertainty") {
  const temporary_folder folder;
  for (const int64_t ahead : {int64_t{0}, int64_t{1'000'000}, int64_t{-5'000'000'000}, int64_t{3'600'000'000'000}}) {
    const two_nodes nodes{ahead};
    const auto offsets
      = estimate_offsets({folder.file("front", nodes.front.text()), folder.file("back", nodes.back.text())});
    REQUIRE(offsets.size() == 2);
    CHECK(offsets[0].from == clock_offset::basis::reference);
    CHECK(offsets[0].nanoseconds == 0);
    CHECK(offsets[1].from == clock_offset::basis::both_ways);
    CHECK(offsets[1].uncertainty_ns == 80'000);
    CHECK(offsets[1].nanoseconds == -ahead - 20'000); // half of what the two ways differ by
    CHECK(offsets[1].tickets == 40);
  }
}

TEST_CASE("clock offsets: nodes of one host share a clock, unless tickets prove otherwise") {
  const temporary_folder folder;
  auto of = [&folder](int64_t ahead) {
    const two_nodes nodes{ahead, "one/2"};
    return estimate_offsets({folder.file("front", nodes.front.text()), folder.file("back", nodes.back.text())})[1];
  };
  CHECK(of(0).from == clock_offset::basis::same_host);
  CHECK(of(0).nanoseconds == 0);
  CHECK(of(1'000'000).from == clock_offset::basis::both_ways);
}

TEST_CASE("clock offsets: tickets one way only, and none at all") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  front.ticket(event::sent, 1, 1000, 0, kind::entire);
  written_trace back{trace_side::back, "two/1"};
  back.clock_ns = -3'000'000;
  back.ticket(event::received, 1, 1100, 0, kind::entire);
  const written_trace other{trace_side::back, "three/1"};
  const auto offsets
    = estimate_offsets({folder.file("f", front.text()), folder.file("b", back.text()), folder.file("o", other.text())});
  CHECK(offsets[1].from == clock_offset::basis::one_way);
  CHECK(offsets[1].nanoseconds == 2'900'000); // so that it arrives when it was sent
  CHECK(!offsets[1].uncertainty_ns);
  CHECK(offsets[2].from == clock_offset::basis::nothing);
  CHECK(offsets[2].nanoseconds == 0);
}

TEST_CASE("clock offsets: a large trace is sampled, with the same tickets in every file") {
  offset_estimator estimator{2};
  trace_header header;
  auto take = [&](size_t file, trace_side side, event e, uint64_t i, int64_t wall) {
    trace_entry x;
    x.side = side;
    x.event = e;
    x.operation = {7, i};
    x.kind = kind::entire;
    x.wall_ns = wall;
    placed_entry placed;
    placed.entry = &x;
    placed.file = file;
    estimator.take(placed);
  };
  constexpr uint64_t many = 500'000;
  for (uint64_t i = 0; i < many; ++i)
    take(0, trace_side::front, event::sent, i, static_cast<int64_t>(i));
  for (uint64_t i = 0; i < many; ++i)
    take(1, trace_side::back, event::received, i, static_cast<int64_t>(i) - 1000);
  const auto offsets = estimator.result();
  CHECK(offsets[1].nanoseconds == 1000);
  CHECK(offsets[1].tickets > 10'000);
  CHECK(offsets[1].tickets < 200'001);
}

TEST_CASE("trace merge: records in the order of the corrected clocks, with numbers of their own and their nodes") {
  const temporary_folder folder;
  const two_nodes nodes{5'000'000'000};
  const auto front = folder.file("front", nodes.front.text());
  const auto back = folder.file("back", nodes.back.text());
  const auto x = merge({.files = {front, back}});
  CHECK(x.status == 0);
  CHECK(x.notes
        == "tandem: " + front + ": clock taken as the right one\ntandem: " + back
             + ": clock moved by -5000020.0 us, off by 80.0 us at most (tickets both ways, 40 tickets)\n");
  std::istringstream in{x.out};
  trace_reader reader{in};
  uint64_t records = 0;
  int64_t before = 0;
  while (const auto* entry = reader.next()) {
    CHECK(entry->record == records++);
    CHECK(entry->wall_ns >= before);
    CHECK(entry->node == (entry->side == trace_side::front ? "one/1" : "two/1"));
    before = entry->wall_ns;
  }
  CHECK(records == 80);
  CHECK(reader.headers() == 1);
  CHECK(reader.header()->node == "");
  CHECK(reader.notes().empty());
  const auto list = nlohmann::json::parse(x.out.substr(0, x.out.find('\n')))["merged"];
  REQUIRE(list.size() == 2);
  CHECK(list[1]["node"] == "two/1");
  CHECK(list[1]["offset_ns"] == -5'000'020'000);
  CHECK(list[1]["uncertainty_ns"] == 80'000);
}

TEST_CASE("trace merge: records that are missing by their numbers are missing in the merged trace, of the same node") {
  const temporary_folder folder;
  const two_nodes nodes{0};
  const auto without_lines = [](const std::string& text, size_t from, size_t count) {
    std::istringstream lines{text};
    std::string result;
    std::string line;
    for (size_t i = 0; std::getline(lines, line); ++i)
      if (i < from || i >= from + count)
        result += line + '\n';
    return result;
  };
  const auto front = folder.file("front", nodes.front.text());
  const auto back = folder.file("back", without_lines(nodes.back.text(), 10, 3));
  const auto lacks = [](const std::vector<std::string>& files) {
    std::ostringstream notes;
    prepared_trace trace{files, notes, {.finds_lacks = true}};
    while (trace.next() != nullptr)
      continue;
    trace.lacks().write_notes(notes);
    return notes.str();
  };
  const std::string note = "tandem: the trace of two/1 is not complete: 3 records are missing by the record numbers\n";
  CHECK(lacks({front, back}) == note);
  const auto merged = folder.file("merged", merge({.files = {front, back}}).out);
  CHECK(lacks({merged}) == note);
  CHECK(lacks({folder.file("again", merge({.files = {merged}}).out)}) == note);
}

TEST_CASE("trace merge: a rotated part that is not there is missing in the merged trace") {
  const temporary_folder folder;
  const auto part = [&folder](uint64_t number, uint64_t first_record) {
    trace_header header;
    header.node = "one/1";
    header.side = "front";
    header.part = number;
    header.first_record = first_record;
    trace_entry x;
    x.event = event::joined;
    x.record = first_record;
    x.wall_ns = static_cast<int64_t>(first_record);
    return folder.file("part" + std::to_string(number), to_line(header) + '\n' + to_line(x) + '\n');
  };
  std::istringstream in{merge({.files = {part(2, 20), part(0, 0)}}).out};
  trace_reader reader{in};
  CHECK(reader.next()->record == 0);
  CHECK(reader.next()->record == 20);
}

TEST_CASE("clock offsets: files of one node have one clock, so nobody looks for tickets between them") {
  const auto knows_enough = [](const std::string& node, int64_t started_ns) {
    trace_header first;
    first.node = "one/1";
    trace_header second;
    second.node = node;
    second.start_wall_ns = second.start_monotonic_ns = 1'000'000'000; // later, by both clocks
    second.start_wall_ns += started_ns;
    offset_estimator estimator{2};
    estimator.add(0, &first);
    estimator.add(1, &second);
    return estimator.knows_enough();
  };
  CHECK(knows_enough("one/1", 0));
  CHECK(!knows_enough("one/1", 3'000'000)); // its clock was set between the two
  CHECK(!knows_enough("two/1", 0));
  CHECK(!knows_enough("", 0));
}

TEST_CASE("clock offsets: parts of a rotated recording have one clock, to which the tickets of all of them tell") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  back.clock_ns = 5'000'000'000;
  back.take_text();
  back.header("two/1"); // by that clock
  std::vector<std::string> files;
  const auto rotate = [&](written_trace& x, const std::string& node, const std::string& name, uint64_t part) {
    files.push_back(folder.file(name + "." + std::to_string(9 - part), x.take_text()));
    x.header(node, part + 1);
  };
  for (uint64_t i = 0; i < 8; ++i) {
    const auto at = static_cast<int64_t>(i) * 2000;
    const auto slow = static_cast<int64_t>(i) * 100; // each way is fast in one part only
    front.ticket(event::sent, i, at, 0, kind::entire, "x");
    back.ticket(event::received, i, at + 20 + slow, 0, kind::entire, "x");
    back.ticket(event::sent, i, at + 800, 0, kind::completion, "y");
    front.ticket(event::received, i, at + 1520 - slow, 0, kind::completion, "y");
    rotate(front, "one/1", "front", i);
    if (i % 2 == 1)
      rotate(back, "two/1", "back", i);
  }
  std::reverse(files.begin(), files.end());
  const auto offsets = estimate_offsets(files);
  CHECK(offsets.clocks().size() == 2);
  std::ostringstream notes;
  prepared_trace trace{files, notes};
  CHECK(trace.uncertainty_ns(0, "one/1", 1, "two/1") == 20'000);
  std::map<std::string, std::pair<uint64_t, int64_t>> next; // number and time
  uint64_t records = 0;
  while (const auto* x = trace.next()) {
    auto& [number, when] = next[std::string{x->node()}];
    CHECK(x->entry->record == number++);
    CHECK(x->wall_ns > when);
    when = x->wall_ns;
    ++records;
  }
  CHECK(records == 32);
  CHECK(next.size() == 2);
}

TEST_CASE("clock offsets: a file has a clock for each run between which it was set") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  for (uint64_t i = 0; i < 3; ++i) {
    const auto at = static_cast<int64_t>(i) * 1000;
    front.clock_ns = i == 1 ? -3'000'000'000 : 0;
    if (i > 0)
      front.header("one/" + std::to_string(i + 1));
    add_operation(front, back, i, at);
  }
  const std::vector<std::string> files{folder.file("back", back.text()), folder.file("front", front.text())};
  const auto x = merge({.files = files});
  CHECK(contains(x.notes, files[1] + " from one/2 on: clock moved by 3000000.0 us, off by 20.0 us at most"));
  CHECK(!contains(x.notes, "contradict"));
  for (const auto& read : {files, {folder.file("merged", x.out)}}) {
    std::ostringstream notes;
    prepared_trace trace{read, notes};
    const auto last = read.size() - 1;
    CHECK(trace.uncertainty_ns(0, "two/1", last, "one/2") == 20'000);
    CHECK(trace.uncertainty_ns(0, "two/1", last, "one/1") == 20'000);
    std::vector<int64_t> times;
    while (const auto* record = trace.next())
      times.push_back((record->wall_ns - written_trace::start_wall_ns) / 1000);
    CHECK(times == std::vector<int64_t>{0, 20, 100, 120, 1000, 1020, 1100, 1120, 2000, 2020, 2100, 2120});
  }
}

TEST_CASE("clock offsets: tickets that contradict each other say so, and nothing is known of the uncertainty") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  for (uint64_t i = 0; i < 4; ++i) {
    const auto at = static_cast<int64_t>(i) * 1000;
    back.clock_ns = i < 2 ? 0 : 50'000'000; // it jumped
    add_operation(front, back, i, at);
  }
  const std::vector<std::string> files{folder.file("front", front.text()), folder.file("back", back.text())};
  const auto offset = estimate_offsets(files)[1];
  CHECK(offset.contradiction_ns == 49'960'000);
  CHECK(!offset.uncertainty_ns);
  auto x = merge({.files = files});
  CHECK(contains(x.notes, "which may be wrong: the tickets contradict each other by 49.960 ms"));
  CHECK(!contains(x.notes, "at most"));
  CHECK(contains(merge({.files = files, .json = true}).notes, R"("contradiction_ns":49960000)"));
  const auto explained = run_command(trace_explain, {"3f2a.1", files}).out;
  CHECK(contains(explained, "how far apart the clocks of the two nodes are is not known"));
  CHECK(contains(explained, "contradict each other by 49.960 ms"));
  CHECK(!contains(explained, "ended first"));
  const auto stats = run_command(trace_stats_of, {files});
  CHECK(contains(stats.out, "how far apart the clocks of the nodes are is not known"));
  CHECK(contains(stats.notes, "contradict each other by 49.960 ms"));
}

TEST_CASE("trace merge: what it writes is in golden/") {
  const auto x = merge({.files = shop()});
  CHECK(x.status == 0);
  check_golden_text(without_folders(x.out), "merge.jsonl");
  check_golden_text(without_folders(x.notes), "merge_notes.txt");
}

TEST_CASE("trace merge: nothing is said of the clock of a file that cannot be read") {
  const temporary_folder folder;
  const two_nodes nodes{0};
  const auto good = folder.file("front", nodes.front.text());
  auto x = merge({.files = {"/nonexistent", good}});
  CHECK(x.status == exit_error);
  CHECK(x.notes
        == "tandem: cannot read /nonexistent: No such file or directory\ntandem: " + good
             + ": clock taken as the right one\n");
  x = merge({.files = {folder.file("empty", ""), folder.file("other", "a text\n"), good}});
  CHECK(!contains(x.notes, "empty: clock"));
  CHECK(!contains(x.notes, "other: clock"));
  CHECK(contains(x.notes, good + ": clock taken as the right one\n"));
  x = merge({.files = {"/nonexistent", good}, .json = true});
  CHECK(!contains(x.notes, "\"file\":\"/nonexistent\""));
}

TEST_CASE("trace merge: clocks left alone, and a merged trace merged again") {
  const temporary_folder folder;
  const two_nodes nodes{5'000'000'000};
  const auto front = folder.file("front", nodes.front.text());
  const auto back = folder.file("back", nodes.back.text());
  const auto x = merge({.files = {front, back}, .offset = false});
  CHECK(x.notes.empty());
  const auto records = x.out.substr(x.out.find('\n'));
  CHECK(records.find("\"side\":\"back\"") > records.rfind("\"side\":\"front\"")); // seconds later
  const auto again = merge({.files = {folder.file("merged", x.out)}, .offset = false});
  CHECK(again.out.substr(again.out.find('\n')) == x.out.substr(x.out.find('\n')));
}

TEST_CASE("trace merge: the estimate as JSON, the output to a file, and not over an input") {
  const temporary_folder folder;
  const two_nodes nodes{1'000'000};
  const auto front = folder.file("front", nodes.front.text());
  const auto back = folder.file("back", nodes.back.text());
  const auto x = merge({.files = {front, back}, .output = folder.file("out"), .json = true});
  CHECK(x.out.empty());
  const auto second = nlohmann::json::parse(x.notes.substr(x.notes.find('\n') + 1));
  CHECK(second["offset_ns"] == -1'020'000);
  CHECK(second["basis"] == "tickets both ways");
  CHECK(content_of(folder.file("out")).starts_with("{\"tandem_trace\":1,"));
  CHECK_THROWS_AS(merge({.files = {front, back}, .output = front}), usage_error);
  CHECK(content_of(front) == nodes.front.text());
  CHECK_THROWS_AS(merge({.files = {front}, .output = "/nonexistent/x"}), user_error);
}

TEST_CASE("trace merge: the program reads standard input twice") {
  const temporary_folder folder;
  const two_nodes nodes{2'000'000};
  const auto front = folder.file("front", nodes.front.text());
  const auto back = folder.file("back", nodes.back.text());
  tandem_process running{{"trace", "merge", front, "-"}, "&1", back};
  const auto output = running.rest();
  CHECK(running.wait() == 0);
  CHECK(output.find("standard input: clock moved by -2020.0 us") != std::string::npos);
}
