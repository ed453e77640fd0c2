/// All interleavings of short scripts, over a link that delivers in any order: every ticket, every return from customer
/// code and every answer of the link may come at any time, and one thing may go wrong at any time.
///
/// Each state is looked at once, however many interleavings lead to it.
#include "../support/pair.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

struct script {
  std::vector<std::function<void(front_half&)>> front;
  std::vector<std::function<void(back_half&)>> back;
  subscription_kind subscription = subscription_kind::full;
  bool in_order = false; ///< the link keeps the order: for scripts with many tickets
};

/// Of both sides (S-FLOW).
struct windows {
  uint32_t front = no_window;
  uint32_t back = no_window;
};

/// A state of the whole, with how it came about.
struct world {
  pair p;
  size_t front_step = 0;
  size_t back_step = 0;
  bool disturbed = false;
  std::set<uint64_t> to_front{}; ///< the tickets that have arrived there
  std::set<uint64_t> to_back{};
  std::string story{};
};

/// All that decides what a side can do next. What a machine holds back or has waiting follows from the numbers that
/// arrived and the calls that were made of them.
template <class Half>
std::string key_of(const Half& half, size_t step, const std::set<uint64_t>& arrived) {
  auto result = half.outcome() + half.sent_tickets();
  if (!half.ended()) {
    result += half.state() + '/' + std::to_string(step) + '/' + std::to_string(half.opened + half.calls.size());
    result += half.call_under_way ? " calling" : "";
    result += half.link_owes_answer ? " handing over" : "";
    for (auto number : arrived)
      result += ' ' + std::to_string(number);
    if (const auto far = half.how_far())
      for (auto x : {far->credit, far->allowed, far->unconsumed, uint64_t{far->unsent}})
        result += ',' + std::to_string(x);
  }
  return result;
}

std::string key_of(const world& x) {
  return key_of(x.p.front, x.front_step, x.to_front) + '|' + key_of(x.p.back, x.back_step, x.to_back)
         + (x.disturbed ? "|disturbed" : "");
}

/// Something that goes wrong at one side.
struct disturbance {
  std::string name;
  bool at_front;
  std::function<void(pair&)> happen;
};

std::vector<disturbance> all_disturbances() {
  auto expire = [](auto& half) {
    half.now = the_beginning + 100s;
    half.fire_timer();
  };
  return {
    {"front: cancel", true, [](pair& p) { p.front.cancel(); }},
    {"front: fail", true, [](pair& p) { p.front.fail(); }},
    {"front: expire", true, [=](pair& p) { expire(p.front); }},
    {"front: lose", true, [](pair& p) { p.front.lose_link(); }},
    {"back: fail", false, [](pair& p) { p.back.fail(); }},
    {"back: expire", false, [=](pair& p) { expire(p.back); }},
    {"back: lose", false, [](pair& p) { p.back.lose_link(); }},
  };
}

class explorer {
public:
  explicit explorer(script x, windows limits = {})
    : script_(std::move(x)), limits_(limits), disturbances_(all_disturbances()) {
  }

  /// Visits every state that can be reached. Returns what was wrong with the first bad one, or nothing.
  std::string run() {
    world first{pair{{.subscription = script_.subscription, .held_tickets = 8, .window = limits_.front},
                     {.subscription = script_.subscription, .held_tickets = 8, .window = limits_.back}}};
    first.p.front.holds_calls = first.p.back.holds_calls = true;
    first.p.front.link_is_slow = first.p.back.link_is_slow = true;
    front_step(first);
    visit(first);
    return wrong_;
  }

  size_t states() const {
    return seen_.size();
  }

private:
  void visit(const world& x) {
    if (!wrong_.empty() || !seen_.insert(key_of(x)).second)
      return;
    check(x, x.p.violations() + x.p.delivery_violations());
    const bool more = visit_ordinary(x);
    if (!more)
      check_rest(x);
    if (!x.disturbed)
      visit_disturbed(x);
  }

