/// Flow control as customers use it: handles, threads that wait, actors, and what is shown of it (S-FLOW).
#include "../../actors/testing/manual_clock.hpp"
#include "../../messages/type_ids.hpp"
#include "../support/contains.hpp"
#include "../support/flow_services.hpp"
#include "../support/world.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A front whose results wait until somebody allows them, and the output of the service.
struct by_hand {
  node at;
  std::promise<output_consumer> opened;
  back_end back;
  front_end front{at.system, {.window = 0}};
  std::shared_ptr<journal> notes = std::make_shared<journal>();

  explicit by_hand(end_options options = {}) : back{at.system, make_services(), std::move(options)} {
    join(front, back);
  }

  std::shared_ptr<method_table> make_services() {
    auto result = std::make_shared<method_table>();
    result->add("open", [this](const operation_context&, const output_consumer& out) {
      opened.set_value(out);
      return make_consumer([](const payload&) {});
    });
    return result;
  }

  operation begin() {
    return front.operate({.name = "open",
                          .payload = text("x"),
                          .complete = true,
                          .timeout = 1min,
                          .subscription = full_serviced_subscription(noting_consumer(notes))});
  }
};

nlohmann::json first_operation(const back_end& back) {
  return nlohmann::json::parse(back.operations()).at("operations").at(0);
}

/// Sends as long as it may, then asks.
class asking_actor final : public caf::event_based_actor {
public:
  asking_actor(caf::actor_config& config, caf::actor front, uint64_t count,
               std::shared_ptr<std::atomic<uint64_t>> asked, std::shared_ptr<std::promise<outcome>> ended)
    : caf::event_based_actor(config),
      front_(std::move(front)),
      left_(count),
      asked_(std::move(asked)),
      ended_(std::move(ended)) {
  }

  caf::behavior make_behavior() override {
    auto* self = this;
    compat::request(self, front_, commence{.name = "take", .timeout = 1min}).then([this](const caf::actor& operation) {
      operation->attach_functor([ended = ended_](const caf::error& why) { ended->set_value(outcome_of(why)); });
      operation_ = operation;
      go_on();
    });
    return {
      [](const tandem::consume&) {},
      [](tandem::terminate) {},
    };
  }

private:
  void go_on() {
    auto* self = this;
    for (int i = 0; i < 8 && left_ > 0; ++i, --left_)
      compat::send(self, operation_, tandem::consume{text("x")});
    if (left_ == 0)
      return compat::send(self, operation_, tandem::terminate{});
    ++*asked_;
    compat::request(self, operation_, await_ready{}).then([this](ready) { go_on(); });
  }

  caf::actor front_;
  caf::actor operation_;
  uint64_t left_;
  std::shared_ptr<std::atomic<uint64_t>> asked_;
  std::shared_ptr<std::promise<outcome>> ended_;
};

/// Keeps what it gets until it is told to let go.
class keeping_actor final : public caf::event_based_actor {
public:
  keeping_actor(caf::actor_config& config, caf::actor front, std::shared_ptr<std::atomic<uint64_t>> got)
    : caf::event_based_actor(config), front_(std::move(front)), got_(std::move(got)) {
  }

  caf::behavior make_behavior() override {
    auto* self = this;
    compat::request(self, front_, commence{.name = "count", .payload = text("100"), .complete = true, .timeout = 1min})
      .then([](const caf::actor&) {});
    return {
      [this](const tandem::consume& x) {
        if (keeps_)
          kept_.push_back(x);
        ++*got_;
      },
      [this](get_stats) {
        keeps_ = false;
        kept_.clear();
      },
      [](tandem::terminate) {},
    };
  }

private:
  caf::actor front_;
  std::shared_ptr<std::atomic<uint64_t>> got_;
  std::vector<tandem::consume> kept_;
  bool keeps_ = true;
};

std::shared_ptr<method_table> counting_services() {
  auto result = std::make_shared<method_table>();
  result->add("count", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](const payload& x) {
      for (auto left = std::stoull(get_payload<std::string>(x)); left > 0; --left)
        out.consume(text("r"));
      out.terminate();
    });
  });
  result->add("take", [](const operation_context&, const output_consumer& out) {
    return make_consumer([](const payload&) {}, [out] { out.terminate(); });
  });
  return result;
}

} // namespace

TEST_CASE("S-FLOW-8: consume says whether more would go, and ready, waiting and the listing tell why not") {
  const auto clock = std::make_shared<manual_clock>();
  by_hand x{{.clock = clock}};
  const auto op = x.begin();
  const auto out = x.opened.get_future().get();
  CHECK(!out.ready());
  CHECK(!out.consume(text("a")));
  CHECK(!out.consume(text("b")));
  settle({x.front, x.back});
  CHECK(out.waiting() == 2);
  clock->advance(3s, [&] { settle({x.front, x.back}); });
  const auto listed = first_operation(x.back);
  CHECK(listed.at("credit") == 0);
  CHECK(listed.at("unsent") == 2);
  CHECK(listed.at("unsent_for") == 3.0);
  op.context().allow(3);
  settle({x.front, x.back});
  CHECK(out.waiting() == 0);
  CHECK(out.ready());
  CHECK(!out.consume(text("c"))); // it goes, and no other would
  out.terminate();
  CHECK(!out.ready());
  settle({x.front, x.back});
  CHECK(x.notes->notes() == std::vector<std::string>{"a", "b", "c", "."});
}

