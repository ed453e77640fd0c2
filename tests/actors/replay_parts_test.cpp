/// Traces that are not played as they stand: large ones in parts, redacted ones with placeholders; what is late.
#include "../../actors/replay/operation_source.hpp"
#include "../../actors/replay/replay.hpp"
#include "../support/recorded_ends.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// What read_recorded gives of an operation, in a text.
std::string outline_of(const recorded_operation& x) {
  return to_string(x.id) + " " + x.name + " " + std::to_string(x.steps.size()) + " " + x.unfit + "\n";
}

/// The groups of a trace that is read with so much memory.
std::vector<std::vector<recorded_operation>> groups_of(const std::string& file, uint64_t bytes) {
  std::ifstream in{file, std::ios::binary};
  trace_reader reader{in};
  operation_source source{reader, trace_side::back, bytes};
  std::vector<std::vector<recorded_operation>> result;
  for (auto group = source.next(); !group.empty(); group = source.next())
    result.push_back(std::move(group));
  return result;
}

trace_entry back_ticket(ticket_kind kind, uint64_t number, std::optional<payload> content = {}) {
  back_to_front_ticket ticket;
  ticket.operation = {1, 1};
  ticket.sequence_number = {number};
  ticket.kind = kind;
  ticket.payload = std::move(content);
  trace_entry result;
  result.side = trace_side::back;
  set_ticket(result, ticket);
  if (ticket.payload) {
    result.payload = to_trace_payload(*ticket.payload);
    result.payload_size = wire_size(*ticket.payload);
  }
  return result;
}

/// An operation with two results and the end.
recorded_operation three_tickets() {
  recorded_operation result;
  result.name = "list";
  result.ended = outcome::completed;
  for (auto&& x : {back_ticket(ticket_kind::continuation, 0, text("a")),
                   back_ticket(ticket_kind::continuation, 1, text("b")), back_ticket(ticket_kind::completion, 2)})
    result.steps.push_back({recorded_step::what::to_front, duration::zero(), x, 0});
  return result;
}

struct found {
  std::string differences;
  std::string late;
};

found compared(const std::vector<trace_entry>& came) {
  replay_report report;
  compare(three_tickets(), recorded_step::what::to_front, came, std::nullopt, report, replay_time::is_real);
  found result;
  for (const auto& x : report.differences)
    result.differences += x.where + ": " + x.expected + ", " + x.actual + "\n";
  for (const auto& x : report.late)
    result.late += x.where + ": " + x.expected + ", " + x.actual + "\n";
  CHECK(report.is_same() == false);
  return result;
}

} // namespace

TEST_CASE("replay: a trace that is larger than the memory is played in parts, with the same result") {
  const recorded_ends x;
  x.start_recording();
  const auto open = x.begin("hold");
  for (int i = 0; i < 40; ++i)
    x.begin("echo");
  open.cancel();
  settle({x.front, x.back});
  x.back.recorder().stop();
  const auto whole = groups_of(x.back_file, operation_source::no_limit);
  REQUIRE(whole.size() == 1);
  CHECK(whole[0].size() == 41);
  const auto parts = groups_of(x.back_file, 20000);
  CHECK(parts.size() > 2);
  std::vector<std::string> expected;
  std::vector<std::string> actual;
  for (const auto& y : whole[0])
    expected.push_back(outline_of(y));
  for (const auto& group : parts)
    for (const auto& y : group)
      actual.push_back(outline_of(y));
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  CHECK(actual == expected); // that which was open all the time too: it is in a later part
  std::ifstream trace{x.back_file, std::ios::binary};
  const auto report = replay(trace, test_services(), {.trace_bytes = 20000});
  CHECK(report.operations == 41);
  CHECK(report.is_same());
  CHECK(report.skipped.empty());
}

TEST_CASE("replay: where operations that do not end fill the memory, the oldest are given up") {
  const recorded_ends x;
  x.start_recording();
  std::vector<operation> open;
  for (int i = 0; i < 40; ++i)
    open.push_back(x.begin("hold"));
  x.back.recorder().stop();
  std::ifstream trace{x.back_file, std::ios::binary};
  const auto report = replay(trace, test_services(), {.trace_bytes = 10000});
  CHECK(report.operations + report.skipped.size() == 40);
  REQUIRE(!report.skipped.empty());
  CHECK(report.skipped[0].ends_with(": hold: it is open for longer than the memory for records lasts"));
  CHECK(report.operations > 0);
}

