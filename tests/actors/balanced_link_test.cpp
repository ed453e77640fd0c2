#include "../../actors/testing/faulty_link.hpp"
#include "../support/balanced_world.hpp"
#include "../support/contains.hpp"
#include "../support/property.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <thread>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

balanced_options hashing_payloads() {
  return {.policy = balance::consistent_hash,
          .key = [](const front_to_back_ticket& x) { return *payload_as<std::string>(*x.payload); }};
}

std::map<std::string, std::string> places_of_keys(balanced_world& w, int keys) {
  std::map<std::string, std::string> result;
  for (int i = 0; i < keys; ++i)
    result.emplace("key " + std::to_string(i), w.who("key " + std::to_string(i)));
  return result;
}

} // namespace

// -- the choice of a back ------------------------------------------------------------------------

TEST_CASE("balanced link: round robin spreads operations evenly") {
  balanced_world w{3};
  for (int i = 0; i < 12; ++i)
    CHECK(w.who() == "b" + std::to_string(i % 3));
  for (size_t i = 0; i < 3; ++i)
    CHECK(w.ended(i, outcome::completed) == 4);
  CHECK(w.all_in_flight() == 0);
}

TEST_CASE("balanced link: round robin passes nobody over when a back goes") {
  balanced_world w{4};
  CHECK(w.who() == "b0");
  CHECK(w.who() == "b1");
  CHECK(w.link->remove(w.members[0]->id));
  CHECK(w.who() == "b2");
  CHECK(w.who() == "b3");
  CHECK(w.who() == "b1");
}

TEST_CASE("balanced link: fewest in flight chooses the least busy back, and several in turn") {
  balanced_world w{3, {.policy = balance::fewest_in_flight}};
  std::vector<operation> held;
  held.reserve(6);
  for (int i = 0; i < 6; ++i)
    held.push_back(w.hold());
  CHECK(w.in_flight() == std::vector<size_t>{2, 2, 2});
  held[1].cancel(); // of b1, while it is b0's turn
  w.settle_all();
  CHECK(w.in_flight() == std::vector<size_t>{2, 1, 2});
  w.hold();
  CHECK(w.in_flight() == std::vector<size_t>{2, 2, 2});
  // Short operations do not all go to the first.
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i)
    seen.insert(w.who());
  CHECK(seen.size() == 3);
}

TEST_CASE("S-END-14: a balanced link begins nothing at a back that drains, and says when that is heeded") {
  balanced_world w{2};
  auto running = w.hold();
  bool heeded = false;
  const auto tell = [&] { w.members[0]->link->rear_draining({nullptr, [&heeded](void*) { heeded = true; }}); };
  tell();
  CHECK(heeded); // no ticket is on its way
  CHECK(w.status(0).draining);
  for (int i = 0; i < 4; ++i)
    CHECK(w.who() == "b1");
  CHECK(running.context().is_active());
  w.members[0]->link->rear_ready();
  CHECK_FALSE(w.status(0).draining);
  std::set<std::string> seen{w.who(), w.who()};
  CHECK(seen.size() == 2);
  // The owner's own wish is another matter.
  w.link->drain(w.members[0]->id);
  w.members[0]->link->rear_ready();
  CHECK(w.status(0).draining);
}

TEST_CASE("S-END-14: a draining back is told that it was heeded when the last thread has handed over its tickets") {
  struct slow_back final : rear_link {
    std::promise<void> entered;
    std::promise<void> leave;
    std::vector<refusal> accept(std::vector<front_to_back_ticket>&&) override {
      entered.set_value();
      leave.get_future().wait();
      return {};
    }
    void join_fore_link(std::shared_ptr<fore_peer> x) override {
      peer = std::move(x);
    }
    caf::actor handle(caf::actor_system&) override {
      return {};
    }
    std::shared_ptr<fore_peer> peer;
  };
  auto link = balanced_link::make();
  auto back = std::make_shared<slow_back>();
  link->add(back, "slow");
  front_to_back_ticket first;
  first.operation = {1, 1};
  first.kind = ticket_kind::entire;
  first.name = "x";
  auto handing_over = std::async(std::launch::async, [&] { accept_one(*link, first); });
  back->entered.get_future().wait();
  std::atomic<bool> heeded{false};
  back->peer->rear_draining({nullptr, [&heeded](void*) { heeded = true; }});
  CHECK_FALSE(heeded);
  back->leave.set_value();
  handing_over.get();
  CHECK(heeded);
}

