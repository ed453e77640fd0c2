/// Real ends at one instant of virtual time: completion, expiry, cancellation, failure, loss of the peer and stop, each
/// pair of them in each order, at either side (S-END-2, S-END-3, S-END-4, S-END-6, S-END-7, S-END-9). What the pure
/// machines do then is in tests/core/same_instant_test.cpp.
#include "../../actors/links/relay_link.hpp"
#include "../support/trace_folder.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Passes tickets on, or keeps them until both sides have acted.
class crossing_link final : public relay_link {
public:
  void hold() {
    std::lock_guard guard{mutex_};
    holding_ = true;
  }

  void release() {
    std::vector<front_to_back_ticket> to_back;
    std::vector<back_to_front_ticket> to_front;
    {
      std::lock_guard guard{mutex_};
      holding_ = false;
      to_back.swap(held_for_back_);
      to_front.swap(held_for_front_);
    }
    if (!to_back.empty())
      to_back_.pass(std::move(to_back));
    if (!to_front.empty())
      to_front_.pass(std::move(to_front));
  }

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override {
    keep(tickets, held_for_back_);
  }
  void intercept(std::vector<back_to_front_ticket>& tickets) override {
    keep(tickets, held_for_front_);
  }

private:
  template <class Ticket>
  void keep(std::vector<Ticket>& tickets, std::vector<Ticket>& held) {
    std::lock_guard guard{mutex_};
    if (!holding_)
      return;
    std::move(tickets.begin(), tickets.end(), std::back_inserter(held));
    tickets.clear();
  }

  std::mutex mutex_;
  bool holding_ = false;
  std::vector<front_to_back_ticket> held_for_back_;
  std::vector<back_to_front_ticket> held_for_front_;
};

/// The outcomes that one side's termination callback was called with.
class ended_calls {
public:
  void add(outcome x) {
    std::lock_guard guard{mutex_};
    all_.push_back(x);
  }

  std::vector<outcome> all() const {
    std::lock_guard guard{mutex_};
    return all_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<outcome> all_;
};

enum class at_side { front, back };

enum class happening { completion, expiry, cancel, failure, loss, stop };

struct instant_event {
  happening kind;
  at_side side;

  friend bool operator==(const instant_event&, const instant_event&) = default;
};

const std::vector<instant_event> all_events{
  {happening::completion, at_side::front}, {happening::completion, at_side::back}, {happening::expiry, at_side::front},
  {happening::expiry, at_side::back},      {happening::cancel, at_side::front},    {happening::failure, at_side::front},
  {happening::failure, at_side::back},     {happening::loss, at_side::front},      {happening::loss, at_side::back},
  {happening::stop, at_side::front},       {happening::stop, at_side::back},
};

std::string written(const instant_event& x) {
  const std::array names{"completion", "expiry", "cancel", "failure", "loss", "stop"};
  return names[static_cast<size_t>(x.kind)] + std::string{x.side == at_side::front ? " at the front" : " at the back"};
}

/// How the two events of a pair follow each other, at the same instant.
enum class meeting {
  together, ///< the second does not wait for anything that the first brings about
  crossing, ///< and neither side hears of the other before both have acted
  in_a_row, ///< the second comes when the first has had all its effects
};

constexpr auto the_deadline = 10s;
constexpr auto much_later = 1h;

/// One operation at two real ends, about to meet a pair of events.
class instant {
public:
  instant(caf::actor_system& system, const std::filesystem::path& traces, subscription_kind subscription,
          const instant_event& first, const instant_event& second)
    : subscription_(subscription),
      back_(system, services(),
            {.clock = clock_,
             .shards = 1,
             .record = recording_options{.file = (traces / "back.jsonl").string()},
             .default_timeout = deadline_of(at_side::back, first, second),
             .maximum_timeout = 2h}),
      front_(system, {.clock = clock_,
                      .shards = 1,
                      .record = recording_options{.file = (traces / "front.jsonl").string()},
                      .default_timeout = deadline_of(at_side::front, first, second)}) {
    join(front_, link_, back_);
    begin();
    // All but the last thing that it takes to be complete.
    const auto completes = [&](at_side side) {
      const instant_event x{happening::completion, side};
      return first == x || second == x;
    };
    if (!completes(at_side::back))
      output_->terminate();
    settle();
    if (!completes(at_side::front) && completes(at_side::back))
      operation_->consumer().terminate();
    settle();
  }

