/// Operations at a side, put together from entries: with and without records of their beginning and end.
#include "../support/written_trace.hpp"

#include "../../messages/json/text.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../../tools/trace/operations/operation_view.hpp"
#include "../../tools/trace/operations/spans.hpp"

#include <functional>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

constexpr int64_t start = 1'764'000'000'000'000'000;
const operation_id first_id{0x3f2a91c05d7be644, 0xa100};

/// Entries of one node, a microsecond apart, and the spans that they make.
class recording {
public:
  explicit recording(trace_side side) : side_(side) {
  }

  trace_entry& add(trace_event event, const operation_id& operation = first_id) {
    trace_entry x;
    x.event = event;
    x.side = side_;
    x.operation = operation;
    x.wall_ns = start + 1000 * static_cast<int64_t>(entries_.size());
    x.monotonic_ns = 500 + 1000 * static_cast<int64_t>(entries_.size());
    entries_.push_back(std::move(x));
    return entries_.back();
  }

  trace_entry& ticket(trace_event event, ticket_kind kind, uint64_t number = 0, const operation_id& id = first_id) {
    auto& x = add(event, id);
    x.kind = kind;
    x.sequence_number.value = number;
    if (is_first(kind)) {
      x.name = "echo";
      x.subscription = subscription_kind::full;
    }
    return x;
  }

  std::vector<span> spans(span_limits limits = {}) {
    span_builder builder{limits};
    std::vector<span> result;
    const auto take = [&] {
      while (auto x = builder.take())
        result.push_back(std::move(*x));
    };
    for (const auto& x : entries_) {
      placed_entry placed;
      placed.entry = &x;
      placed.header = &header_;
      placed.wall_ns = x.wall_ns;
      builder.add(placed);
      take();
    }
    early = result.size();
    builder.finish();
    take();
    late = builder.late();
    return result;
  }

  size_t early = 0; ///< how many spans came before the end
  uint64_t late = 0;

private:
  trace_side side_;
  trace_header header_{.node = "host/1"};
  std::deque<trace_entry> entries_;
};

} // namespace

TEST_CASE("spans: what was recorded of beginning and end counts") {
  recording trace{trace_side::front};
  auto& begun = trace.add(trace_event::begun);
  begun.name = "echo";
  begun.timeout = std::chrono::seconds{10};
  begun.parent = operation_id{1, 2};
  begun.peer = "host/2";
  trace.ticket(trace_event::sent, ticket_kind::entire).payload = trace_payload{"\"hello\"", {}, {}, {}};
  trace.ticket(trace_event::received, ticket_kind::completion);
  trace.add(trace_event::annotation).text = "noted";
  auto& ended = trace.add(trace_event::ended);
  ended.ended = outcome::serviced_failure;
  ended.details = "it threw";
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  const auto& x = spans.front();
  CHECK(x.operation == first_id);
  CHECK(x.node == "host/1");
  CHECK(x.peer == "host/2");
  CHECK(x.shown_name() == "echo");
  CHECK(x.subscription == subscription_kind::full); // from the ticket
  CHECK(x.parent == operation_id{1, 2});
  CHECK(x.begin_ns == start);
  CHECK(x.duration_ns == 4000);
  CHECK(x.outcome == outcome::serviced_failure);
  CHECK(x.details == "it threw");
  CHECK(!x.end_inferred);
  REQUIRE(x.events.size() == 3);
  CHECK(x.events[0].text == "\"hello\"");
  CHECK(x.events[0].to_back);
  CHECK(x.events[1].after_ns == 2000);
  CHECK(x.events[2].text == "noted");
}

TEST_CASE("spans: without them, the end is when both directions are complete") {
  recording trace{trace_side::back};
  trace.ticket(trace_event::received, ticket_kind::commencement);
  trace.ticket(trace_event::sent, ticket_kind::completion);
  trace.ticket(trace_event::received, ticket_kind::completion, 1);
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].end_inferred);
  CHECK(spans[0].outcome == outcome::completed);
  CHECK(spans[0].duration_ns == 2000);
  CHECK(spans[0].shown_name() == "echo");
}

TEST_CASE("spans: with subscription none nothing is awaited of the back") {
  recording trace{trace_side::front};
  trace.ticket(trace_event::sent, ticket_kind::entire).subscription = subscription_kind::none;
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].outcome == outcome::completed);
  CHECK(spans[0].duration_ns == 0);
}

TEST_CASE("spans: an operation that goes on has no end") {
  recording trace{trace_side::front};
  trace.ticket(trace_event::sent, ticket_kind::entire);
  trace.ticket(trace_event::received, ticket_kind::continuation);
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  CHECK(!spans[0].outcome);
  CHECK(!spans[0].duration_ns);
  CHECK(spans[0].known_duration_ns() == 1000);
}

TEST_CASE("spans: a recorded end that comes after the inferred one replaces it") {
  recording trace{trace_side::front}; // its recording was switched on after the beginning
  trace.ticket(trace_event::sent, ticket_kind::completion, 3);
  trace.ticket(trace_event::received, ticket_kind::completion, 5);
  trace.add(trace_event::ended).ended = outcome::serviced_failure;
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].outcome == outcome::serviced_failure);
  CHECK(spans[0].duration_ns == 2000);
  CHECK(!spans[0].end_inferred);
}