TEST_CASE("balanced link: consistent hashing keeps a key on its back, and moves only those of a back that left") {
  constexpr int keys = 120;
  balanced_world w{4, hashing_payloads()};
  const auto before = places_of_keys(w, keys);
  std::map<std::string, int> load;
  for (const auto& [key, place] : before)
    ++load[place];
  REQUIRE(load.size() == 4);
  for (const auto& x : load)
    CHECK_MESSAGE(x.second > keys / 10, x.first << " has " << x.second);
  CHECK(places_of_keys(w, keys) == before);

  const auto check_that_only_b1_moved = [&] {
    for (const auto& [key, place] : places_of_keys(w, keys))
      if (before.at(key) == "b1")
        CHECK(place != "b1");
      else
        CHECK(place == before.at(key));
  };
  w.link->drain(w.members[1]->id);
  check_that_only_b1_moved();
  w.link->remove(w.members[1]->id);
  check_that_only_b1_moved();
  w.add_again(*w.members[1]);
  CHECK(places_of_keys(w, keys) == before);
}

TEST_CASE("balanced link: the key is the trace id if there is no other, and a key that throws refuses its operation") {
  balanced_world w{3, {.policy = balance::consistent_hash}};
  const auto trace = trace_id::make();
  for (int i = 0; i < 9; ++i)
    w.front.operate({.name = "hold", .timeout = 1min, .trace_id = trace});
  w.settle_all();
  auto counts = w.in_flight();
  std::sort(counts.begin(), counts.end());
  CHECK(counts == std::vector<size_t>{0, 0, 9});

  balanced_world broken{2, {.policy = balance::consistent_hash, .key = [](const auto&) -> std::string {
                              throw std::runtime_error{"no idea"};
                            }}};
  CHECK(broken.who() == "transmission failure: balanced_options::key threw: no idea");
  CHECK(broken.all_in_flight() == 0);
}

TEST_CASE("balanced link: an operation stays with its back while it streams") {
  balanced_world w{3};
  struct stream {
    std::shared_ptr<journal> results = std::make_shared<journal>();
    std::optional<operation> op = {};
  };
  std::vector<stream> streams(7);
  for (auto& x : streams)
    x.op = w.front.operate(
      {.name = "who", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(x.results))});
  for (int i = 0; i < 20; ++i)
    for (auto& x : streams)
      x.op->consumer().consume(text(std::to_string(i)));
  for (auto& x : streams)
    x.op->consumer().terminate();
  std::set<std::string> backs;
  for (auto& x : streams) {
    const auto notes = x.results->await(21);
    REQUIRE(notes.size() == 21);
    const auto back = notes[0].substr(0, notes[0].find(':'));
    backs.insert(back);
    for (size_t i = 0; i < 20; ++i)
      CHECK(notes[i] == back + ":" + std::to_string(i));
    CHECK(notes[20] == ".");
  }
  CHECK(backs.size() == 3);
  w.settle_all();
  CHECK(w.all_in_flight() == 0);
}

// -- backs come and go ---------------------------------------------------------------------------

