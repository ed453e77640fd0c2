/// A run of the two machines by a random schedule, and its trace. For use in a property of rapidcheck.
#pragma once

#include "../support/property.hpp"
#include "machine_trace.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tandem_test {

/// An event of a schedule; `place` is a number of its own.
struct weighted_action {
  size_t weight;
  std::function<void(pair&, size_t place)> act;
};

/// The mishaps that the link causes to tickets.
enum class weather { fair, late, lossy, repeating };

template <class Half>
void add_half(std::vector<weighted_action>& all, Half pair::*half, weather sky) {
  all.push_back({6, [=](pair& p, size_t place) { (p.*half).consume("payload " + std::to_string(place)); }});
  all.push_back({2, [=](pair& p, size_t) { (p.*half).terminate(); }});
  all.push_back({1, [=](pair& p, size_t place) { (p.*half).consume_and_terminate(std::to_string(place)); }});
  all.push_back(
    {1, [=](pair& p, size_t place) { (p.*half).holds_calls = place % 2 == 0 || (p.*half).call_under_way; }});
  all.push_back({4, [=](pair& p, size_t place) {
                   auto& x = p.*half;
                   if (x.call_under_way && place % 8 == 7)
                     x.throw_from_call(place % 16 == 7 ? tandem::core::customer_threw::kind::error
                                                       : tandem::core::customer_threw::kind::no_such_method);
                   else if (x.call_under_way)
                     x.return_from_call();
                 }});
  all.push_back({1, [=](pair& p, size_t place) {
                   if (place % 4 == 0)
                     (p.*half).fail("failed");
                 }});
  if (sky == weather::fair || sky == weather::late)
    return;
  all.push_back({1, [=](pair& p, size_t place) { (p.*half).link_refuses = place % 4 == 0; }});
  all.push_back({1, [=](pair& p, size_t place) {
                   if (place % 4 == 0)
                     (p.*half).lose_link();
                 }});
  all.push_back({1, [=](pair& p, size_t place) {
                   auto& under_way = (p.*half).under_way;
                   if (under_way.empty())
                     return;
                   const auto at = static_cast<ptrdiff_t>(place % under_way.size());
                   if (sky == weather::repeating && place % 2 == 0)
                     under_way.push_back(typename Half::outgoing{under_way[static_cast<size_t>(at)]});
                   else
                     under_way.erase(under_way.begin() + at);
                 }});
}

inline std::vector<weighted_action> actions(weather sky) {
  std::vector<weighted_action> all;
  add_half(all, &pair::front, sky);
  add_half(all, &pair::back, sky);
  const bool reorder = sky != weather::fair;
  all.push_back({9, [=](pair& p, size_t place) {
                   p.pass_to_back(reorder && !p.front.under_way.empty() ? place % p.front.under_way.size() : 0);
                 }});
  all.push_back({9, [=](pair& p, size_t place) {
                   p.pass_to_front(reorder && !p.back.under_way.empty() ? place % p.back.under_way.size() : 0);
                 }});
  all.push_back({1, [](pair& p, size_t place) {
                   if (place % 4 == 0)
                     p.front.cancel("enough");
                 }});
  all.push_back({1, [](pair& p, size_t place) { p.front.set_timeout(std::chrono::seconds(place % 100)); }});
  all.push_back({1, [](pair& p, size_t place) { p.advance(std::chrono::milliseconds(place * 10)); }});
  return all;
}

/// A pair that took a random schedule, and what was recorded of it.
struct random_run {
  explicit random_run(weather sky) : options(random_options()), p(options), recorder(p, options) {
    p.front.operate("first", *rc::gen::weightedElement<bool>({{4, false}, {1, true}}));
    if (sky == weather::fair)
      p.settle();
    const auto all = actions(sky);
    size_t sum = 0;
    for (const auto& x : all)
      sum += x.weight;
    for (auto number : *rc::gen::container<std::vector<uint16_t>>(numbers_between<uint16_t>(0, UINT16_MAX))) {
      size_t left = number % sum;
      auto chosen = all.begin();
      while (left >= chosen->weight)
        left -= (chosen++)->weight;
      chosen->act(p, number / sum);
    }
  }

  static pair_options random_options() {
    const auto subscription
      = *rc::gen::element(tandem::subscription_kind::full, tandem::subscription_kind::full,
                          tandem::subscription_kind::termination_only, tandem::subscription_kind::none);
    pair_options result{.subscription = subscription, .held_tickets = any_between<uint32_t>(0, 8)};
    if (*rc::gen::arbitrary<bool>())
      result.timeout = std::chrono::seconds(any_below(8) == 0 ? 0 : any_below(100)); // zero is a case of its own
    if (*rc::gen::arbitrary<bool>())
      result.trace_id = tandem::trace_id{{1, 2, 3}};
    return result;
  }

  pair_options options;
  pair p;
  pair_recorder recorder;
};

} // namespace tandem_test
