/// What every command reads: records in the order of corrected times, and what is known of clocks and missing records.
#include "../support/written_trace.hpp"

#include "../../tools/trace/filtering/filter.hpp"
#include "../../tools/trace/merging/merge.hpp"
#include "../../tools/trace/reading/link_loss.hpp"
#include "../../tools/trace/reading/prepared_trace.hpp"

#include <nlohmann/json.hpp>

#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

/// When the records happened, in microseconds, as they are given.
std::vector<int64_t> times_of(const std::vector<std::string>& files, const preparation& how = {}) {
  std::ostringstream notes;
  prepared_trace trace{files, notes, how};
  std::vector<int64_t> result;
  while (const auto* x = trace.next())
    result.push_back((x->wall_ns - written_trace::start_wall_ns) / 1000);
  CHECK(trace.finish() == 0);
  CHECK(notes.str() == "");
  return result;
}

using times = std::vector<int64_t>;

/// Calls of 100 us there and 60 us back; the back's clock is ahead by 3 s.
struct two_hosts {
  explicit two_hosts(bool both_ways) {
    back.clock_ns = 3'000'000'000;
    front.ticket(event::sent, 1, 0, 0, kind::entire, "x");
    back.ticket(event::received, 1, 100, 0, kind::entire, "x");
    if (both_ways) {
      back.ticket(event::sent, 1, 200, 0, kind::completion);
      front.ticket(event::received, 1, 260, 0, kind::completion);
    }
  }

  std::vector<std::string> files() const {
    return {folder.file("front", front.text()), folder.file("back", back.text())};
  }

  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  temporary_folder folder;
};

/// A trace of a few records in which the recorder, or its reader, has left out some.
std::string with_gap() {
  written_trace x{trace_side::front, "one/1"};
  x.ticket(event::sent, 1, 0, 0, kind::commencement);
  auto dropped = x.entry(event::dropped, 0, 10);
  dropped.count = 3;
  x.add(dropped);
  x.ticket(event::sent, 1, 20, 4, kind::completion);
  return x.text();
}

} // namespace

TEST_CASE("prepared trace: operations that several threads recorded are in the order of time") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "h/1"};
  front.begun(2, 2000, "b");
  front.begun(1, 1000, "a");
  front.ticket(event::sent, 1, 1100, 0, kind::entire, "x");
  front.ended(1, 1200, outcome::completed);
  written_trace back{trace_side::back, "h/2"};
  back.ticket(event::received, 1, 1500, 0, kind::entire, "x");
  const std::vector<std::string> files{folder.file("front", front.text()), folder.file("back", back.text())};
  CHECK(times_of(files) == times{1000, 1100, 1200, 1500, 2000});
  CHECK(times_of({files[0]}) == times{1000, 1100, 1200, 2000});
  CHECK(times_of({files[0]}, {.in_order = false}) == times{2000, 1000, 1100, 1200});
  std::ostringstream out;
  std::ostringstream notes;
  CHECK(trace_merge({.files = files}, out, notes) == 0);
  CHECK(times_of({folder.file("merged", out.str())}, {.in_order = false}) == times{1000, 1100, 1200, 1500, 2000});
}

TEST_CASE("prepared trace: records of one operation at one side stay as they were written") {
  const temporary_folder folder;
  written_trace back{trace_side::back, "h/2"};
  back.ticket(event::received, 1, 30, 0, kind::commencement);
  back.ticket(event::received, 2, 10, 0, kind::commencement);
  back.begun(1, 20, "a"); // its time is the one from which its timeout is measured
  back.ticket(event::received, 2, 25, 1, kind::completion);
  CHECK(times_of({folder.file("back", back.text())}) == times{10, 25, 30, 20});
}

