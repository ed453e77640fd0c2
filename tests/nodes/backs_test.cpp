/// One front and three backs, each in a process of its own, with a balanced link between them: S-END-8, S-END-12.
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/retry.hpp"
#include "../support/far_process.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>

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
  std::shared_ptr<balanced_link> link = balanced_link::make();
  std::array<std::vector<operation>, 3> held;

  three_backs() {
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

  /// The same, trying again where that is refused.
  std::string who_does() const {
    auto answer = std::make_shared<journal>();
    auto promise = std::make_shared<std::promise<ending>>();
    operate_retrying(front, ask_who(answer), {.attempts = 3, .pause = 1ms}, [promise](const caf::error& reason) {
      promise->set_value({outcome_of(reason), details_of(reason)});
    });
    const auto end = await(promise->get_future());
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

TEST_CASE("S-END-12: what a back refuses because it drains, another one does") {
  const trace_folder traces;
  three_backs all;
  traces.record(all.front, "front");
  all.hold_some();
  all.running[1]->running.send_signal(SIGTERM);
  REQUIRE(all.running[1]->running.read_line() == "draining");
  int refused = 0;
  for (int i = 0; i < 6; ++i)
    refused += all.is_process(all.who()) ? 0 : 1;
  CHECK(refused > 0);
  for (int i = 0; i < 20; ++i) {
    const auto answers = all.who_does();
    CHECK((answers == all.id(0) || answers == all.id(2)));
  }
  for (const auto& x : all.held)
    for (const auto& op : x)
      CHECK(op.context().is_active());
}
