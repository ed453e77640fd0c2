/// One front and three backs, each in a process of its own, with a balanced link between them: S-END-8, S-END-14.
#include "../../actors/links/balanced_link.hpp"
#include "../support/far_process.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

constexpr auto window = 200ms;

/// Three backs, and operations that each of them holds.
struct three_backs {
  std::array<std::unique_ptr<far_process>, 3> running;
  node near;
  front_end front{near.system, {.shards = 1}}; // operations go out in order, and so to the backs in turn
  std::shared_ptr<balanced_link> link;
  std::array<std::vector<operation>, 3> held;

  explicit three_backs(balance policy = balance::round_robin) : link(balanced_link::make({.policy = policy})) {
    for (size_t i = 0; i < running.size(); ++i) {
      running[i] = std::make_unique<far_process>(far_options{.window = window});
      link->add(connect(near.system, "127.0.0.1", running[i]->port, patient(window)), std::to_string(i));
    }
    front.join_rear_link(link);
    link->join_fore_link(front.link());
  }

  /// Begins 5 operations at each.
  void hold_some() {
    for (size_t i = 0; i < 15; ++i)
      held[i % held.size()].push_back(hold(front));
    for (size_t i = 0; i < running.size(); ++i)
      REQUIRE(is_process(who())); // so the others have arrived
  }

  operate_request ask_who(const std::shared_ptr<journal>& answer) const {
    return {.name = "who",
            .complete = true,
            .timeout = 30s,
            .subscription = full_serviced_subscription(noting_consumer(answer))};
  }

  /// Which process answers, or why none does.
  std::string who() const {
    auto answer = std::make_shared<journal>();
    const auto end = await(ending_of(front.operate(ask_who(answer))));
    return end.value == outcome::completed ? answer->notes().front() : to_string(end.value) + ": " + end.details;
  }

  std::string id(size_t i) const {
    return std::to_string(running[i]->running.id());
  }

  bool is_process(const std::string& x) const {
    return x == id(0) || x == id(1) || x == id(2);
  }
};

} // namespace

TEST_CASE("S-END-8: a back that is killed takes its own operations along only, and is used again when it is back") {
  three_backs all;
  all.hold_some();
  std::vector<std::future<ending>> ends;
  for (const auto& op : all.held[0])
    ends.push_back(ending_of(op));
  all.running[0]->running.send_signal(SIGKILL);
  for (auto& x : ends)
    CHECK(await(std::move(x)).value == outcome::transmission_failure);
  for (int i = 0; i < 10; ++i) {
    const auto answers = all.who();
    CHECK((answers == all.id(1) || answers == all.id(2)));
  }
  const auto port = all.running[0]->port;
  all.running[0] = nullptr; // first, for its port
  all.running[0] = std::make_unique<far_process>(far_options{.window = window, .port = port});
  const auto patience = std::chrono::steady_clock::now() + 30s;
  std::string answers;
  while (answers != all.id(0) && std::chrono::steady_clock::now() < patience) {
    answers = all.who();
    CHECK(all.is_process(answers));
  }
  CHECK(answers == all.id(0));
  for (size_t i = 1; i < all.held.size(); ++i)
    for (const auto& op : all.held[i])
      CHECK(op.context().is_active());
}

TEST_CASE("S-END-14: a back that drains gets no new operations, none is refused, and those that run go on") {
  const trace_folder traces;
  three_backs all;
  traces.record(all.front, "front");
  all.hold_some();
  all.running[1]->running.send_signal(SIGTERM);
  REQUIRE(all.running[1]->running.read_line() == "draining");
  while (!all.link->status()[1].draining)
    CHECK(all.is_process(all.who())); // the back has not said so yet, and refuses nothing
  for (int i = 0; i < 20; ++i) {
    const auto answers = all.who();
    CHECK((answers == all.id(0) || answers == all.id(2)));
  }
  for (const auto& x : all.held)
    for (const auto& op : x)
      CHECK(op.context().is_active());
  for (const auto& op : all.held[1])
    op.cancel();
  CHECK(all.running[1]->running.wait() == 0);
}

namespace {

/// So many operations at a time, one after the other, each a stream of three payloads there and back.
class constant_load {
public:
  constant_load(const front_end& front, size_t in_flight) : front_(front) {
    for (size_t i = 0; i < in_flight; ++i)
      begin();
  }

  ~constant_load() {
    stop();
  }

  constant_load(const constant_load&) = delete;
  constant_load& operator=(const constant_load&) = delete;

  /// Begins no more, and waits for the last ones.
  void stop() {
    is_over_ = true;
    wait_for_idle(front_);
  }

  /// Waits until so many more have completed.
  void await_more(uint64_t count) const {
    const auto goal = completed_ + count;
    while (completed_ < goal && std::chrono::steady_clock::now() < until_)
      std::this_thread::yield();
    REQUIRE(completed_ >= goal);
  }

  uint64_t completed() const {
    return completed_;
  }

  /// What became of those that did not complete.
  std::vector<std::string> failures() const {
    return failures_.notes();
  }

private:
  void begin() {
    const auto op = front_.operate({.name = "echo",
                                    .payload = text("1"),
                                    .timeout = 30s,
                                    .subscription = full_serviced_subscription(make_consumer({}))});
    op.handle()->attach_functor([this](const caf::error& reason) {
      if (outcome_of(reason) == outcome::completed)
        ++completed_;
      else
        failures_.note(to_string(outcome_of(reason)) + ": " + details_of(reason));
      if (!is_over_)
        begin();
    });
    op.consumer().consume(text("2"));
    op.consumer().consume_and_terminate(text("3"));
  }

  const front_end& front_;
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + 3min;
  std::atomic<bool> is_over_{false};
  std::atomic<uint64_t> completed_{0};
  journal failures_;
};

} // namespace

TEST_CASE("S-END-14, S-SESSION-7: a rolling restart of three backs under load, 20 times, costs no operation") {
  for (const auto policy : {balance::round_robin, balance::fewest_in_flight}) {
    three_backs all{policy};
    constant_load load{all.front, 32};
    for (size_t round = 0; round < 20; ++round) {
      const auto i = round % all.running.size();
      load.await_more(50);
      all.running[i]->running.send_signal(SIGTERM);
      REQUIRE(all.running[i]->running.wait() == 0);
      const auto port = all.running[i]->port;
      all.running[i] = std::make_unique<far_process>(far_options{.window = window, .port = port});
      while (!all.link->status()[i].ready || all.link->status()[i].draining)
        load.await_more(1);
    }
    load.stop();
    for (const auto& x : load.failures())
      FAIL_CHECK(x);
    MESSAGE(load.completed() << " operations completed");
  }
}