  /// Both at the same instant.
  void meet(const instant_event& first, const instant_event& second, meeting how) {
    const auto when = clock_->now() + the_deadline;
    if (how == meeting::crossing)
      link_->hold();
    if (first.kind != happening::expiry)
      before_timers(when, [&, how] {
        happen(first);
        if (how == meeting::in_a_row)
          settle();
        happen(second);
      });
    else if (how == meeting::together)
      among_timers(when, [&] { happen(second); });
    clock_->advance(the_deadline, [this] { settle(); });
    CHECK(clock_->now() == when);
    if (first.kind == happening::expiry && how != meeting::together)
      happen(second); // all timers of this instant have fired
    settle();
    link_->release();
    settle();
  }

  /// Past all deadlines: what is not told ends by them, and whatever was left behind would show.
  void let_time_pass() {
    clock_->advance(much_later + 1min, [this] { settle(); });
  }

  bool both_ended() const {
    return operation_->context().ended() && context_->ended();
  }

  outcome at_front() const {
    return operation_->context().ended().value();
  }

  outcome at_back() const {
    return context_->ended().value();
  }

  /// S-END-6, S-END-7, S-END-8, S-END-9.
  void check_the_end() const {
    CHECK(front_ended_->all() == std::vector{at_front()});
    CHECK(back_ended_->all() == std::vector{at_back()});
    CHECK(await(ending_of(*operation_)).value == at_front());
    check_stats(front_.operation_stats(), at_front());
    check_stats(back_.operation_stats(), at_back());
    CHECK(clock_->wishes() == 0);
    CHECK(nlohmann::json::parse(front_.operations())["operations"].empty());
    CHECK(nlohmann::json::parse(back_.operations())["operations"].empty());
  }

private:
  static duration deadline_of(at_side side, const instant_event& first, const instant_event& second) {
    const instant_event x{happening::expiry, side};
    return first == x || second == x ? duration{the_deadline} : duration{much_later};
  }

  std::shared_ptr<servicer> services() {
    auto result = std::make_shared<method_table>();
    result->add("work", [this](const operation_context& context, const output_consumer& output) {
      context.add_termination_callback([to = back_ended_](outcome x) { to->add(x); });
      context_.emplace(context);
      output_.emplace(output);
      return make_consumer({});
    });
    return result;
  }

  void begin() {
    serviced_subscription subscription{subscription_, nullptr};
    if (subscription_ == subscription_kind::full)
      subscription = full_serviced_subscription(make_consumer({}));
    operation_.emplace(front_.operate({.name = "work", .payload = text("a"), .subscription = subscription}));
    operation_->context().add_termination_callback([to = front_ended_](outcome x) { to->add(x); });
    settle();
    REQUIRE(context_);
  }

  // The clock tells its waiters in the order of their addresses, and these are no objects'.
  // NOLINTBEGIN(performance-no-int-to-ptr)

  void before_timers(time_point when, std::function<void()> act) const {
    clock_->wake_at(reinterpret_cast<const void*>(uintptr_t{1}), when, std::move(act));
  }

  /// An end may want to be woken twice at an instant: once to sort its timers, then to fire those that are due.
  void among_timers(time_point when, const std::function<void()>& act) const {
    const auto* behind_all = reinterpret_cast<const void*>(UINTPTR_MAX);
    clock_->wake_at(behind_all, when, [=, this] { clock_->wake_at(behind_all, when, act); });
  }
  // NOLINTEND(performance-no-int-to-ptr)

  void happen(const instant_event& x) {
    const bool here = x.side == at_side::front;
    switch (x.kind) {
      case happening::completion:
        return here ? operation_->consumer().terminate() : output_->terminate();
      case happening::expiry:
        return; // the clock does that
      case happening::cancel:
        return operation_->cancel();
      case happening::failure:
        return here ? operation_->context().fail() : context_->fail();
      case happening::loss:
        return here ? front_.link()->rear_lost("lost") : back_.link()->fore_lost("lost");
      case happening::stop:
        return here ? front_.stop() : back_.stop();
    }
  }

  void settle() const {
    tandem::settle({front_, back_});
  }

  static void check_stats(const stats& x, outcome ended) {
    uint64_t all = 0;
    for (auto n : x.terminated)
      all += n;
    CHECK(all == 1);
    CHECK(x.of(ended) == 1);
    CHECK(x.ongoing == 0);
    CHECK(x.dropped == 0);
    CHECK(x.refused == 0);
  }

