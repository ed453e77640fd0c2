/// Everything happens at once: all orders of completion, expiry, cancellation, failure and loss of the link at the same
/// instant. The first in order decides, on each side (S-END-2, S-END-6).
#include "../support/pair.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using kind = ticket_kind;

namespace {

struct happening {
  std::string outcome; ///< of the side, if this comes first
  bool tells;          ///< the other side is told then
  std::function<void(pair&)> happen;
};

/// Tries all orders of `all` from where `prepare` leads. `half_of` is the side in question.
template <class HalfOf>
void try_all_orders(const std::function<pair()>& prepare, const std::vector<happening>& all, HalfOf half_of,
                    bool speaks) {
  std::vector<size_t> order;
  for (size_t i = 0; i < all.size(); ++i)
    order.push_back(i);
  do {
    std::string story;
    auto p = prepare();
    auto& half = half_of(p);
    REQUIRE(half.active());
    const auto sent_before = half.sent.size();
    const auto calls_before = half.calls.size();
    for (size_t i : order) {
      story += all[i].outcome + "; ";
      all[i].happen(p);
      REQUIRE(half.ended());
    }
    CAPTURE(story);
    const auto& first = all[order.front()];
    CHECK(half.outcome() == first.outcome);
    CHECK(half.ends.size() == 1);
    CHECK(half.calls.size() == calls_before);
    REQUIRE(half.sent.size() == sent_before + (first.tells && speaks ? 1 : 0));
    if (first.tells && speaks)
      CHECK(half.sent.back().kind == abortive_kind(*parse_outcome(first.outcome)));
    CHECK(half.effects.back() == "finish: " + first.outcome);
    CHECK(p.violations() == "");
  } while (std::ranges::next_permutation(order).found);
}

const std::vector<subscription_kind> all_subscriptions{subscription_kind::full, subscription_kind::termination_only,
                                                       subscription_kind::none};

std::vector<happening> happenings_at_front(const std::function<void(pair&)>& complete) {
  return {
    {"completed", false, complete},
    {"expired", true, [](pair& p) { p.front.fire_timer(); }},
    {"cancelled", true, [](pair& p) { p.front.cancel(); }},
    {"serviced failure", true, [](pair& p) { p.front.fail(); }},
    {"transmission failure", false, [](pair& p) { p.front.lose_link(); }},
  };
}

std::vector<happening> happenings_at_back(const std::function<void(pair&)>& complete) {
  return {
    {"completed", false, complete},
    {"expired", true, [](pair& p) { p.back.fire_timer(); }},
    {"cancelled", false, [](pair& p) { p.back.receive(to_back(1, kind::cancellation)); }},
    {"servicer failure", true, [](pair& p) { p.back.fail(); }},
    {"transmission failure", false, [](pair& p) { p.back.lose_link(); }},
  };
}

front_half& front_of(pair& p) {
  return p.front;
}

back_half& back_of(pair& p) {
  return p.back;
}

/// At the instant at which the front expires; the link does not have its only ticket yet.
pair front_waiting_for_link(subscription_kind subscription) {
  pair p{{.subscription = subscription, .timeout = 10s}};
  p.front.link_is_slow = true;
  p.front.operate("a", true);
  if (subscription != subscription_kind::none)
    p.front.receive(to_front(0, kind::completion));
  p.front.now = the_beginning + 10s;
  return p;
}

/// At the instant at which the back expires; the link does not have its only ticket yet.
pair back_waiting_for_link(subscription_kind subscription) {
  pair p{{.subscription = subscription}};
  p.back.link_is_slow = true;
  p.back.receive(entire("a", subscription));
  if (subscription != subscription_kind::none)
    p.back.terminate();
  p.back.now = the_beginning + 30s;
  return p;
}

} // namespace

TEST_CASE("S-END-6: same instant, front: the link takes the last ticket") {
  for (auto subscription : all_subscriptions) {
    const auto all = happenings_at_front([](pair& p) { p.front.link_took_it(); });
    try_all_orders([=] { return front_waiting_for_link(subscription); }, all, front_of, true);
  }
}

TEST_CASE("S-END-6: same instant, front: customer code consumes the last result") {
  const auto prepare = [] {
    pair p{{.timeout = 10s}};
    p.front.operate("a", true);
    p.front.holds_calls = true;
    p.front.receive(to_front(0, kind::completion, "b"));
    p.front.now = the_beginning + 10s;
    return p;
  };
  try_all_orders(prepare, happenings_at_front([](pair& p) { p.front.return_from_call(); }), front_of, true);
}

TEST_CASE("S-END-6: same instant, front: the completion arrives, with termination only") {
  const auto prepare = [] {
    pair p{{.subscription = subscription_kind::termination_only, .timeout = 10s}};
    p.front.operate("a", true);
    p.front.now = the_beginning + 10s;
    return p;
  };
  const auto all = happenings_at_front([](pair& p) { p.front.receive(to_front(0, kind::completion)); });
  try_all_orders(prepare, all, front_of, true);
}

TEST_CASE("S-END-6: same instant, back: the link takes the last ticket") {
  for (auto subscription : {subscription_kind::full, subscription_kind::termination_only}) {
    const auto all = happenings_at_back([](pair& p) { p.back.link_took_it(); });
    try_all_orders([=] { return back_waiting_for_link(subscription); }, all, back_of, true);
  }
}

TEST_CASE("S-END-6: same instant, back: customer code terminates its output, with subscription none") {
  const auto all = happenings_at_back([](pair& p) { p.back.terminate(); });
  try_all_orders([] { return back_waiting_for_link(subscription_kind::none); }, all, back_of, false);
}

TEST_CASE("S-END-6: same instant, back: customer code consumes the last input") {
  for (auto subscription : all_subscriptions) {
    const auto prepare = [=] {
      pair p{{.subscription = subscription}};
      p.back.holds_calls = true;
      p.back.receive(entire("a", subscription));
      p.back.return_from_call();
      p.back.terminate();
      p.back.now = the_beginning + 30s;
      return p;
    };
    try_all_orders(prepare, happenings_at_back([](pair& p) { p.back.return_from_call(); }), back_of,
                   subscription != subscription_kind::none);
  }
}

TEST_CASE("S-END-6: same instant, both sides: they abort at once, and neither answers the other") {
  for (auto subscription : {subscription_kind::full, subscription_kind::termination_only}) {
    for (bool front_first : {true, false}) {
      pair p{{.subscription = subscription}};
      p.front.operate("a");
      p.settle();
      if (front_first)
        p.front.cancel();
      p.back.fail();
      if (!front_first)
        p.front.cancel();
      p.settle();
      CHECK(p.front.outcome() == "cancelled");
      CHECK(p.back.outcome() == "servicer failure");
      CHECK(p.front.late == 1);
      CHECK(p.back.late == 1);
      CHECK(p.front.sent_tickets() == "0 commencement(a), 1 cancellation");
      CHECK(p.back.sent_tickets() == "0 servicer failure");
      CHECK(p.violations() == "");
    }
  }
}
