/// `tandem trace filter` selects records, or all records of operations, and prints a trace.
#include "../support/written_trace.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/filtering/filter.hpp"

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

printed filter(const std::string& expression, const std::vector<std::string>& files) {
  return run_command(trace_filter, {expression, files});
}

size_t records_of(const std::string& text) {
  const auto lines = std::count(text.begin(), text.end(), '\n');
  return static_cast<size_t>(lines) - (text.starts_with("{\"tandem_trace\"") ? 1 : 0);
}

/// `a` is completed, `b` expires at the front and `c` is open.
written_trace three_operations() {
  written_trace x{trace_side::front, "one/1"};
  x.name = "a";
  x.ticket(event::sent, 1, 0, 0, kind::entire, "hello");
  x.name = "b";
  x.ticket(event::sent, 2, 10, 0, kind::commencement);
  x.ticket(event::received, 1, 20, 0, kind::completion, "hello");
  x.name = "c";
  x.ticket(event::sent, 3, 30, 0, kind::commencement);
  x.ticket(event::sent, 2, 40, 1, kind::expiration);
  return x;
}

} // namespace

TEST_CASE("trace filter: by fields of operations, all of their records") {
  const temporary_folder folder;
  const auto file = folder.file("t", three_operations().text());
  CHECK(records_of(filter("name = a", {file}).out) == 2);
  CHECK(records_of(filter("outcome = expired", {file}).out) == 2);
  CHECK(records_of(filter("outcome = open", {file}).out) == 1);
  CHECK(records_of(filter("duration > 25us or name = c", {file}).out) == 3);
  const auto nothing = filter("name = d", {file});
  CHECK(nothing.status == 0);
  CHECK(records_of(nothing.out) == 0);
}

TEST_CASE("trace filter: what it lets through is in golden/") {
  const auto x = filter("outcome != completed or name ~ \"^stock\"", shop());
  CHECK(x.status == 0);
  check_golden_text(x.out, "filter.jsonl");
}

TEST_CASE("trace filter: by fields of records, and by both") {
  const temporary_folder folder;
  const auto file = folder.file("t", three_operations().text());
  CHECK(records_of(filter("payload = hello", {file}).out) == 2);
  CHECK(records_of(filter("event = sent", {file}).out) == 4);
  CHECK(records_of(filter("name = a and event = sent", {file}).out) == 1);
  CHECK(records_of(filter("name = a or kind = expiration", {file}).out) == 3);
}

TEST_CASE("trace filter: lines are as they were; the header says what was left out") {
  const temporary_folder folder;
  const auto trace = three_operations().text();
  const auto out = filter("name != x", {folder.file("t", trace)}).out;
  CHECK(out.substr(out.find('\n')) == trace.substr(trace.find('\n')));
  std::string error;
  const auto header = parse_header(out.substr(0, out.find('\n')), error);
  REQUIRE(header);
  CHECK(header->capture == "name != x");
  const auto again = filter("bytes > 0", {folder.file("u", out)}).out;
  CHECK(parse_header(again.substr(0, again.find('\n')), error)->capture == "(name != x) and (bytes > 0)");
}

TEST_CASE("trace filter: a merged trace stays one") {
  const temporary_folder folder;
  const auto merged = folder.file("m", content_of(golden_folder + "merge.jsonl"));
  const auto out = filter("name ~ stock", {merged}).out;
  std::string error;
  const auto header = parse_header(out.substr(0, out.find('\n')), error);
  REQUIRE(header);
  const auto text = content_of(merged);
  CHECK(!header->merged.empty());
  CHECK(header->merged == parse_header(text.substr(0, text.find('\n')), error)->merged);
  CHECK(header->capture == "name ~ stock");
}

TEST_CASE("trace filter: every run keeps its header, and the operations of one run are not those of the next") {
  const temporary_folder folder;
  auto trace = three_operations();
  trace.header("one/2");
  trace.name = "echo";
  trace.ticket(event::sent, 9, 100, 0, kind::entire);
  const auto out = filter("name = echo", {folder.file("t", trace.text())}).out;
  CHECK(std::count(out.begin(), out.end(), '\n') == 3);
  CHECK(out.find("one/2") > out.find("one/1"));
}

TEST_CASE("trace filter: of a trace without records, the header is left") {
  const temporary_folder folder;
  const auto out = filter("name = a", {folder.file("t", written_trace{trace_side::front, "one/1"}.text())}).out;
  CHECK(out.starts_with("{\"tandem_trace\":1,\"node\":\"one/1\""));
  CHECK(std::count(out.begin(), out.end(), '\n') == 1);
  CHECK(filter("name = a", {folder.file("empty", "")}).out.empty());
}

TEST_CASE("trace filter: an operation matches if one side does, and then both sides are there") {
  const auto out
    = filter("outcome = expired and side = back", {golden_folder + "front.jsonl", golden_folder + "back.jsonl"}).out;
  CHECK(records_of(out) == 5); // all of 3f2a.100
  CHECK(out.find("\"side\":\"front\"") != std::string::npos);
  CHECK(out.find("\"side\":\"back\"") != std::string::npos);
  const temporary_folder folder;
  CHECK(records_of(filter("name = sleep", {folder.file("merged", out)}).out) == 5); // a trace again
}

TEST_CASE("trace filter: what makes no sense, and files that cannot be read") {
  CHECK_THROWS_AS(filter("nonsense", {golden_folder + "front.jsonl"}), usage_error);
  const auto x = filter("bytes > 0", {"/nonexistent", golden_folder + "front.jsonl"});
  CHECK(x.status == 1);
  CHECK(x.notes == "tandem: cannot read /nonexistent: No such file or directory\n");
  CHECK(records_of(x.out) > 0);
}

TEST_CASE("trace filter: the program, in a pipe") {
  const auto bash = [](const std::string& script) {
    process shell{{"/bin/bash", "-c", "set -o pipefail; t='" + program("tandem") + "'; " + script + " 2>&1"}};
    std::string output;
    while (auto line = shell.read_line())
      output += *line + "\n";
    return finished{shell.wait(), output};
  };
  const auto piped = bash("$t trace filter 'name = sleep' - < '" + golden_folder + "front.jsonl' | $t trace show -");
  CHECK(piped.status == 0);
  CHECK(piped.output.find("3f2a.100") != std::string::npos);
  CHECK(piped.output.find("word count") == std::string::npos);
  const auto wrong = bash("$t trace filter 'name = a or' x");
  CHECK(wrong.status == 2);
  CHECK(wrong.output.find("  name = a or\n             ^\n") != std::string::npos);
}