TEST_CASE("replay: a redacted text is played as one of its size, and compared by its size") {
  const recorded_ends x;
  const auto start = [](const std::string& file, recording_profile profile, redaction redact) {
    return recording_options{.file = file, .profile = profile, .redact = std::move(redact)};
  };
  x.back.recorder().start(start(x.back_file, recording_profile::production, {}));
  x.begin("echo", text("a secret"));
  x.back.recorder().stop();
  x.back.recorder().start(
    start(x.back_file, recording_profile::full, [](const payload&) { return std::optional{text("short")}; }));
  x.begin("echo", text("a long secret"));
  x.back.recorder().stop();
  std::vector<std::string> got;
  auto services = std::make_shared<method_table>();
  services->add("echo", [&got](const operation_context&, const output_consumer& out) {
    return make_consumer(
      [&got, out](payload content) {
        got.push_back(get_payload<std::string>(content));
        out.consume(std::move(content));
      },
      [out] { out.terminate(); });
  });
  std::ifstream trace{x.back_file, std::ios::binary};
  const auto report = replay(trace, services);
  CHECK(report.operations == 2);
  CHECK(report.is_same());
  CHECK(got == std::vector{"xxxxxxxx"s, "xxxxxxxxxxxxx"s});
  auto shorter = std::make_shared<method_table>();
  shorter->add("echo", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload) { out.consume(text("no")); }, [out] { out.terminate(); });
  });
  trace.clear();
  trace.seekg(0);
  CHECK(replay(trace, shorter).differences.size() == 2);
}

TEST_CASE("replay: redacted payloads of other types cannot be played") {
  const recorded_ends x;
  x.back.recorder().start({.file = x.back_file, .profile = recording_profile::production});
  x.begin("echo", make_payload(int32_t{7}));
  x.back.recorder().stop();
  std::ifstream trace{x.back_file, std::ios::binary};
  const auto report = replay(trace, test_services());
  CHECK(report.operations == 0);
  CHECK_FALSE(report.is_same());
  REQUIRE(report.skipped.size() == 1);
  CHECK(report.skipped[0].ends_with(": echo: line 2: its payload is not in the trace (redacted)"));
}

TEST_CASE("replay: in real time, what has not come yet is late, and what came instead is a difference") {
  const auto a = back_ticket(ticket_kind::continuation, 0, text("a"));
  const auto none = compared({});
  CHECK(none.differences == "");
  CHECK(none.late == "ticket 0: continuation \"a\", nothing\n"); // once of an operation
  const auto some = compared({a});
  CHECK(some.differences == "");
  CHECK(some.late == "ticket 1: continuation \"b\", nothing\n");
  const auto expired = compared({a, back_ticket(ticket_kind::expiration, 1)});
  CHECK(expired.differences == "");
  CHECK(expired.late == "ticket 1: continuation \"b\", expiration\n");
  const auto wrong = compared({back_ticket(ticket_kind::continuation, 0, text("A"))});
  CHECK(wrong.differences == "ticket 0: continuation \"a\", continuation \"A\"\n");
  CHECK(wrong.late == "ticket 1: continuation \"b\", nothing\n");
  const auto less = compared({a, back_ticket(ticket_kind::completion, 1)});
  CHECK(less.differences == "ticket 1: continuation \"b\", completion\nticket 2: completion, nothing\n");
  CHECK(less.late == "");
  const auto failed = compared({back_ticket(ticket_kind::servicer_failure, 0)});
  CHECK(failed.differences
        == "ticket 0: continuation \"a\", servicer failure\nticket 1: continuation \"b\", nothing\n"
           "ticket 2: completion, nothing\n");
  CHECK(failed.late == "");
}

TEST_CASE("replay: a list of the report has a bound, and what comes after it is counted") {
  replay_report report;
  const auto x = three_tickets();
  for (size_t i = 0; i < replay_report::most_listed; ++i)
    compare(x, recorded_step::what::to_front, {back_ticket(ticket_kind::completion, 0)}, std::nullopt, report);
  CHECK(report.differences.size() == 10000);
  CHECK(report.further_differences == 20000); // three of each operation
}
