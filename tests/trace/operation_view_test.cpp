/// The views of operations that a trace tells of, folded: with the records of ends, and with tickets only.
#include "../support/written_trace.hpp"

#include "../../tools/trace/operations/operation_table.hpp"

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::chrono_literals;
using event = trace_event;
using kind = ticket_kind;

namespace {

/// The operations of some traces, as the table gives them.
std::vector<operation_view> folded(const std::vector<const written_trace*>& traces) {
  const temporary_folder folder;
  std::vector<std::string> files;
  for (const auto* x : traces)
    files.push_back(folder.file(std::to_string(files.size()), x->text()));
  std::ostringstream notes;
  trace_input input{files, notes};
  std::vector<operation_view> result;
  operation_table<> table{[&result](operation_view& x) { result.push_back(x); }};
  while (const auto* x = input.next())
    table.take(*x);
  table.finish();
  CHECK(notes.str() == "");
  return result;
}

std::vector<operation_view> folded(const written_trace& trace) {
  return folded(std::vector<const written_trace*>{&trace});
}

operation_view folded_one(const written_trace& trace) {
  const auto result = folded(trace);
  REQUIRE(result.size() == 1);
  return result.front();
}

} // namespace

TEST_CASE("operation view: with tickets only, completed is inferred from the last ones") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 0, kind::commencement, "", 10s);
  trace.ticket(event::sent, 1, 100, 1, kind::continuation, "hello");
  trace.ticket(event::received, 1, 300, 0, kind::continuation, "hi");
  trace.ticket(event::sent, 1, 400, 2, kind::completion);
  auto x = folded_one(trace);
  CHECK(!x.ended);
  CHECK(x.output.state == stream_state::closed);
  CHECK(x.input.state == stream_state::open);
  CHECK(x.deadline_wall_ns() == written_trace::start_wall_ns + 10'000'000'000);
  trace.ticket(event::received, 1, 500, 1, kind::completion, "done");
  x = folded_one(trace);
  CHECK(x.ended == outcome::completed);
  CHECK(x.end_is_inferred);
  CHECK(x.total() == 500us);
  CHECK(x.name == "echo");
  CHECK(x.output.next == 3);
  CHECK(x.input.next == 2);
  CHECK(x.output.bytes == 5);
  CHECK(x.input.payloads == 2);
  CHECK(x.input.first_payload->monotonic_ns == 300'000);
}

TEST_CASE("operation view: an ended record decides, also when it comes after the last tickets") {
  written_trace trace{trace_side::back, "two/1"};
  trace.ticket(event::received, 1, 0, 0, kind::entire, "hello", 60s);
  trace.begun(1, 10, "echo", 5s);
  trace.ticket(event::sent, 1, 50, 0, kind::completion, "hello");
  auto x = folded_one(trace);
  CHECK(!x.ended); // there is a begun record, so nothing is inferred
  CHECK(x.timeout == 5s);
  trace.ended(1, 90, outcome::servicer_failure, "threw");
  x = folded_one(trace);
  CHECK(x.ended == outcome::servicer_failure);
  CHECK(!x.end_is_inferred);
  CHECK(x.details == "threw");
  CHECK(x.total() == 90us);
}

TEST_CASE("operation view: abortive tickets, at the side that sent and the one that got them") {
  for (const auto side : {trace_side::front, trace_side::back})
    for (const auto e : {event::sent, event::received}) {
      written_trace trace{side, "one/1"};
      trace.ticket(side == trace_side::front ? event::sent : event::received, 1, 0, 0, kind::commencement);
      trace.ticket(e, 1, 10, 5, kind::reception_failure);
      trace.ticket(e == event::sent ? event::received : event::sent, 1, 20, 1, kind::continuation, "late");
      const auto x = folded_one(trace);
      const auto expected = e == event::sent           ? outcome::reception_failure
                            : side == trace_side::back ? outcome::serviced_failure
                                                       : outcome::servicer_failure;
      CHECK(x.ended == expected);
      CHECK(x.late == 1);
      CHECK(x.output.payloads + x.input.payloads == 0);
    }
}

TEST_CASE("operation view: what comes ahead of its turn is held, its timeout too") {
  written_trace trace{trace_side::back, "two/1"};
  trace.ticket(event::received, 1, 0, 0, kind::commencement, "", 10s);
  trace.ticket(event::received, 1, 10, 2, kind::continuation, "c", 20s);
  trace.ticket(event::received, 1, 20, 3, kind::completion);
  auto x = folded_one(trace);
  CHECK(x.input.next == 1);
  CHECK(x.input.held.size() == 2);
  CHECK(x.input.state == stream_state::open);
  CHECK(x.timeout == 10s);
  trace.ticket(event::received, 1, 30, 1, kind::continuation, "b");
  x = folded_one(trace);
  CHECK(x.input.next == 4);
  CHECK(x.input.held.empty());
  CHECK(x.input.state == stream_state::closing);
  CHECK(x.timeout == 20s);
}

TEST_CASE("operation view: a sent ticket is never ahead of its turn: the records before it are missing") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 0, kind::commencement, "", 10s);
  trace.ticket(event::sent, 1, 10, 1, kind::continuation, "a");
  trace.ticket(event::sent, 1, 30, 3, kind::completion);
  auto x = folded_one(trace);
  CHECK(x.output.next == 4);
  CHECK(x.output.held.empty());
  CHECK(x.output.state == stream_state::closed);
  trace.ticket(event::received, 1, 40, 0, kind::completion, "r");
  x = folded_one(trace);
  CHECK(x.ended == outcome::completed);
  CHECK(x.total() == 40us);
}