TEST_CASE("S-END-8: a back that is lost takes down its own operations only") {
  balanced_world w{3};
  std::vector<operation> held;
  std::vector<std::future<ending>> endings;
  for (int i = 0; i < 6; ++i) {
    held.push_back(w.hold());
    endings.push_back(ending_of(held.back()));
  }
  // One that the front has seen tickets of: the failure's number must be none of theirs.
  auto results = std::make_shared<journal>();
  CHECK(w.who() == "b0");
  auto streaming = w.front.operate(
    {.name = "echo", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(results))});
  for (int i = 0; i < 3; ++i)
    streaming.consumer().consume(text("x"));
  results->await(3);
  w.settle_all();
  REQUIRE(w.in_flight() == std::vector<size_t>{2, 3, 2});

  w.members[1]->link->rear_lost("its node is gone");
  w.settle_all();
  CHECK(w.in_flight() == std::vector<size_t>{2, 0, 2});
  CHECK_FALSE(w.status(1).ready);
  for (auto i : {size_t{1}, size_t{4}}) {
    const auto how = await(std::move(endings[i]));
    CHECK(how.value == outcome::transmission_failure);
    CHECK(how.details == "its node is gone");
  }
  CHECK(await(ending_of(streaming)).value == outcome::transmission_failure);
  for (auto i : {0, 2, 3, 5})
    CHECK(held[static_cast<size_t>(i)].context().is_active());
  for (int i = 0; i < 4; ++i)
    CHECK(w.who() != "b1");

  w.members[1]->link->rear_ready();
  CHECK(w.status(1).ready);
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i)
    seen.insert(w.who());
  CHECK(seen.contains("b1"));
}

TEST_CASE("S-END-8, S-SEND-6: an operation without subscription ends with its next ticket when its back is lost") {
  balanced_world w{2};
  auto op = w.front.operate({.name = "hold", .timeout = 1min});
  auto how = ending_of(op);
  w.settle_all();
  REQUIRE(w.in_flight() == std::vector<size_t>{1, 0});
  w.members[0]->link->rear_lost("gone");
  w.settle_all();
  CHECK(op.context().is_active());
  op.consumer().consume(text("x"));
  CHECK(await(std::move(how)).value == outcome::transmission_failure);
}

TEST_CASE("S-SEND-9: while every back is lost operations fail at once, but for those that wait") {
  balanced_world w{2};
  auto running = ending_of(w.hold());
  w.members[0]->link->rear_lost("first");
  w.members[1]->link->rear_lost("second");
  CHECK(await(std::move(running)).value == outcome::transmission_failure);
  CHECK(w.who() == "transmission failure: second");
  auto waiting = w.hold(true);
  CHECK(waiting.context().is_active());
  CHECK(w.all_in_flight() == 0);
  w.members[1]->link->rear_ready();
  w.settle_all();
  CHECK(waiting.context().is_active());
  CHECK(w.in_flight() == std::vector<size_t>{0, 1});
  CHECK(w.who() == "b1");
}

TEST_CASE("S-SEND-9: before the first back is added operations fail at once, but for those that wait") {
  balanced_world w{0};
  CHECK(w.who() == "transmission failure: no back has been added");
  auto waiting = w.hold(true);
  w.add();
  w.settle_all();
  CHECK(w.in_flight() == std::vector<size_t>{1});
  w.members[0]->link->rear_lost("gone"); // one that waited is one like others now
  CHECK(await(ending_of(waiting)).value == outcome::transmission_failure);
}

TEST_CASE("balanced link: a back that drains gets nothing new and ends what it has") {
  balanced_world w{2};
  auto results = std::make_shared<journal>();
  auto op = w.front.operate(
    {.name = "who", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(results))});
  auto how = ending_of(op);
  w.settle_all();
  CHECK(w.link->drain(w.members[0]->id));
  CHECK(w.status(0).draining);
  for (int i = 0; i < 4; ++i)
    CHECK(w.who() == "b1");

  CHECK(w.link->drain(w.members[1]->id));
  CHECK(w.who() == "transmission failure: no back can take operations: 0 lost, 2 draining");
  w.members[1]->link->rear_lost("gone"); // the one that drains is no reason to end what it runs
  CHECK(w.who() == "transmission failure: no back can take operations: 1 lost, 1 draining");
  op.consumer().consume_and_terminate(text("still here"));
  CHECK(await(std::move(how)).value == outcome::completed);
  CHECK(results->await(2) == std::vector<std::string>{"b0:still here", "."});

  CHECK(w.link->resume(w.members[0]->id));
  CHECK(w.who() == "b0");
}