TEST_CASE("S-FLOW-8: a thread waits until it can send, for a while, and not when it never will") {
  by_hand x;
  const auto op = x.begin();
  const auto out = x.opened.get_future().get();
  CHECK(!out.wait_until_ready(1ms));
  auto waiting = std::async(std::launch::async, [&] { return out.wait_until_ready(1min); });
  op.context().allow(1);
  CHECK(waiting.get());
  CHECK(!out.consume(text("a")));
  auto in_vain = std::async(std::launch::async, [&] { return out.wait_until_ready(1min); });
  op.cancel();
  CHECK(!in_vain.get());
  CHECK_THROWS_AS(out.wait_until_ready(-1s), std::invalid_argument);
  CHECK_THROWS_AS(out.when_ready({}), std::invalid_argument);
}

TEST_CASE("S-FLOW-8: a producer that is called when it may send goes at the pace of a small window") {
  node at;
  auto services = std::make_shared<method_table>();
  services->add("many", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](const payload&) { pour(out, 1000, [] { return text("x"); }); });
  });
  for (const bool pool : {false, true}) {
    CAPTURE(pool);
    const back_end back{at.system, services, {.work = pool ? std::make_shared<thread_pool>(2) : nullptr}};
    const front_end front{at.system, {.window = 3}};
    join(front, back);
    auto notes = std::make_shared<journal>();
    const auto op = front.operate({.name = "many",
                                   .payload = text("x"),
                                   .complete = true,
                                   .timeout = 1min,
                                   .subscription = full_serviced_subscription(noting_consumer(notes))});
    auto end = ending_of(op);
    CHECK(end.get().value == outcome::completed);
    CHECK(notes->notes().size() == 1001);
  }
}

TEST_CASE("S-FLOW-13: who sends large texts is not ready while many bytes of them are on their way") {
  node at;
  std::promise<output_consumer> opened;
  auto services = std::make_shared<method_table>();
  services->add("open", [&](const operation_context&, const output_consumer& out) {
    opened.set_value(out);
    return make_consumer([](const payload&) {});
  });
  const back_end back{at.system, services};
  const front_end front{at.system};
  join(front, back);
  auto charges = std::make_shared<kept_charges>();
  const auto op = front.operate({.name = "open",
                                 .timeout = 1min,
                                 .subscription = full_serviced_subscription(make_ingestor(
                                   [charges](const operation_context& it) { return keeping_consumer(charges, it); }))});
  const auto out = opened.get_future().get();
  int sent = 0;
  for (; out.ready() && sent < 100; ++sent)
    out.consume(text(std::string(1 << 20, 'x')));
  CHECK(sent == 4);
  std::promise<void> called;
  out.when_ready([&] { called.set_value(); });
  settle({front, back});
  CHECK(charges->size() == 4);
  CHECK(!out.ready());
  charges->let_go_of_all();
  called.get_future().get();
  CHECK(out.ready());
  op.cancel();
  wait_for_idle(front);
}

