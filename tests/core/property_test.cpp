/// Random schedules of both sides with a link that does everything a link can do: it drops, repeats, delays, reorders,
/// refuses and disappears. The invariants hold in every case.
#include "../support/pair.hpp"
#include "../support/property.hpp"

#include <functional>
#include <tuple>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

/// A random number of a schedule stands for one of these; `place` is a number of its own, often of a ticket under way.
using action = std::function<void(pair&, size_t place)>;

/// Payloads are numbered in the order in which they are given, so that every one is another.
struct numbering {
  int given = 0;
  std::string next() {
    return std::to_string(given++);
  }
};

struct weighted_action {
  size_t weight;
  action act;
};

template <class Tickets>
void drop(Tickets& under_way, size_t place) {
  if (!under_way.empty())
    under_way.erase(under_way.begin() + static_cast<ptrdiff_t>(place % under_way.size()));
}

template <class Tickets>
void repeat(Tickets& under_way, size_t place) {
  if (!under_way.empty())
    under_way.push_back(typename Tickets::value_type{under_way[place % under_way.size()]});
}

void pass_any(pair& p, bool to_back, size_t place) {
  if (to_back && !p.front.under_way.empty())
    p.pass_to_back(place % p.front.under_way.size());
  if (!to_back && !p.back.under_way.empty())
    p.pass_to_front(place % p.back.under_way.size());
}

template <class Half>
void answer(Half& half, size_t place) {
  if (half.call_under_way && place % 8 == 7)
    half.throw_from_call(place % 16 == 7 ? core::customer_threw::kind::error
                                         : core::customer_threw::kind::no_such_method);
  else if (half.call_under_way)
    half.return_from_call();
}

template <class Half>
void add_half(std::vector<weighted_action>& all, Half pair::*half, numbering& numbers) {
  all.push_back({6, [=, &numbers](pair& p, size_t) { (p.*half).consume(numbers.next()); }});
  all.push_back({2, [=](pair& p, size_t) { (p.*half).terminate(); }});
  all.push_back({1, [=, &numbers](pair& p, size_t) { (p.*half).consume_and_terminate(numbers.next()); }});
  all.push_back({6, [=](pair& p, size_t place) { answer(p.*half, place); }});
  all.push_back({1, [=](pair& p, size_t place) { (p.*half).allow(place % 3); }});
  all.push_back({1, [=](pair& p, size_t) { (p.*half).ask_ready(); }});
  all.push_back({4, [=](pair& p, size_t) {
                   if ((p.*half).link_owes_answer)
                     (p.*half).link_took_it();
                 }});
  all.push_back(
    {2, [=](pair& p, size_t place) { (p.*half).holds_calls = place % 2 == 0 || (p.*half).call_under_way; }});
  all.push_back({1, [=](pair& p, size_t place) { (p.*half).link_is_slow = place % 2 == 0; }});
  all.push_back({1, [=](pair& p, size_t place) { drop((p.*half).under_way, place); }});
  all.push_back({1, [=](pair& p, size_t place) { repeat((p.*half).under_way, place); }});
  all.push_back({1, [=](pair& p, size_t place) { (p.*half).link_refuses = place % 4 == 0; }});
  all.push_back({1, [=](pair& p, size_t place) {
                   if (place % 4 == 0)
                     (p.*half).lose_link();
                 }});
  all.push_back({1, [=](pair& p, size_t place) {
                   if (place % 4 == 0)
                     (p.*half).fail();
                 }});
  all.push_back({1, [=](pair& p, size_t) { (p.*half).fire_timer(); }});
}

/// Tickets arrive.
void add_link(std::vector<weighted_action>& all, bool reorder) {
  for (bool to_back : {true, false}) {
    all.push_back({9, [=](pair& p, size_t) { pass_any(p, to_back, 0); }});
    all.push_back({3, [=](pair& p, size_t place) { pass_any(p, to_back, reorder ? place : 0); }});
  }
}

void add_front(std::vector<weighted_action>& all) {
  all.push_back({1, [](pair& p, size_t place) {
                   if (place % 4 == 0)
                     p.front.cancel();
                 }});
  all.push_back({1, [](pair& p, size_t place) { p.front.set_timeout(std::chrono::seconds(place % 100)); }});
  all.push_back({1, [](pair& p, size_t place) { p.advance(std::chrono::milliseconds(place * 10)); }});
}

/// Runs a schedule; each number says what happens and where.
void run(pair& p, const std::vector<weighted_action>& all, const std::vector<uint16_t>& schedule) {
  size_t sum = 0;
  for (const auto& x : all)
    sum += x.weight;
  for (auto number : schedule) {
    size_t left = number % sum;
    auto chosen = all.begin();
    while (left >= chosen->weight)
      left -= (chosen++)->weight;
    chosen->act(p, number / sum);
    RC_ASSERT(p.violations() == "");
    RC_ASSERT(p.delivery_violations() == "");
    RC_ASSERT(p.front.ends.size() == (p.front.ended() ? 1u : 0u));
    RC_ASSERT(p.back.ends.size() == (p.back.ended() ? 1u : 0u));
  }
}

