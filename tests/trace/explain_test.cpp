/// `tandem trace explain` says what is in golden/; taken over by running this with TANDEM_UPDATE_GOLDEN set.
#include "told_operations.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/telling/explain.hpp"
#include "../../tools/trace/telling/explanation.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

std::string explained(const std::string& operation, const std::vector<std::string>& files, bool json = false) {
  const auto x = run_command(trace_explain, {operation, files, json});
  CHECK(x.status == 0);
  CHECK(x.notes == "");
  return x.out;
}

} // namespace

TEST_CASE("trace explain: a timer fires while the completion is on its way") {
  const temporary_folder folder;
  const auto x = crossing_expiration();
  const auto front = folder.file("front", x.front.text());
  const auto back = folder.file("back", x.back.text());
  check_golden_text(explained("3f2a.100", {front, back}), "explain_crossing.txt");
  check_golden_text(explained("3f2a.100", {front}), "explain_front_only.txt");
  check_golden_text(explained("3f2a9c00000000010000000000000100", {back}), "explain_back_only.txt");
}

TEST_CASE("trace explain: the servicer fails, and clocks differ") {
  const temporary_folder folder;
  const auto x = failing_servicer();
  check_golden_text(explained("3f2a.200", {folder.file("front", x.front.text()), folder.file("back", x.back.text())}),
                    "explain_failing.txt");
}

TEST_CASE("trace explain: what links recorded") {
  check_golden_text(explained("3f2a.100", {golden_folder + "front.jsonl", golden_folder + "back.jsonl"}),
                    "explain_links.txt");
}

TEST_CASE("trace explain: JSON has the same") {
  const temporary_folder folder;
  const auto x = crossing_expiration();
  const auto json = nlohmann::json::parse(
    explained("3f2a.100", {folder.file("front", x.front.text()), folder.file("back", x.back.text())}, true));
  CHECK(json["operation_id"] == "3f2a9c00000000010000000000000100");
  CHECK(json["front"]["outcome"] == "expired");
  CHECK(json["front"]["cause"] == "timer");
  CHECK(json["front"]["under_way"].size() == 1);
  CHECK(json["back"]["outcome"] == "completed");
  CHECK(json["back"]["cause"] == "completion");
  CHECK(json["advice"].get<std::string>().find("unknown") != std::string::npos);
}

TEST_CASE("trace explain: each cause by its own records") {
  using enum trace_event;
  struct told {
    ticket_kind kind;
    trace_event event;
    outcome ended;
    ending_cause cause;
  };
  const told all[] = {
    {ticket_kind::cancellation, sent, outcome::cancelled, ending_cause::caller},
    {ticket_kind::serviced_failure, sent, outcome::serviced_failure, ending_cause::customer},
    {ticket_kind::reception_failure, sent, outcome::reception_failure, ending_cause::breach},
    {ticket_kind::expiration, sent, outcome::expired, ending_cause::timer},
    {ticket_kind::servicer_failure, received, outcome::servicer_failure, ending_cause::ticket},
    {ticket_kind::refusal, received, outcome::transmission_failure, ending_cause::refusal},
  };
  for (const auto& x : all) {
    CAPTURE(to_string(x.kind));
    const temporary_folder folder;
    written_trace trace{trace_side::front, "caller/1"};
    trace.begun(0x100, 0, "echo", std::chrono::seconds{1});
    trace.ticket(sent, 0x100, 10, 0, ticket_kind::commencement, "a", std::chrono::seconds{1});
    trace.ticket(x.event, 0x100, 20, x.event == sent ? 1 : 0, x.kind);
    trace.ended(0x100, 30, x.ended);
    std::ostringstream notes;
    const auto read = read_operations(*operation_selector::parse("3f2a.100"), "3f2a.100",
                                      {folder.file("front", trace.text())}, notes);
    const auto result = explain(read.operations.at(0));
    CHECK(result.sides[0].cause == x.cause);
    CHECK(!result.sides[1].known);
    CHECK(read.status == 0);
  }
}