TEST_CASE("S-FLOW-8: who waits for large texts to go, and then for the link, is called when both are over") {
  node at;
  auto charges = std::make_shared<kept_charges>();
  const back_end back{at.system, keeping_services(charges)};
  const front_end front{at.system};
  join(front, back);
  const auto op
    = front.operate({.name = "keep", .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  const auto out = op.consumer();
  while (out.consume(text(std::string(1 << 20, 'x')))) {}
  std::atomic<int> calls{0};
  out.when_ready([&] { ++calls; });
  settle({front, back});
  front.link()->rear_news({link_news::kind::congested});
  charges->let_go_of_all();
  settle({front, back});
  CHECK(calls == 0);
  front.link()->rear_news({link_news::kind::relieved});
  settle({front, back});
  CHECK(calls == 1);
  op.cancel();
  wait_for_idle(front);
}

TEST_CASE("S-FLOW-14: an actor has a window of payloads in its mailbox at most, also of those that it keeps") {
  node at;
  const back_end back{at.system, counting_services()};
  const front_end front{at.system, {.window = 4}};
  join(front, back);
  auto got = std::make_shared<std::atomic<uint64_t>>(0);
  const auto actor = at.system.spawn<keeping_actor>(front.handle(), got);
  while (*got < 4)
    std::this_thread::yield();
  settle({front, back});
  CHECK(*got == 4);
  CHECK(first_operation(back).at("unsent") == 96);
  compat::anon_send(actor, get_stats{});
  wait_for_idle(front);
  while (*got < 100)
    std::this_thread::yield();
  CHECK(*got == 100);
}

TEST_CASE("S-FLOW-8: an actor that sends asks for a message, and goes on when it comes") {
  node at;
  const back_end back{at.system, counting_services(), {.window = 4}};
  const front_end front{at.system};
  join(front, back);
  auto asked = std::make_shared<std::atomic<uint64_t>>(0);
  auto ended = std::make_shared<std::promise<outcome>>();
  at.system.spawn<asking_actor>(front.handle(), 200, asked, ended);
  CHECK(ended->get_future().get() == outcome::completed);
  CHECK(*asked >= 24);
}

TEST_CASE("S-FLOW-15: a window for one operation, by its request and by its service") {
  node at;
  auto services = std::make_shared<method_table>();
  services->add("two", [](const operation_context& it, const output_consumer&) {
    it.set_window(2);
    return make_consumer([](const payload&) {});
  });
  const back_end back{at.system, services};
  const front_end front{at.system};
  join(front, back);
  const auto op = front.operate({.name = "two",
                                 .timeout = 1min,
                                 .subscription = full_serviced_subscription(make_consumer([](const payload&) {})),
                                 .window = 7});
  for (int i = 0; i < 17; ++i)
    op.consumer().consume(text("x"));
  settle({front, back});
  const auto listed = first_operation(back);
  CHECK(listed.at("credit") == 7);
  CHECK(listed.at("allowed") == 19); // 17 consumed, and a window more
  op.cancel();
  wait_for_idle(front);
}

TEST_CASE("S-FLOW-16: operations that hold too much together are allowed one payload each, and no other begins") {
  node at;
  auto charges = std::make_shared<kept_charges>();
  const back_end back{at.system, keeping_services(charges), {.shards = 1, .window = 64, .waiting_bytes = 40'000}};
  const front_end front{at.system};
  join(front, back);
  const auto begin = [&] {
    return front.operate({.name = "keep", .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  };
  std::vector<operation> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(begin());
    for (int k = 0; k < 16; ++k)
      all.back().consumer().consume(text(std::string(1000, 'x')));
    settle({front, back});
  }
  CHECK(charges->size() == 48);
  const auto refused = begin();
  const auto end = await(ending_of(refused));
  CHECK(was_refused(end.value, end.details));
  CHECK(contains(end.details, "the operations under way hold 5"));
  CHECK(contains(end.details, "bytes of payloads; waiting_bytes is 40000"));

  charges->let_go(16); // of the oldest; the others hold 34,048 bytes
  settle({front, back});
  CHECK(first_operation(back).at("allowed") == 17); // told while there was too much
  for (auto& x : all)
    x.consumer().consume(text("x"));
  settle({front, back});
  charges->let_go_of_all();
  settle({front, back});
  charges->let_go_of_all(); // of those that were allowed now
  settle({front, back});
  CHECK(first_operation(back).at("allowed") == 81);
  const auto taken = begin();
  settle({front, back});
  CHECK(taken.context().is_active());
  front.stop();
  wait_for_idle(front);
}

TEST_CASE("S-FLOW-16: what was consumed does not count, not even where it was the last payload of an open operation") {
  node at;
  auto services = std::make_shared<method_table>();
  auto charges = std::make_shared<kept_charges>();
  services->add("open", [](const operation_context&, const output_consumer&) { return make_consumer({}); });
  services->add(
    "keep", [charges](const operation_context& it, const output_consumer&) { return keeping_consumer(charges, it); });
  const back_end back{at.system, services, {.shards = 1, .waiting_bytes = 40'000}};
  const front_end front{at.system};
  join(front, back);
  const auto begin = [&](const std::string& name) {
    auto result = front.operate({.name = name,
                                 .payload = text(std::string(30'000, 'x')),
                                 .complete = true,
                                 .timeout = 1min,
                                 .subscription = termination_only_serviced_subscription()});
    settle({front, back});
    return result;
  };
  std::vector<operation> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(begin("open"));
  for (int i = 0; i < 2; ++i) { // the second is begun before it is too much
    all.push_back(begin("keep"));
    CHECK(all.back().context().is_active());
  }
  const auto refused = await(ending_of(begin("open")));
  CHECK(was_refused(refused.value, refused.details));
  charges->let_go_of_all();
  settle({front, back});
  CHECK(begin("open").context().is_active());
  front.stop();
  wait_for_idle(front);
}

TEST_CASE("S-FLOW-16: what waits at a front until it is allowed counts there") {
  node at;
  auto services = std::make_shared<method_table>();
  services->add("open", [](const operation_context&, const output_consumer&) { return make_consumer({}); });
  const back_end back{at.system, services, {.window = 0}};
  const front_end front{at.system, {.shards = 1, .window = 32, .waiting_bytes = 10'000}};
  join(front, back);
  const auto begin = [&] {
    return front.operate({.name = "open",
                          .timeout = 1min,
                          .subscription = full_serviced_subscription(make_consumer([](const payload&) {}))});
  };
  const auto first = begin();
  for (int i = 0; i < 36; ++i) // 20 of them wait
    first.consumer().consume(text(std::string(1000, 'x')));
  settle({front, back});
  const auto second = begin();
  settle({front, back});
  const auto listed = nlohmann::json::parse(back.operations()).at("operations");
  CHECK(listed.at(0).at("credit") == 32);
  CHECK(listed.at(1).at("credit") == 1);
  front.stop();
  wait_for_idle(front);
}