/// None, or a small one.
uint32_t random_window() {
  return *rc::gen::element<uint32_t>(uint32_t{no_window}, 0u, 1u, 2u, 3u, 16u);
}

pair_options random_options() {
  using namespace rc;
  const auto subscription = *gen::element(subscription_kind::full, subscription_kind::full,
                                          subscription_kind::termination_only, subscription_kind::none);
  pair_options result{.subscription = subscription, .held_tickets = any_between<uint32_t>(0, 8)};
  result.window = random_window();
  result.waiting_payloads = any_below(4) == 0 ? 3 : 0;
  if (*gen::arbitrary<bool>())
    result.timeout = std::chrono::seconds(any_below(8) == 0 ? 0 : any_below(100)); // zero is a case of its own
  return result;
}

/// Everything that was ever sent comes once more, and everybody says everything once more. Nothing may come of it.
void stir(pair& p) {
  const auto front_before = std::make_tuple(p.front.outcome(), p.front.sent.size(), p.front.calls.size());
  const auto back_before = std::make_tuple(p.back.outcome(), p.back.sent.size(), p.back.calls.size());
  for (const auto& ticket : p.front.sent)
    if (p.back.begun())
      p.back.receive(ticket);
  for (const auto& ticket : p.back.sent)
    p.front.receive(ticket);
  auto stir_half = [](auto& half) {
    half.fire_timer();
    half.consume("late");
    half.terminate();
    half.fail();
    half.return_from_call();
    half.throw_from_call();
    half.link_took_it();
    half.lose_link();
  };
  stir_half(p.front);
  stir_half(p.back);
  p.front.cancel();
  p.front.set_timeout(1s);
  RC_ASSERT(front_before == std::make_tuple(p.front.outcome(), p.front.sent.size(), p.front.calls.size()));
  RC_ASSERT(back_before == std::make_tuple(p.back.outcome(), p.back.sent.size(), p.back.calls.size()));
  RC_ASSERT(p.violations() == "");
}

} // namespace

TEST_CASE("S-END-6: random schedules with a faulty link: one outcome per side, deliveries in order, an end to all") {
  check_property("random schedules with a faulty link", 4000, 120, [] {
    numbering numbers;
    std::vector<weighted_action> all;
    add_half(all, &pair::front, numbers);
    add_half(all, &pair::back, numbers);
    add_link(all, true);
    add_front(all);
    pair p{random_options()};
    p.front.operate(numbers.next(), *rc::gen::weightedElement<bool>({{4, false}, {1, true}}));
    run(p, all, *rc::gen::container<std::vector<uint16_t>>(numbers_between<uint16_t>(0, UINT16_MAX)));
    RC_TAG(p.front.outcome() + " / " + p.back.outcome());

    p.front.under_way.clear();
    p.back.under_way.clear();
    p.advance(100s);
    RC_ASSERT(p.front.ended());
    RC_ASSERT(p.back.ended() || !p.back.begun());
    RC_ASSERT(p.violations() == "");
    stir(p);
  });
}

TEST_CASE("S-END-1: random schedules with a link that only delays and reorders: both sides complete") {
  check_property("random schedules in fair weather", 2000, 60, [] {
    numbering numbers;
    const auto window = std::max<uint32_t>(random_window(), 1); // with 0 somebody has to allow
    pair p{{.held_tickets = 200, .window = window},
           {.held_tickets = 200, .window = std::max<uint32_t>(random_window(), 1)}};
    std::vector<weighted_action> all;
    add_link(all, true);
    auto add = [&](auto half) {
      all.push_back({6, [=, &numbers](pair& x, size_t) { (x.*half).consume(numbers.next()); }});
      all.push_back({6, [=](pair& x, size_t) {
                       if ((x.*half).call_under_way)
                         (x.*half).return_from_call();
                     }});
    };
    add(&pair::front);
    add(&pair::back);
    p.front.holds_calls = p.back.holds_calls = *rc::gen::arbitrary<bool>();
    p.front.operate(numbers.next());
    p.settle(); // S-RECV-5: what overtakes the first ticket is lost
    run(p, all, *rc::gen::container<std::vector<uint16_t>>(numbers_between<uint16_t>(0, UINT16_MAX)));
    RC_ASSERT(p.front.active());

    p.settle();
    p.front.terminate();
    p.settle();
    p.back.terminate();
    // With windows, what waits goes when calls have returned.
    for (bool more = true; more;) {
      p.settle();
      more = p.front.call_under_way || p.back.call_under_way;
      if (p.front.call_under_way)
        p.front.return_from_call();
      if (p.back.call_under_way)
        p.back.return_from_call();
    }
    RC_ASSERT(p.front.outcome() == "completed");
    RC_ASSERT(p.back.outcome() == "completed");
    RC_ASSERT(p.violations() == "");
    RC_ASSERT(p.delivery_violations() == "");
  });
}