TEST_CASE("balanced link: the operations of a back that is removed end on both sides, and the others go on") {
  balanced_world w{2};
  auto first = w.hold();
  auto second = w.hold();
  auto how = ending_of(first);
  CHECK(w.link->remove(w.members[0]->id));
  const auto x = await(std::move(how));
  CHECK(x.value == outcome::transmission_failure);
  CHECK(x.details == "the back \"b0\" was removed");
  w.settle_all();
  CHECK(w.ended(0, outcome::transmission_failure) == 1);
  CHECK(second.context().is_active());
  REQUIRE(w.link->status().size() == 1);
  CHECK(w.link->status()[0].name == "b1");
  CHECK_FALSE(w.link->remove(w.members[0]->id));
  CHECK_FALSE(w.link->drain(w.members[0]->id));
  CHECK_FALSE(w.link->resume(w.members[0]->id));
  w.members[0]->link->rear_lost("nobody listens");
  CHECK_THROWS_WITH(accept_one(*w.members[0]->link, to_front(0, ticket_kind::completion)),
                    "the link's other side is gone");
  CHECK(w.who() == "b1");
  // The last one.
  w.link->remove(w.members[1]->id);
  CHECK(w.who() == "transmission failure: the back \"b1\" was removed");
}

TEST_CASE("S-SEND-7: what a back refuses ends, and is forgotten") {
  balanced_world w{0};
  auto& good = w.add();
  auto refusing = std::make_shared<faulty_link>(fault_options{.fail = 1});
  join_links(refusing, good.back.make_port());
  w.link->add(refusing, "refusing");
  w.settle_all();
  CHECK(w.who() == "b0");
  CHECK(w.who().starts_with("transmission failure"));
  CHECK(w.who() == "b0");
  CHECK(w.all_in_flight() == 0);
}

TEST_CASE("balanced link: arguments that make no sense are refused and named") {
  node x;
  back_end back{x.system, test_services()};
  auto link = balanced_link::make();
  CHECK_THROWS_WITH(link->add(nullptr, "a"), "add: back must not be null");
  CHECK_THROWS_WITH(link->add(back.make_port(), ""), "add: name must not be empty");
  link->add(back.make_port(), "a");
  CHECK_THROWS_WITH(link->add(back.make_port(), "a"), "add: name must be unique, there is a back \"a\" already");
  CHECK_THROWS_WITH(link->join_fore_link(nullptr), "join_fore_link: peer must not be null");
  CHECK_THROWS_WITH(balanced_link::make({.policy = static_cast<balance>(7)}),
                    "balanced_options: policy must be round robin, fewest in flight or consistent hash");
  CHECK(link->status().size() == 1);
}

// -- nothing stays -------------------------------------------------------------------------------

namespace {

operation any_operation(balanced_world& w) {
  auto subscription = none_serviced_subscription();
  switch (any_below(3)) {
    case 0:
      subscription = full_serviced_subscription(make_consumer({}));
      break;
    case 1:
      subscription = termination_only_serviced_subscription();
      break;
    default:
      break;
  }
  return w.front.operate({.name = *rc::gen::element("echo"s, "hold"s, "no such"s),
                          .payload = text("x"),
                          .complete = any_below(3) == 0,
                          .timeout = 10s,
                          .subscription = std::move(subscription),
                          .wait_for_link = *rc::gen::arbitrary<bool>()});
}

void stir(operation& op) {
  switch (any_below(6)) {
    case 0:
      op.cancel();
      break;
    case 1:
      op.context().fail("as the schedule wants");
      break;
    case 2:
      op.consumer().consume(text("y"));
      break;
    case 3:
      break; // left to its timeout
    default:
      op.consumer().terminate();
  }
}

void stir(balanced_world& w) {
  auto& m = *w.members[any_below(w.members.size())];
  switch (any_below(7)) {
    case 0:
      m.link->rear_lost("as the schedule wants");
      w.settle_all(); // a front that hears of it when all is well again ends what it has begun since, and says nothing
      break;
    case 1:
    case 2:
      m.link->rear_ready();
      break;
    case 3:
      w.link->drain(m.id);
      break;
    case 4:
    case 5:
      w.link->resume(m.id);
      break;
    default:
      if (w.link->remove(m.id)) {
        w.settle_all();
        w.add_again(m);
      }
  }
}

} // namespace