TEST_CASE("trace explain: the program's errors name what was wrong") {
  const temporary_folder folder;
  const auto x = crossing_expiration();
  const auto front = folder.file("front", x.front.text());
  auto run = run_tandem({"trace", "explain", "nonsense", front});
  CHECK(run.status == exit_usage);
  CHECK(run.output.find("OPERATION: expected an operation's id") != std::string::npos);
  run = run_tandem({"trace", "explain", "3f2a.999", front});
  CHECK(run.status == exit_error);
  CHECK(run.output.find("no record of 3f2a.999 is in this trace") != std::string::npos);
  const auto other = folder.file("other", [] {
    written_trace trace{trace_side::front, "other"};
    auto begun = trace.entry(trace_event::begun, 0x100, 0);
    begun.operation.high = 0x3f2a9c0000000002;
    trace.add(begun);
    return trace.text();
  }());
  run = run_tandem({"trace", "explain", "3f2a.100", front, other});
  CHECK(run.status == exit_error);
  CHECK(run.output.find("names several operations") != std::string::npos);
  for (const auto* id : {"3F2A9C0000000001.100", "3F2A9C00000000010000000000000100"})
    CHECK(run_tandem({"trace", "explain", id, front, other}).status == exit_good);
  run = run_tandem({"trace", "explain", "3f2a9c0000000002.100", front, other});
  CHECK(run.status == exit_good);
}

TEST_CASE("trace explain: of an operation that is open, only what its trace can tell") {
  const temporary_folder folder;
  written_trace whole{trace_side::front, "one/1"};
  whole.ticket(trace_event::sent, 1, 0, 0, ticket_kind::commencement, "", std::chrono::hours{1});
  CHECK(contains(explained("3f2a.1", {folder.file("whole", whole.text())}),
                 "; its last ticket was not sent; ticket 0 from the back would have come next"));
  written_trace later{trace_side::front, "one/1"};
  later.ticket(trace_event::sent, 1, 3, 3, ticket_kind::continuation, "x");
  const auto told = explained("3f2a.1", {folder.file("later", later.text())});
  CHECK(contains(told, "; whether its last ticket was sent is not known"));
  CHECK(!contains(told, "would have come next"));
}

TEST_CASE("trace explain: of many tickets that were on their way some are listed, and the others counted") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "one/2"};
  front.begun(1, 0, "range");
  front.ticket(trace_event::sent, 1, 10, 0, ticket_kind::entire, "1");
  back.ticket(trace_event::received, 1, 20, 0, ticket_kind::entire, "1");
  back.begun(1, 20, "range");
  for (uint64_t i = 0; i < 50; ++i)
    back.ticket(trace_event::sent, 1, 30 + static_cast<int64_t>(i), i, ticket_kind::continuation, "x");
  front.ended(1, 90, outcome::cancelled);
  const std::vector<std::string> files{folder.file("front", front.text()), folder.file("back", back.text())};
  const auto text = explained("3f2a.1", files);
  CHECK(contains(text, "'s continuation 19"));
  CHECK(!contains(text, "'s continuation 20"));
  CHECK(contains(text, "On its way at that moment, too: 30 other tickets, listed with --json.\n"));
  CHECK(nlohmann::json::parse(explained("3f2a.1", files, true))["front"]["under_way"].size() == 50);
}

TEST_CASE("trace explain: of a trace that lacks records, whether an operation has ended is not known") {
  const temporary_folder folder;
  written_trace lacking{trace_side::front, "one/1"};
  lacking.begun(1, 0, "hold");
  lacking.ticket(trace_event::sent, 1, 10, 0, ticket_kind::commencement, "", std::chrono::hours{1});
  auto dropped = lacking.entry(trace_event::dropped, 0, 20);
  dropped.count = 3;
  lacking.add(dropped);
  const auto of = [&](const written_trace& x) {
    return run_command(trace_explain, {"3f2a.1", {folder.file("t", x.text())}}).out;
  };
  auto told = of(lacking);
  CHECK(contains(told, "Front: not known"));
  CHECK(contains(told, "Whether it has ended is not known, since its trace is not complete"));
  CHECK(contains(told, "the outcome that counts is the front's, which is not known"));
  lacking.ticket(trace_event::sent, 1, 30, 1, ticket_kind::cancellation);
  told = of(lacking);
  CHECK(contains(told, "It has ended, for cancellation 1 passed; its outcome is not known"));
}

TEST_CASE("trace explain: of a back that goes on, the front's outcome is still to come") {
  const temporary_folder folder;
  written_trace back{trace_side::back, "one/2"};
  back.ticket(trace_event::received, 1, 10, 0, ticket_kind::commencement, "", std::chrono::hours{1});
  back.begun(1, 10, "hold");
  const auto told = explained("3f2a.1", {folder.file("back", back.text())});
  CHECK(contains(told, "Front: not known"));
  CHECK(contains(told, "wait for the front's outcome"));
}