  /// All that may come next without anything going wrong; false if nothing may.
  bool visit_ordinary(const world& x) {
    bool more = false;
    auto go = [&](auto change) {
      more = true;
      world next = x;
      change(next);
      close_ended(next);
      visit(next);
    };
    if (x.front_step < script_.front.size() && x.p.front.active())
      go([this](world& y) { front_step(y); });
    // The servicer gives results from when it was called.
    if (x.back_step < script_.back.size() && x.p.back.active())
      go([this](world& y) { back_step(y); });
    for (size_t i = 0; i < choices(x.p.front.under_way); ++i) {
      const auto number = x.p.front.under_way[i].sequence_number.value;
      if (number > 0 && !x.p.back.begun() && !x.disturbed)
        continue; // S-RECV-5: what overtakes the first ticket is lost, and then not all can end well
      go([=](world& y) {
        y.story += ", back receives " + std::to_string(number);
        y.to_back.insert(number);
        y.p.pass_to_back(i);
      });
    }
    for (size_t i = 0; i < choices(x.p.back.under_way); ++i)
      go([i](world& y) {
        const auto number = y.p.back.under_way[i].sequence_number.value;
        y.story += ", front receives " + std::to_string(number);
        y.to_front.insert(number);
        y.p.pass_to_front(i);
      });
    visit_answers(x.p.front, &pair::front, "front", go);
    visit_answers(x.p.back, &pair::back, "back", go);
    return more;
  }

  template <class Tickets>
  size_t choices(const Tickets& under_way) const {
    return script_.in_order ? std::min<size_t>(under_way.size(), 1) : under_way.size();
  }

  template <class Half, class Go>
  static void visit_answers(const Half& now, Half pair::*half, const std::string& name, Go& go) {
    if (now.call_under_way)
      go([&, half](world& y) {
        y.story += ", " + name + "'s customer returns";
        (y.p.*half).return_from_call();
      });
    if (now.link_owes_answer)
      go([&, half](world& y) {
        y.story += ", " + name + "'s link has the last ticket";
        (y.p.*half).link_took_it();
      });
  }

  void visit_disturbed(const world& x) {
    for (const auto& what : disturbances_) {
      const bool active = what.at_front ? x.p.front.active() : x.p.back.active();
      if (!active)
        continue; // S-END-6 has tests of its own
      world next = x;
      next.disturbed = true;
      next.story += ", " + what.name;
      what.happen(next.p);
      close_ended(next);
      visit(next);
    }
  }

  /// A side that has ended takes no notice of anything, which is tried at once; so the order in which things come to it
  /// makes no difference any more.
  static void close_ended(world& x) {
    while (x.p.front.ended() && !x.p.back.under_way.empty())
      x.p.pass_to_front();
    while (x.p.back.ended() && !x.p.front.under_way.empty())
      x.p.pass_to_back();
    auto close = [](auto& half) {
      half.effects.clear();
      if (!half.ended())
        return;
      if (half.call_under_way)
        half.return_from_call();
      if (half.link_owes_answer)
        half.link_took_it();
    };
    close(x.p.front);
    close(x.p.back);
  }

  /// Nothing is left to come but the timers.
  void check_rest(const world& x) {
    if (!x.disturbed && (x.p.front.outcome() != "completed" || x.p.back.outcome() != "completed"))
      check(x, "nothing went wrong, and yet it ended: front " + x.p.front.outcome() + ", back " + x.p.back.outcome());
    auto late = x.p;
    late.advance(200s);
    if (late.front.active() || late.back.active())
      check(x, "still active after all timeouts");
    check(x, late.violations() + late.delivery_violations());
  }

  void check(const world& x, const std::string& wrong) {
    if (!wrong.empty() && wrong_.empty())
      wrong_ = wrong + "\nafter" + x.story.substr(1);
  }

  void front_step(world& x) {
    x.story += ", front's step " + std::to_string(x.front_step);
    script_.front[x.front_step++](x.p.front);
  }

  void back_step(world& x) {
    x.story += ", back's step " + std::to_string(x.back_step);
    script_.back[x.back_step++](x.p.back);
  }

  script script_;
  windows limits_;
  std::vector<disturbance> disturbances_;
  std::unordered_set<std::string> seen_;
  std::string wrong_;
};

script streams_each_way(subscription_kind subscription) {
  return {
    {[](front_half& x) { x.operate(); }, [](front_half& x) { x.consume("a"); }, [](front_half& x) { x.consume("b"); },
     [](front_half& x) { x.terminate(); }},
    {[](back_half& x) { x.consume("c"); }, [](back_half& x) { x.consume("d"); }, [](back_half& x) { x.terminate(); }},
    subscription};
}

