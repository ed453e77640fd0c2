/// How many operations a session may have under way (S-PORT-9): real sockets, and who wants more.
#include "../../actors/nodes/publish.hpp"
#include "../../actors/testing/settle.hpp"
#include "../support/contains.hpp"
#include "../support/far_process.hpp"
#include "../support/flow_services.hpp"
#include "../support/raw_peer.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

constexpr auto above = "refused: the session has as many operations under way as it may, "
                       "limits.operations_per_session is 3";

/// A front that is connected to this port.
struct near_front {
  node at;
  front_end front{at.system};
  std::shared_ptr<node_link> link;

  near_front(uint16_t port, const trace_folder& traces, const std::string& name) {
    traces.record(front, name);
    link = connect(at.system, "127.0.0.1", port, patient(1min));
    join(front, link);
  }
};

/// A back that lets a session have three operations under way. Its method "stay" is answered never, and notes when an
/// operation begins and when it has ended.
struct limited_back {
  trace_folder traces;
  node far;
  std::shared_ptr<journal> begun = std::make_shared<journal>();
  std::shared_ptr<journal> ended = std::make_shared<journal>();
  back_end back;
  publication published = publish(
    far.system, back, {.link = {.window = 1min}, .limits = {.operations_per_session = 3}, .log = [](const auto&) {}});

  explicit limited_back(uint64_t of_all = 0)
    : back(far.system, services(begun, ended), {.shards = 3, .maximum_operations = of_all}) {
  }

private:
  static std::shared_ptr<servicer> services(std::shared_ptr<journal> begun, std::shared_ptr<journal> ended) {
    auto result = std::make_shared<method_table>();
    result->add("stay", [begun, ended](const operation_context& context, const output_consumer&) {
      begun->note(std::to_string(context.peer().operations));
      context.add_termination_callback([ended](outcome x) { ended->note(to_string(x)); });
      return make_consumer({});
    });
    return result;
  }
};