  const subscription_kind subscription_;
  std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
  std::shared_ptr<ended_calls> front_ended_ = std::make_shared<ended_calls>();
  std::shared_ptr<ended_calls> back_ended_ = std::make_shared<ended_calls>();
  std::optional<operation_context> context_; // of the back; written by its customer code, read when that is quiet
  std::optional<output_consumer> output_;
  std::shared_ptr<crossing_link> link_ = std::make_shared<crossing_link>();
  back_end back_;
  front_end front_;
  std::optional<operation> operation_;
};

/// The outcome that the event means at its own side, if nothing else has ended that.
outcome own_outcome(const instant_event& x) {
  const bool here = x.side == at_side::front;
  switch (x.kind) {
    case happening::completion:
      return outcome::completed;
    case happening::expiry:
      return outcome::expired;
    case happening::cancel:
      return outcome::cancelled;
    case happening::failure:
      return here ? outcome::serviced_failure : outcome::servicer_failure;
    case happening::loss:
      return outcome::transmission_failure;
    case happening::stop:
      return here ? outcome::cancelled : outcome::servicer_failure;
  }
  return {};
}

/// S-END-3: whether the other side is told, which then ends with the same outcome (S-END-4: no event here is one of
/// those that mean something else at the other side), or is complete too.
bool is_told(const instant_event& x, subscription_kind subscription) {
  return x.kind != happening::loss && !(x.side == at_side::back && subscription == subscription_kind::none);
}

using outcome_pair = std::pair<outcome, outcome>; // front, back

/// The pairs of outcomes that the rules allow. Each side ends by an event of its own, or by a ticket of the other; one
/// that has no event and is told nothing expires later.
std::set<outcome_pair> legal_outcomes(const instant_event& first, const instant_event& second, meeting how,
                                      subscription_kind subscription) {
  std::set<outcome_pair> result;
  const auto put = [&](at_side side, outcome own, outcome other) {
    result.insert(side == at_side::front ? outcome_pair{own, other} : outcome_pair{other, own});
  };
  const auto decided_by = [&](const instant_event& x, const instant_event& other) {
    if (is_told(x, subscription))
      put(x.side, own_outcome(x), own_outcome(x));
    else if (other.side == x.side)
      put(x.side, own_outcome(x), outcome::expired);
    else
      put(x.side, own_outcome(x), own_outcome(other));
  };
  decided_by(first, second);
  // Completion takes a side several steps, and between these it may see that the deadline is now.
  const bool overtaken = first.kind == happening::completion && second.kind == happening::expiry;
  if (how == meeting::in_a_row && !overtaken)
    return result; // the first had all its effects before the second came
  decided_by(second, first);
  if (first.side != second.side) // each has its own before it hears of the other's
    put(first.side, own_outcome(first), own_outcome(second));
  // A side that aborts as its link fails cannot tell (S-END-3).
  for (const auto& [x, other] : {std::pair{first, second}, std::pair{second, first}})
    if (x.kind == happening::loss && other.side == x.side)
      put(x.side, own_outcome(other), outcome::expired);
  // The last ticket is on its way, and its sender not complete, since it does not know yet that the link took it.
  for (const auto& [x, other] : {std::pair{first, second}, std::pair{second, first}})
    if (x.kind == happening::completion && other.side == x.side)
      put(x.side, own_outcome(other), outcome::completed);
  return result;
}

/// With subscription none a back cannot complete an operation whose front is not done.
bool is_possible(const instant_event& x, subscription_kind subscription) {
  return !(subscription == subscription_kind::none && x == instant_event{happening::completion, at_side::back});
}

std::string written(const std::set<outcome_pair>& all) {
  std::string result;
  for (const auto& [front, back] : all)
    result += (result.empty() ? "" : "; ") + to_string(front) + ", " + to_string(back);
  return result;
}

void try_all_pairs(meeting how) {
  node shared;
  trace_folder traces;
  for (auto subscription : {subscription_kind::full, subscription_kind::termination_only, subscription_kind::none})
    for (const auto& first : all_events)
      for (const auto& second : all_events) {
        if (first == second || !is_possible(first, subscription) || !is_possible(second, subscription))
          continue;
        const auto story = to_string(subscription) + ": " + written(first) + ", then " + written(second);
        CAPTURE(story);
        instant x{shared.system, traces.path, subscription, first, second};
        x.meet(first, second, how);
        x.let_time_pass();
        REQUIRE(x.both_ended());
        const auto legal = legal_outcomes(first, second, how, subscription);
        CHECK_MESSAGE(legal.contains({x.at_front(), x.at_back()}),
                      "ended " << written({{x.at_front(), x.at_back()}}) << "; legal: " << written(legal));
        x.check_the_end();
      }
}

} // namespace

TEST_CASE("S-END-6: real ends, two events at the same instant") {
  try_all_pairs(meeting::together);
}

TEST_CASE("S-END-6: real ends, two events at the same instant, and what each side tells crosses on the way") {
  try_all_pairs(meeting::crossing);
}

TEST_CASE("S-END-6: real ends, two events in a row at the same instant: the first decides") {
  try_all_pairs(meeting::in_a_row);
}