TEST_CASE("operation view: what is held is bounded, and then goes on without the ticket that is missing") {
  written_trace trace{trace_side::back, "two/1"};
  trace.subscription = subscription_kind::none;
  trace.ticket(event::received, 1, 0, 0, kind::commencement, "", 10s);
  for (uint64_t i = 2; i < 2 + stream_view::most_held; ++i)
    trace.ticket(event::received, 1, static_cast<int64_t>(i), i, kind::continuation, "a");
  auto x = folded_one(trace);
  CHECK(x.input.next == 1);
  CHECK(x.input.held.size() == stream_view::most_held);
  const auto next = 2 + stream_view::most_held;
  trace.ticket(event::received, 1, 9000, next, kind::continuation, "a");
  x = folded_one(trace);
  CHECK(x.input.next == next + 1);
  CHECK(x.input.held.empty());
  trace.ticket(event::received, 1, 9010, next + 1, kind::completion);
  CHECK(folded_one(trace).ended == outcome::completed);
}

TEST_CASE("operation view: a back limits timeouts to its maximum") {
  written_trace trace{trace_side::back, "two/1"};
  trace.ticket(event::received, 1, 0, 0, kind::commencement, "", 10s);
  auto begun = trace.entry(event::begun, 1, 5);
  begun.name = "echo";
  begun.timeout = 3s;
  begun.maximum_timeout = 4s;
  trace.add(begun);
  trace.ticket(event::received, 1, 10, 1, kind::continuation, "", 60s);
  CHECK(folded_one(trace).timeout == 4s);
}

TEST_CASE("operation view: subscription none, where the back sends nothing") {
  for (const auto side : {trace_side::front, trace_side::back}) {
    written_trace trace{side, "one/1"};
    trace.subscription = subscription_kind::none;
    trace.ticket(side == trace_side::front ? event::sent : event::received, 1, 0, 0, kind::entire, "x");
    CHECK(folded_one(trace).ended == outcome::completed);
  }
}

TEST_CASE("operation view: a recording that began in the midst of it") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 7, kind::continuation, "x");
  auto x = folded_one(trace);
  CHECK(!x.has_beginning);
  CHECK(x.name == "");
  CHECK(x.output.next == 8);
  CHECK(!x.deadline_wall_ns());
  trace.ended(1, 100, outcome::cancelled);
  x = folded_one(trace);
  CHECK(x.ended == outcome::cancelled);
  CHECK(!x.total());
}