script last_payloads_in_completions(subscription_kind subscription) {
  return {{[](front_half& x) { x.operate("a"); }, [](front_half& x) { x.consume_and_terminate("b"); }},
          {[](back_half& x) { x.consume("c"); }, [](back_half& x) { x.consume_and_terminate("d"); }},
          subscription};
}

script entire_and_result(subscription_kind subscription) {
  return {{[](front_half& x) { x.operate("a", true); }},
          {[](back_half& x) { x.consume("b"); }, [](back_half& x) { x.terminate(); }},
          subscription};
}

script changed_timeout(subscription_kind subscription) {
  return {{[](front_half& x) { x.operate("a"); }, [](front_half& x) { x.set_timeout(20s); },
           [](front_half& x) { x.terminate(); }},
          {[](back_half& x) { x.consume_and_terminate("b"); }},
          subscription};
}

/// More results than are allowed at first, where windows are small.
script several_results(subscription_kind subscription) {
  return {{[](front_half& x) { x.operate("a", true); }},
          {[](back_half& x) {
             x.consume("b");
             x.consume("c");
           },
           [](back_half& x) { x.consume("d"); }, [](back_half& x) { x.consume_and_terminate("e"); }},
          subscription};
}

/// By hand, more than there is to come.
script allowed_by_hand(subscription_kind subscription) {
  return {{[](front_half& x) { x.operate("a"); }, [](front_half& x) { x.allow(1); }, [](front_half& x) { x.allow(2); },
           [](front_half& x) { x.terminate(); }},
          {[](back_half& x) { x.consume("b"); }, [](back_half& x) { x.consume_and_terminate("c"); }},
          subscription};
}

/// The front gives more than the 16 payloads that it may send before it has heard from the back.
script more_than_at_first(subscription_kind subscription) {
  return {{[](front_half& x) {
             x.operate("0");
             for (int i = 1; i < 16; ++i)
               x.consume(std::to_string(i));
           },
           [](front_half& x) { x.consume("16"); }, [](front_half& x) { x.consume_and_terminate("17"); }},
          {[](back_half& x) { x.terminate(); }},
          subscription,
          true};
}

void explore_windows(script (*make)(subscription_kind), std::initializer_list<uint32_t> sizes) {
  for (auto front : sizes)
    for (auto back : sizes) {
      CAPTURE(front);
      CAPTURE(back);
      explorer x{make(subscription_kind::full), {front, back}};
      CHECK(x.run() == "");
      CHECK(x.states() > 50);
    }
}

void explore(script (*make)(subscription_kind)) {
  for (auto subscription : {subscription_kind::full, subscription_kind::termination_only, subscription_kind::none}) {
    CAPTURE(to_string(subscription));
    explorer x{make(subscription)};
    CHECK(x.run() == "");
    CHECK(x.states() > 50); // that it explores at all
  }
}

} // namespace

TEST_CASE("S-END-1, S-END-6: all interleavings of an entire ticket and a result") {
  explore(entire_and_result);
}

TEST_CASE("S-END-1, S-END-6: all interleavings of payloads in completions") {
  explore(last_payloads_in_completions);
}

TEST_CASE("S-END-1, S-END-6: all interleavings of a stream each way") {
  explore(streams_each_way);
}

TEST_CASE("S-FLOW-1, S-FLOW-3, S-FLOW-6: all interleavings with small windows: nobody waits for ever") {
  explore_windows(several_results, {1, 2, 3});
}

TEST_CASE("S-FLOW-4: all interleavings of streams and completions, with small windows") {
  explore_windows(streams_each_way, {1});
}

TEST_CASE("S-FLOW-9: all interleavings where customer code allows by hand") {
  explore_windows(allowed_by_hand, {0});
}

TEST_CASE("S-FLOW-2: all interleavings of more payloads than a front may send at first") {
  explore_windows(more_than_at_first, {1});
}

TEST_CASE("S-END-1, S-SEND-8: all interleavings with a timeout set meanwhile") {
  explore(changed_timeout);
}