TEST_CASE("prepared trace: where the clock jumps back, what was written before comes first") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "h/1"};
  front.begun(1, 1'000'000, "a");
  front.begun(2, 1'000'010, "b");
  front.begun(3, 899'000, "c"); // 101 ms earlier
  front.begun(4, 898'990, "d");
  CHECK(times_of({folder.file("front", front.text())}) == times{1'000'000, 1'000'010, 898'990, 899'000});
}

TEST_CASE("prepared trace: those that are not given change nothing in the order of the others") {
  std::mt19937 random{1};
  const auto below = [&random](int64_t x) { return static_cast<int64_t>(random() % static_cast<uint64_t>(x)); };
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    const temporary_folder folder;
    std::vector<std::string> files;
    for (const auto* name : {"h/1", "h/2"}) {
      written_trace x{trace_side::front, name};
      int64_t now = 1'000'000;
      for (int i = 0; i < 200; ++i) {
        now += below(50) == 0 ? below(600'000) - 300'000 : below(4000); // the clock is set now and then
        x.begun(static_cast<uint64_t>(below(30)), now - below(20'000), "a");
        if (below(60) == 0)
          x.header(name);
      }
      files.push_back(folder.file(std::to_string(files.size()), x.text()));
    }
    using record = std::pair<uint64_t, int64_t>;
    const auto is_chosen = [](const placed_entry& x) { return x.entry->operation.low % 3 == 0; };
    const auto record_of = [](const placed_entry& x) { return record{x.entry->operation.low, x.wall_ns}; };
    std::vector<record> wanted;
    std::vector<record> seen;
    std::vector<record> given;
    std::ostringstream notes;
    prepared_trace all{files, notes, {.repeated = true}};
    all.look_through([&](const placed_entry& x) { seen.push_back(record_of(x)); }, true, false);
    std::vector<record> every;
    while (const auto* x = all.next()) {
      every.push_back(record_of(*x));
      if (is_chosen(*x))
        wanted.push_back(record_of(*x));
    }
    CHECK(seen == every);
    prepared_trace some{files, notes};
    some.give_only(is_chosen);
    while (const auto* x = some.next()) {
      CHECK(!x->line.empty());
      given.push_back(record_of(*x));
    }
    CHECK(given == wanted);
    CHECK(!given.empty());
  }
}

TEST_CASE("prepared trace: runs of a program do not mix, however short they are") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "h/1"};
  front.begun(1, 50, "a");
  front.header("h/2");
  front.begun(1, 20, "a");
  CHECK(times_of({folder.file("front", front.text())}) == times{50, 20});
}

TEST_CASE("prepared trace: a long trace comes out whole, with its lines and headers") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "h/1"};
  for (int64_t i = 0; i < 20'000; ++i) // in pairs that are out of order
    front.ticket(event::sent, static_cast<uint64_t>(i), i ^ 1, 0, kind::entire, std::to_string(i));
  std::ostringstream notes;
  prepared_trace trace{{folder.file("front", front.text())}, notes};
  int64_t count = 0;
  while (const auto* x = trace.next()) {
    const auto number = static_cast<uint64_t>(count ^ 1);
    REQUIRE(x->wall_ns == written_trace::start_wall_ns + count * 1000);
    REQUIRE(x->entry->operation.low == number);
    REQUIRE(nlohmann::json::parse(x->line)["ticket"]["payload"] == std::to_string(number));
    REQUIRE(x->node() == "h/1");
    ++count;
  }
  CHECK(count == 20'000);
}

TEST_CASE("prepared trace: how far off times of two nodes can be from each other, or that nobody knows") {
  std::ostringstream notes;
  const two_hosts related{true};
  const prepared_trace known{related.files(), notes};
  CHECK(known.clocks()[1].nanoseconds == -3'000'020'000); // 100 us there and 60 us back look like 80 us each way
  CHECK(known.uncertainty_ns(0, "one/1", 1, "two/1") == 80'000);
  const two_hosts one_way{false};
  prepared_trace unknown{one_way.files(), notes};
  CHECK(!unknown.uncertainty_ns(0, "one/1", 1, "two/1"));
  CHECK(unknown.uncertainty_ns(0, "one/1", 0, "one/1") == 0);
  CHECK(notes.str() == "");
  unknown.write_clock_notes();
  CHECK(contains(notes.str(), "back: how far its clock is off is not known (tickets one way)"));
}

TEST_CASE("prepared trace: a merged trace knows what its clocks were known by") {
  const two_hosts related{true};
  const two_hosts one_way{false};
  for (const auto* hosts : {&related, &one_way}) {
    std::ostringstream out;
    std::ostringstream notes;
    CHECK(trace_merge({.files = hosts->files()}, out, notes) == 0);
    const prepared_trace merged{{hosts->folder.file("merged", out.str())}, notes};
    const auto x = merged.uncertainty_ns(0, "one/1", 0, "two/1");
    CHECK(x == (hosts == &related ? std::optional<int64_t>{80'000} : std::nullopt));
  }
}

TEST_CASE("prepared trace: records that the recorder left out, that are missing, and that a filter left out") {
  const temporary_folder folder;
  const auto why = [&](const std::string& text) {
    std::ostringstream notes;
    prepared_trace trace{{folder.file("t", text)}, notes, {.finds_lacks = true}};
    while (trace.next() != nullptr)
      continue;
    return trace.lacks().of("one/1")->why_incomplete();
  };
  const auto text = with_gap();
  CHECK(why(text) == "its recorder dropped 3 records");
  auto cut = text;
  const auto second = cut.find("{\"record\":1");
  cut.erase(second, cut.find('\n', second) + 1 - second);
  CHECK(why(cut) == "1 record is missing by the record numbers");
  std::ostringstream filtered;
  std::ostringstream notes;
  CHECK(trace_filter({"kind = completion", {folder.file("t", text)}}, filtered, notes) == 0);
  CHECK(why(filtered.str()) == "it has only what `kind = completion` selects");
  // A recorder takes operations whole, or not at all.
  auto captured = text;
  captured.insert(captured.find(",\"start_wall_ns"), R"(,"capture":"db.*{p:256}, -db.health")");
  CHECK(why(captured) == "its recorder dropped 3 records");
}

TEST_CASE("prepared trace: records that are only out of order are not missing") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  front.begun(2, 2000, "b");
  front.begun(1, 1000, "a");
  front.begun(3, 3000, "c");
  std::ostringstream notes;
  prepared_trace trace{{folder.file("t", front.text())}, notes, {.finds_lacks = true}};
  while (trace.next() != nullptr)
    continue;
  trace.lacks().write_notes(notes);
  CHECK(notes.str() == "");
}

TEST_CASE("link loss: one that names another node is not that of an operation") {
  CHECK(loss_may_concern("the connection to h/9 is lost: the other side closed it", "h/9"));
  CHECK(!loss_may_concern("the connection to h/9 is lost: the other side closed it", "h/1"));
  CHECK(!loss_may_concern("the connection was closed by web/101", "web/10"));
  CHECK(loss_may_concern("the connection was closed by web/101", ""));
  CHECK(loss_may_concern("the link is gone", "h/1"));
  CHECK(loss_may_concern("", "h/1"));
}

TEST_CASE("prepared trace: a recording that is there twice is said to be, also beside a merged trace") {
  const two_hosts x{true};
  const auto files = x.files();
  const auto notes_of = [](const std::vector<std::string>& names) {
    std::ostringstream notes;
    prepared_trace trace{names, notes};
    return notes.str();
  };
  CHECK(notes_of(files) == "");
  const auto copy = x.folder.file("copy", x.front.text());
  CHECK(notes_of({files[0], files[1], copy})
        == "tandem: " + copy + " has a recording that " + files[0] + " has, too: its records count twice\n");
  const auto merged = x.folder.file("merged", run_command(trace_merge, {files}).out);
  CHECK(notes_of({merged}) == "");
  CHECK(contains(notes_of({merged, files[1]}), "has, too: its records count twice"));
}