/// An operation that stays until somebody ends it, or is refused; `ends` notes what becomes of it.
operation stay(const front_end& front, const std::shared_ptr<journal>& ends) {
  auto result
    = front.operate({.name = "stay", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
  result.handle()->attach_functor([ends](const caf::error& reason) {
    ends->note(to_string(outcome_of(reason)) + ": " + details_of(reason)
               + (was_refused(reason) ? "" : ", not refused"));
  });
  return result;
}

std::vector<operation> stay(const front_end& front, const std::shared_ptr<journal>& ends, int count) {
  std::vector<operation> result;
  for (int i = 0; i < count; ++i)
    result.push_back(stay(front, ends));
  return result;
}

} // namespace

TEST_CASE("S-PORT-9, S-END-12: a session with as many operations as it may have is refused one more, and no other is") {
  limited_back x;
  x.traces.record(x.back, "back");
  const near_front one{x.published.port(), x.traces, "one"};
  auto ends = std::make_shared<journal>();
  auto all = stay(one.front, ends, 4);
  CHECK(ends->await(1) == std::vector{"transmission failure: "s + above});
  CHECK(x.begun->await(3) == std::vector{"3"s, "3"s, "3"s}); // and customer code can see the limit
  CHECK(x.back.operation_stats().refused == 1);

  // Another session has three of its own.
  const near_front other{x.published.port(), x.traces, "other"};
  auto other_ends = std::make_shared<journal>();
  stay(other.front, other_ends, 4);
  CHECK(other_ends->await(1).size() == 1);
  x.begun->await(6);
  CHECK(x.back.operation_stats().ongoing == 6);

  // One of the first ends, and makes room for one.
  std::erase_if(all, [](const operation& y) { return !y.context().is_active(); });
  REQUIRE(all.size() == 3);
  all.front().cancel();
  x.ended->await(1);
  all.push_back(stay(one.front, ends));
  x.begun->await(7);
  stay(one.front, ends);
  const auto notes = ends->await(3);
  CHECK(notes.size() == 3);
  CHECK(std::ranges::count(notes, "transmission failure: "s + above) == 2);
  CHECK(x.begun->notes().size() == 7);
  CHECK(x.back.operation_stats().ongoing == 6);
  CHECK(all.back().context().is_active());
  CHECK(one.link->status().sessions == 1);
  CHECK(x.published.status().refused.empty()); // which counts connections
  all.clear();
  one.front.stop();
  other.front.stop();
  wait_for_idle(x.back);
}

TEST_CASE("S-PORT-9: what the back refuses for another reason does not count as the session's") {
  limited_back x{2};
  x.traces.record(x.back, "back");
  const near_front one{x.published.port(), x.traces, "one"};
  auto ends = std::make_shared<journal>();
  auto all = stay(one.front, ends, 2);
  x.begun->await(2);
  for (size_t i = 1; i <= 5; ++i) {
    stay(one.front, ends);
    CHECK(ends->await(i).back() == "transmission failure: refused: the back runs as many operations as it may, 2");
  }
  for (const auto& y : all)
    y.cancel();
  wait_for_idle(x.back);
  stay(one.front, ends, 2);
  CHECK(x.begun->await(4).size() == 4);
  one.front.stop();
  wait_for_idle(x.back);
}

TEST_CASE("S-PORT-9: a peer that lies has no more operations under way than any other") {
  limited_back x; // its trace would have what the liar does to it
  lying_front liar{x.published.port()};
  const auto session = liar.answer;
  const auto first = [](uint64_t number) {
    auto result = lying_front::first_ticket(number);
    result.name = "stay";
    return result;
  };
  const auto abortive = [](uint64_t number, uint64_t sequence) {
    auto result = to_back(sequence, ticket_kind::cancellation);
    result.operation = lying_front::first_ticket(number).operation;
    return result;
  };
  const auto refusals = [&](size_t count) {
    const auto answers = liar.peer->answers->await(count);
    CHECK(std::ranges::count(answers, "refusal: "s + above) == static_cast<std::ptrdiff_t>(count));
  };

  // All at once, of every kind, those that are refused again, and one that wants no answer.
  std::string many;
  for (uint64_t i = 1; i <= 5; ++i)
    many += liar.peer->item_of(first(i));
  for (uint64_t i = 4; i <= 5; ++i)
    many += liar.peer->item_of(first(i));
  auto other = first(6);
  other.subscription = subscription_kind::none;
  many += liar.peer->item_of(other);
  other = first(7);
  other.kind = ticket_kind::entire;
  other.payload = text("x");
  many += liar.peer->item_of(other);
  liar.peer->send_content(many);
  refusals(3);
  CHECK(x.begun->await(3).size() == 3);

  // Ends one operation several times, and others that were never begun: there is room for one.
  for (const uint64_t i : {4, 1, 1, 6, 8, 1})
    liar.send(abortive(i, 1));
  x.ended->await(1);
  liar.send(first(9));
  liar.send(first(10));
  refusals(4);
  CHECK(x.begun->await(4).size() == 4);

  // Goes on with its session over another connection, where all answers come again.
  greeting again;
  again.session = session.session;
  again.secret = session.secret;
  REQUIRE(liar.greet(to_text(again)) == "");
  REQUIRE(liar.answer.session == session.session);
  liar.peer->send_content(liar.peer->item_of(first(11)), liar.answer.received + 1);
  refusals(5);
  CHECK(x.begun->notes().size() == 4);
  CHECK(x.back.operation_stats().ongoing == 3);
  CHECK(x.back.operation_stats().refused == 6); // one of them is not told

  const near_front honest{x.published.port(), x.traces, "honest"};
  auto ends = std::make_shared<journal>();
  auto op = stay(honest.front, ends);
  x.begun->await(5);
  CHECK(op.context().is_active());
  honest.front.stop();
}

TEST_CASE("S-FLOW-16: a session whose operations hold too much is refused one more, and no other is") {
  const trace_folder traces;
  node far;
  auto charges = std::make_shared<kept_charges>();
  const back_end back{far.system, keeping_services(charges), {.shards = 1}};
  const auto published
    = publish(far.system, back, {.limits = {.waiting_bytes_per_session = 10'000}, .log = [](const auto&) {}});
  const near_front one{published.port(), traces, "one"};
  const near_front other{published.port(), traces, "other"};
  const auto keep = [](const front_end& front) {
    return front.operate({.name = "keep",
                          .payload = text(std::string(12'000, 'x')),
                          .timeout = 1min,
                          .subscription = termination_only_serviced_subscription()});
  };
  const auto held = keep(one.front);
  while (back.operation_stats().ongoing < 1)
    std::this_thread::yield();
  settle({back});
  const auto refused = await(ending_of(keep(one.front)));
  CHECK(refused.value == outcome::transmission_failure);
  CHECK(contains(refused.details, "refused: the operations under way hold 12"));
  CHECK(contains(refused.details, "bytes of payloads; limits.waiting_bytes_per_session is 10000"));
  const auto taken = keep(other.front);
  taken.consumer().terminate();
  CHECK(await(ending_of(taken)).value == outcome::completed);
  held.consumer().terminate();
  CHECK(await(ending_of(held)).value == outcome::completed);
  CHECK(await(ending_of([&] {
          auto again = keep(one.front);
          again.consumer().terminate();
          return again;
        }()))
          .value
        == outcome::completed);
  charges->let_go_of_all();
}