TEST_CASE("operation view: the same ticket, recorded at another link too, counts once") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 0, kind::commencement);
  auto again = trace.entry(event::sent, 1, 1);
  again.kind = kind::commencement;
  again.name = "echo";
  again.link = "other";
  trace.add(again);
  const auto x = folded_one(trace);
  CHECK(x.output.tickets == 1);
  CHECK(x.records == 2);
}

TEST_CASE("operation table: a new run ends what was open, and ids may come again") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 0, kind::commencement);
  trace.header("one/2");
  trace.ticket(event::sent, 2, 10, 0, kind::commencement);
  const auto result = folded(trace);
  REQUIRE(result.size() == 2);
  CHECK(result[0].id.low == 1);
  CHECK(!result[0].ended);
}

TEST_CASE("operation table: late records find their operation, however many have ended since; memory does not grow") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 0, kind::entire);
  trace.ticket(event::received, 1, 1, 0, kind::completion); // inferred: completed
  for (uint64_t i = 2; i < 500; ++i) {
    trace.ticket(event::sent, i, static_cast<int64_t>(i) * 10, 0, kind::entire);
    trace.ticket(event::received, i, static_cast<int64_t>(i) * 10 + 1, 0, kind::completion);
  }
  trace.ended(1, 9000, outcome::expired);
  CHECK(folded(trace).size() == 499);
  for (const auto& x : folded(trace))
    CHECK(x.ended == (x.id.low == 1 ? outcome::expired : outcome::completed));
  for (uint64_t i = 500; i < 5000; ++i) {
    trace.ticket(event::sent, i, static_cast<int64_t>(i) * 10, 0, kind::entire);
    trace.ticket(event::received, i, static_cast<int64_t>(i) * 10 + 1, 0, kind::completion);
  }
  std::istringstream in{trace.text()};
  trace_reader reader{in};
  size_t most = 0;
  size_t done = 0;
  operation_table<> table{[&done](operation_view&) { ++done; }};
  while (const auto* x = reader.next()) {
    table.take({x, 0, 0, {}, nullptr, x->wall_ns, 0});
    size_t now = 0;
    if (x->sequence_number.value == 0 && x->operation.low % 100 == 0)
      table.for_each([&now](const operation_view&) { ++now; });
    most = std::max(most, now);
  }
  table.finish();
  CHECK(most < 1100);
  CHECK(done == 4999);
}

TEST_CASE("operation table: an end that was inferred too early, and comes when the operation is the next to go") {
  written_trace trace{trace_side::back, "two/1"};
  trace.subscription = subscription_kind::none;
  trace.ticket(event::received, 1, 0, 0, kind::entire, "x"); // inferred: completed
  trace.begun(1, 1, "echo");                                 // it was not
  for (uint64_t i = 2; i < 1025; ++i) {
    trace.begun(i, static_cast<int64_t>(i) * 10, "echo");
    trace.ended(i, static_cast<int64_t>(i) * 10 + 1, outcome::expired);
  }
  trace.ended(1, 20'000, outcome::cancelled);
  std::istringstream in{trace.text()};
  trace_reader reader{in};
  size_t done = 0;
  operation_table<> table{[&done](operation_view&) { ++done; }};
  while (const auto* x = reader.next()) {
    const auto* view = table.take({x, 0, 0, {}, nullptr, x->wall_ns, 0});
    REQUIRE(view != nullptr);
    CHECK(view->id == x->operation); // it is still there
    if (x->event == event::ended)
      CHECK(view->ended == x->ended);
  }
  table.finish();
  CHECK(done == 1024);
}

TEST_CASE("operation table: both sides of an operation are two views") {
  written_trace front{trace_side::front, "one/1"};
  front.ticket(event::sent, 1, 0, 0, kind::commencement);
  written_trace back{trace_side::back, "two/1"};
  back.ticket(event::received, 1, 10, 0, kind::commencement);
  const auto result = folded({&front, &back});
  REQUIRE(result.size() == 2);
  CHECK(result[0].side == trace_side::front);
  CHECK(result[1].side == trace_side::back);
}
