/// `tandem trace tail` on files that grow, are rotated, truncated, or not there yet.
#include "../support/written_trace.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/listing/tail.hpp"
#include "../../tools/trace/reading/growing_trace.hpp"

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

/// A trace of tickets with sequence numbers from..to-1.
std::string tickets(uint64_t from, uint64_t to) {
  written_trace x{trace_side::front, "one/1"};
  for (auto i = from; i < to; ++i)
    x.ticket(event::sent, 1, static_cast<int64_t>(i), i, kind::continuation, "x");
  return x.text();
}

/// The same without the header.
std::string more_tickets(uint64_t from, uint64_t to) {
  const auto text = tickets(from, to);
  return text.substr(text.find('\n') + 1);
}

void append(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::binary | std::ios::app} << text;
}

/// The sequence numbers that are there now.
std::vector<uint64_t> read_all(growing_trace& trace) {
  std::vector<uint64_t> result;
  while (const auto* x = trace.next())
    result.push_back(x->entry->sequence_number.value);
  return result;
}

using numbers = std::vector<uint64_t>;

} // namespace

TEST_CASE("growing trace: the last lines of what is there, and what is added, lines in pieces too") {
  const temporary_folder folder;
  const auto path = folder.file("t", tickets(0, 1000));
  std::ostringstream notes;
  growing_trace trace{path, notes};
  REQUIRE(trace.open(3));
  CHECK(read_all(trace) == numbers{997, 998, 999});
  CHECK(read_all(trace).empty());
  const auto line = more_tickets(1000, 1001);
  append(path, line.substr(0, 20));
  CHECK(read_all(trace).empty());
  append(path, line.substr(20) + more_tickets(1001, 1002));
  CHECK(read_all(trace) == numbers{1000, 1001});
  CHECK(notes.str().empty());
}