TEST_CASE("S-END-9: when all operations have ended the balanced link knows none of them") {
  std::map<balance, std::unique_ptr<balanced_world>> worlds;
  for (auto policy : {balance::round_robin, balance::fewest_in_flight, balance::consistent_hash})
    worlds[policy] = std::make_unique<balanced_world>(3, balanced_options{.policy = policy});
  check_property("the table is empty", 60, 40, [&] {
    auto& w = *worlds[*rc::gen::element(balance::round_robin, balance::fewest_in_flight, balance::consistent_hash)];
    for (auto& m : w.members) {
      m->link->rear_ready();
      w.link->resume(m->id);
    }
    std::vector<operation> running;
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
      switch (any_below(8)) {
        case 0:
          stir(w);
          break;
        case 1:
          w.settle_all();
          break;
        case 2:
        case 3:
          if (!running.empty())
            stir(running[any_below(running.size())]);
          break;
        default:
          running.push_back(any_operation(w));
      }
    }
    w.settle_all();
    w.clock->advance(20min, [&] { w.settle_all(); });
    RC_ASSERT(w.front.operation_stats().ongoing == 0u);
    for (const auto& m : w.members)
      RC_ASSERT(m->back.operation_stats().ongoing == 0u);
    RC_ASSERT(w.all_in_flight() == 0u);
  });
}

TEST_CASE("balanced link: backs may come and go while several threads send") {
  balanced_world w{3, {.policy = balance::fewest_in_flight}};
  constexpr int operations = 300;
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < operations; ++i) {
        auto op = w.front.operate({.name = "echo",
                                   .payload = text("x"),
                                   .timeout = 1min,
                                   .subscription = full_serviced_subscription(make_consumer({})),
                                   .wait_for_link = true});
        op.consumer().terminate();
      }
    });
  for (int i = 0; i < 200; ++i) {
    auto& m = *w.members[static_cast<size_t>(i % 2)]; // the third stays
    m.link->rear_lost("for a moment");
    m.link->rear_ready();
    w.link->drain(m.id);
    w.link->remove(m.id);
    w.add_again(m);
  }
  for (auto& thread : threads)
    thread.join();
  w.settle_all();
  w.clock->advance(20min, [&] { w.settle_all(); });
  const auto stats = w.front.operation_stats();
  CHECK(stats.ongoing == 0);
  CHECK(stats.of(outcome::completed) + stats.of(outcome::transmission_failure) == 3 * operations);
  CHECK(stats.of(outcome::completed) > 0);
  CHECK(w.all_in_flight() == 0);
}

TEST_CASE("S-END-12: a balanced link spares a back that refuses") {
  for (const auto policy : {balance::round_robin, balance::fewest_in_flight, balance::consistent_hash}) {
    CAPTURE(static_cast<int>(policy));
    balanced_world w{3, {.policy = policy, .refusal_pause = 1h}};
    w.members[0]->back.stop(1h);      // in good order; its fronts are told ...
    w.members[0]->link->rear_ready(); // ... otherwise
    std::map<std::string, int> places;
    for (int i = 0; i < 100; ++i)
      ++places[w.who("x").substr(0, 2)];
    CHECK(w.members[0]->back.operation_stats().refused <= 1);
    CHECK(places["b1"] + places["b2"] >= 99);
  }
}

TEST_CASE("S-END-12: an operation that is tried again goes to another back, by key too") {
  balanced_world w{3,
                   {.policy = balance::consistent_hash,
                    .key = [](const front_to_back_ticket&) { return std::string{"the same"}; },
                    .refusal_pause = 1h}};
  const auto first = w.who();
  const auto refusing
    = std::find_if(w.members.begin(), w.members.end(), [&](const auto& x) { return x->name == first; });
  REQUIRE(refusing != w.members.end());
  (*refusing)->back.stop(1h);
  (*refusing)->link->rear_ready();
  const auto refused = w.who();
  CHECK(contains(refused, "refused: "));
  const auto next = w.who();
  CHECK(next != first);
  CHECK(next.starts_with("b"));
}