TEST_CASE("spans: what abortive tickets mean where they are sent and where they arrive") {
  using enum ticket_kind;
  using enum trace_side;
  CHECK(outcome_of_abortive(cancellation, front, true) == outcome::cancelled);
  CHECK(outcome_of_abortive(expiration, back, false) == outcome::expired);
  CHECK(outcome_of_abortive(ticket_kind::reception_failure, back, true) == outcome::reception_failure);
  CHECK(outcome_of_abortive(ticket_kind::reception_failure, back, false) == outcome::serviced_failure);
  CHECK(outcome_of_abortive(ticket_kind::reception_failure, front, false) == outcome::servicer_failure);
  CHECK(outcome_of_abortive(ticket_kind::servicer_failure, front, false) == outcome::servicer_failure);
  CHECK(outcome_of_abortive(ticket_kind::serviced_failure, back, false) == outcome::serviced_failure);
  CHECK(outcome_of_abortive(refusal, front, false) == outcome::transmission_failure);
  recording trace{front};
  trace.ticket(trace_event::sent, ticket_kind::entire);
  trace.ticket(trace_event::received, refusal).details = "refused: enough";
  trace.ticket(trace_event::received, ticket_kind::completion, 1); // changes nothing any more
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].was_refused);
  CHECK(spans[0].details == "refused: enough");
  CHECK(spans[0].duration_ns == 1000);
}

TEST_CASE("spans: a wall clock that jumps changes no duration") {
  recording trace{trace_side::front};
  trace.ticket(trace_event::sent, ticket_kind::entire);
  trace.ticket(trace_event::received, ticket_kind::completion).wall_ns -= 3'600'000'000'000;
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].begin_ns == start);
  CHECK(spans[0].duration_ns == 1000);
}

TEST_CASE("spans: those that ended are given out, and late entries counted") {
  recording trace{trace_side::front};
  for (uint64_t i = 0; i < 10; ++i) {
    const operation_id id{7, i};
    trace.ticket(trace_event::sent, ticket_kind::entire, 0, id);
    trace.ticket(trace_event::received, ticket_kind::completion, 0, id);
  }
  trace.ticket(trace_event::received, ticket_kind::continuation, 1, {7, 0}); // given out long ago
  trace.ticket(trace_event::received, ticket_kind::continuation, 1, {7, 9}); // still there
  const auto spans = trace.spans({.lingering = 3});
  CHECK(spans.size() == 10);
  CHECK(trace.early == 7);
  CHECK(trace.late == 1);
  CHECK(spans[9].events.size() == 3);
}

TEST_CASE("spans: tickets that an end and its link have both recorded count once") {
  recording trace{trace_side::front};
  trace.add(trace_event::begun).link = "front";
  for (const auto* link : {"front", "localhost:4242"})
    trace.ticket(trace_event::sent, ticket_kind::entire).link = link;
  for (const auto* link : {"localhost:4242", "front"})
    trace.ticket(trace_event::received, ticket_kind::completion).link = link;
  const auto spans = trace.spans();
  REQUIRE(spans.size() == 1);
  REQUIRE(spans[0].events.size() == 2);
  CHECK(spans[0].events[1].after_ns == 4000); // the end's, as the first was
}

TEST_CASE("spans: limits") {
  recording trace{trace_side::front};
  trace.ticket(trace_event::sent, ticket_kind::commencement).payload = trace_payload{"\"caf\xc3\xa9s\"", {}, {}, {}};
  for (uint64_t i = 1; i < 5; ++i)
    trace.ticket(trace_event::sent, ticket_kind::continuation, i);
  const auto spans = trace.spans({.events = 2, .payload_bytes = 5});
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].events.size() == 2);
  CHECK(spans[0].dropped_events == 3);
  CHECK(spans[0].events[0].text == "\"caf"); // not the half of a character
  CHECK(spans[0].events[0].missing == "limit");
  CHECK(beginning_of("abc", 3) == "abc");
  CHECK(beginning_of("\xc3\xa9", 1).empty());
}

TEST_CASE("spans: the two sides of an operation, and nodes, are apart") {
  std::ostringstream notes;
  trace_input input{
    {golden_folder + "shop/web.jsonl", golden_folder + "shop/orders-1.jsonl", golden_folder + "shop/orders-2.jsonl"},
    notes};
  span_builder builder;
  while (const auto* x = input.next())
    builder.add(*x);
  builder.finish();
  size_t fronts = 0;
  size_t backs = 0;
  while (auto x = builder.take()) {
    CHECK(!x->end_inferred);
    CHECK(x->outcome);
    (x->side == trace_side::front ? fronts : backs) += 1;
  }
  CHECK(fronts == 9);
  CHECK(backs == 6); // of three the back is a node whose trace is not among the files
  CHECK(notes.str().empty());
}