TEST_CASE("growing trace: more lines than there are, none, and lines longer than a block") {
  const temporary_folder folder;
  std::ostringstream notes;
  const auto path = folder.file("t", tickets(0, 3));
  growing_trace all{path, notes};
  REQUIRE(all.open(100));
  CHECK(read_all(all) == numbers{0, 1, 2});
  growing_trace none{path, notes};
  REQUIRE(none.open(0));
  CHECK(read_all(none).empty());
  append(path, more_tickets(3, 4));
  CHECK(read_all(none) == numbers{3});
  written_trace large{trace_side::front, "one/1"};
  for (uint64_t i = 0; i < 5; ++i)
    large.ticket(event::sent, 1, 0, i, kind::continuation, std::string(100'000, 'x'));
  growing_trace last{folder.file("large", large.text()), notes};
  REQUIRE(last.open(2));
  CHECK(read_all(last) == numbers{3, 4});
}

TEST_CASE("growing trace: a file that is not there yet, and one that cannot be read") {
  const temporary_folder folder;
  std::ostringstream notes;
  const auto path = folder.file("t");
  growing_trace trace{path, notes};
  CHECK(!trace.open(10));
  CHECK(read_all(trace).empty());
  append(path, tickets(0, 2));
  CHECK(read_all(trace) == numbers{0, 1});
  growing_trace directory{"/tmp", notes};
  CHECK_THROWS_AS(directory.open(1), user_error);
}

TEST_CASE("growing trace: rotated, the old one is read to its end before the new one") {
  const temporary_folder folder;
  std::ostringstream notes;
  const auto path = folder.file("t", tickets(0, 2));
  growing_trace trace{path, notes};
  REQUIRE(trace.open(10));
  CHECK(read_all(trace) == numbers{0, 1});
  append(path, more_tickets(2, 3));
  std::filesystem::rename(path, path + ".1");
  CHECK(read_all(trace) == numbers{2});
  append(path + ".1", more_tickets(3, 4));
  append(path, tickets(4, 6));
  CHECK(read_all(trace) == numbers{3, 4, 5});
  // Twice before anybody looks.
  append(path, more_tickets(6, 7));
  std::filesystem::rename(path + ".1", path + ".2");
  std::filesystem::rename(path, path + ".1");
  append(path, tickets(7, 8));
  std::filesystem::rename(path + ".2", path + ".3");
  std::filesystem::rename(path + ".1", path + ".2");
  std::filesystem::rename(path, path + ".1");
  append(path, tickets(8, 9));
  CHECK(read_all(trace) == numbers{6, 7, 8});
}

TEST_CASE("growing trace: truncated, the new content is read") {
  const temporary_folder folder;
  std::ostringstream notes;
  const auto path = folder.file("t", tickets(0, 5));
  growing_trace trace{path, notes};
  REQUIRE(trace.open(1));
  CHECK(read_all(trace) == numbers{4});
  std::filesystem::resize_file(path, 0);
  append(path, tickets(10, 11));
  CHECK(read_all(trace) == numbers{10});
  CHECK(notes.str().find("was truncated") != std::string::npos);
}

TEST_CASE("trace tail: the last lines, and no following") {
  std::ostringstream out;
  std::ostringstream notes;
  CHECK(trace_tail({.file = golden_folder + "front.jsonl", .lines = 2, .follow = false}, out, notes) == 0);
  check_golden_text(out.str(), "tail.txt");
  CHECK(notes.str().empty());
  CHECK_THROWS_AS(trace_tail({.file = "/nonexistent", .follow = false}, out, notes), user_error);
}

TEST_CASE("trace tail: without following, the last line counts as it is, and what is no trace is none") {
  const temporary_folder folder;
  const auto last_of = [](const std::string& file, std::ostream& notes) {
    std::ostringstream out;
    const int status = trace_tail({.file = file, .lines = 1, .follow = false, .json = true}, out, notes);
    CHECK(status == 0);
    return out.str();
  };
  std::ostringstream notes;
  auto text = tickets(0, 2);
  const auto last = text.substr(text.rfind('\n', text.size() - 2) + 1);
  text.pop_back();
  CHECK(last_of(folder.file("t", text), notes) == last);
  CHECK(notes.str().empty());
  const auto garbage = folder.file("garbage", "hello\n");
  std::ostringstream out;
  CHECK(trace_tail({.file = garbage, .lines = 1, .follow = false}, out, notes) == 1);
  CHECK(notes.str()
        == "tandem: " + garbage + ": line 1: not JSON\ntandem: " + garbage
             + " is not a trace file: line 1: not JSON\n");
  std::ostringstream more;
  const auto empty = folder.file("empty", "");
  CHECK(trace_tail({.file = empty, .lines = 1, .follow = false}, out, more) == 1);
  CHECK(more.str() == "tandem: " + empty + " is not a trace file: it is empty\n");
  CHECK(out.str().empty());
}

TEST_CASE("trace tail: what cannot be read is said of the last lines, and what will never be a trace is not awaited") {
  const temporary_folder folder;
  const auto broken = folder.file("broken", tickets(0, 9) + "garbage\n" + more_tickets(9, 11));
  const auto x = run_command(trace_tail, {.file = broken, .lines = 3, .follow = false});
  CHECK(contains(x.notes, "broken: of the last lines, line 1: not JSON"));
  const auto text = tickets(0, 9);
  const auto cut = folder.file("cut", text.substr(0, text.size() - 20));
  CHECK(contains(run_command(trace_tail, {.file = cut, .lines = 2, .follow = false}).notes,
                 "of the last lines, line 2: cut off"));
  const auto wide = run_command(trace_tail, {.file = folder.file("wide", "\xff\xfe{"), .follow = true});
  CHECK(wide.status == exit_error);
  CHECK(contains(wide.notes, "wide is not a trace file: it is UTF-16"));
}

TEST_CASE("trace tail: it ends when nobody reads it any more, though nothing is added") {
  const auto x = run_script("\"$T\" trace tail '" + golden_folder + "front.jsonl' | head -n 1");
  CHECK(x.status == 0);
  CHECK(x.output.find("operation") != std::string::npos);
}

TEST_CASE("trace tail: the program prints what is added, line by line, until it is told to end") {
  const temporary_folder folder;
  const auto path = folder.file("t", tickets(0, 1));
  tandem_process running{{"trace", "tail", path, "--json", "-n", "5"}};
  running.await_line("{\"record\":0,");
  append(path, more_tickets(1, 2));
  CHECK(running.await_line("{\"record\":0,").find("\"sequence_number\":1") != std::string::npos);
  std::filesystem::rename(path, path + ".1");
  append(path, tickets(2, 3));
  CHECK(running.await_line("{\"record\":0,").find("\"sequence_number\":2") != std::string::npos);
  running.send_signal(SIGINT);
  CHECK(running.rest().empty());
  CHECK(running.wait() != 0);
}
