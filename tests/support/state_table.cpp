#include "state_table.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace tandem_test {

using namespace tandem;
using namespace std::chrono_literals;

namespace {

/// A side somewhere on its way. Customer code and the link answer only when an event says so.
template <class Side>
struct walker {
  half<Side> side;
  uint64_t next = Side::is_front ? 0 : 1; ///< the number of the ticket whose turn it is
  std::string way;

  explicit walker(subscription_kind subscription)
    : side({.subscription = subscription, .front_timeout = 10s, .default_timeout = 10s}, the_beginning) {
    side.holds_calls = side.link_is_slow = true;
  }

  std::string name() const {
    if (side.ended())
      return side.outcome();
    std::string customer = "idle";
    if (side.call_under_way)
      customer = side.calls.empty() ? "opening" : side.calls.back().last ? "consuming the last" : "consuming";
    return side.state() + ", customer " + customer;
  }
};

template <class Side>
struct event {
  std::string name;
  std::function<void(walker<Side>&)> happen;
  std::function<bool(const walker<Side>&)> can_happen; ///< always, if there is none

  event(std::string x, std::function<void(walker<Side>&)> y, std::function<bool(const walker<Side>&)> z = nullptr)
    : name(std::move(x)), happen(std::move(y)), can_happen(std::move(z)) {
  }
};

template <class Side>
auto ticket_for(uint64_t number, ticket_kind kind, std::optional<std::string> content = std::nullopt) {
  if constexpr (Side::is_front)
    return to_front(number, kind, std::move(content));
  else
    return to_back(number, kind, std::move(content));
}

/// A ticket arrives `ahead` of its turn; it advances the numbers if it is not.
template <class Side>
event<Side> arrival(std::string name, ticket_kind kind, std::optional<std::string> content, uint64_t ahead = 0) {
  return {name, [=](walker<Side>& x) {
            x.side.receive(ticket_for<Side>(x.next + ahead, kind, content));
            if (ahead == 0)
              ++x.next;
          }};
}

template <class Side>
void add_customer_events(std::vector<event<Side>>& all) {
  using w = walker<Side>;
  using kind = core::customer_threw::kind;
  all.push_back({"payload given", [](w& x) { x.side.consume("a"); }});
  all.push_back({"payload given, the last", [](w& x) { x.side.consume_and_terminate("a"); }});
  all.push_back({"end of output given", [](w& x) { x.side.terminate(); }});
  auto in_call = [](const w& x) { return x.side.call_under_way; };
  all.push_back({"customer returned", [](w& x) { x.side.return_from_call(); }, in_call});
  all.push_back({"customer threw", [](w& x) { x.side.throw_from_call(); }, in_call});
  all.push_back({"customer threw: no such method",
                 [](w& x) { x.side.throw_from_call(kind::no_such_method, "no such method: echo"); }, in_call});
  all.push_back({"failure requested", [](w& x) { x.side.fail(); }});
  if constexpr (Side::is_front) {
    all.push_back({"cancel requested", [](w& x) { x.side.cancel(); }});
    all.push_back({"timeout given: longer", [](w& x) { x.side.set_timeout(20s); }});
    all.push_back({"timeout given: already past", [](w& x) { x.side.set_timeout(0s); }});
  }
}

template <class Side>
void add_link_events(std::vector<event<Side>>& all) {
  using w = walker<Side>;
  using kind = ticket_kind;
  all.push_back(
    {"last ticket taken", [](w& x) { x.side.link_took_it(); }, [](const w& x) { return x.side.link_owes_answer; }});
  all.push_back({"transmission failed", [](w& x) { x.side.lose_link(); }});
  all.push_back(arrival<Side>("continuation received", kind::continuation, "b"));
  all.push_back(arrival<Side>("completion received", kind::completion, std::nullopt));
  all.push_back(arrival<Side>("completion received, with a payload", kind::completion, "b"));
  all.push_back(arrival<Side>("continuation received ahead", kind::continuation, "b", 1));
  all.push_back(arrival<Side>("completion received ahead", kind::completion, "b", 1));
  all.push_back({"number received again",
                 [](w& x) {
                   x.side.receive(ticket_for<Side>(x.next - 1, x.next == 1 && !Side::is_front ? kind::commencement
                                                                                              : kind::completion));
                 },
                 [](const w& x) { return x.next > 0; }});
  all.push_back({"malformed ticket received", [](w& x) { x.side.receive(ticket_for<Side>(x.next, kind{})); }});
  all.push_back({"unreadable ticket received",
                 [](w& x) { x.side.receive(ticket_for<Side>(x.next, kind::completion), "unreadable"); }});
  for (auto abortive : front_to_back_kinds)
    if (is_abortive(abortive))
      all.push_back(arrival<Side>(to_string(abortive) + " received", abortive, std::nullopt));
  if constexpr (!Side::is_front) {
    all.push_back({"commencement received again", [](w& x) { x.side.receive(commencement("b")); }});
    all.push_back({"entire received again", [](w& x) { x.side.receive(entire("b")); }});
    for (auto timeout : {duration{20s}, duration{0s}})
      all.push_back({timeout == 0s ? "timeout received: already past" : "timeout received: longer", [=](w& x) {
                       auto ticket = to_back(x.next++, kind::continuation);
                       ticket.timeout = timeout;
                       x.side.receive(ticket);
                     }});
  }
}

template <class Side>
void add_timer_events(std::vector<event<Side>>& all) {
  using w = walker<Side>;
  all.push_back({"timer fired", [](w& x) {
                   x.side.now = the_beginning + 10s;
                   x.side.fire_timer();
                 }});
  all.push_back({"timer fired early", [](w& x) { x.side.fire_timer(); }});
}

template <class Side>
std::vector<event<Side>> all_events() {
  std::vector<event<Side>> result;
  add_customer_events(result);
  add_link_events(result);
  add_timer_events(result);
  return result;
}

std::vector<event<core::front_side>> beginnings(core::front_side, subscription_kind) {
  using w = walker<core::front_side>;
  return {{"operate", [](w& x) { x.side.operate("a"); }},
          {"operate, complete", [](w& x) { x.side.operate("a", true); }}};
}

std::vector<event<core::back_side>> beginnings(core::back_side, subscription_kind subscription) {
  using w = walker<core::back_side>;
  auto begin = [=](std::string name, front_to_back_ticket ticket, std::string fault = {}) {
    return event<core::back_side>{std::move(name), [=](w& x) { x.side.receive(ticket, fault); }};
  };
  auto malformed = commencement("a", subscription);
  malformed.name.reset();
  auto already_past = commencement("a", subscription);
  already_past.timeout = 0s;
  return {begin("commencement", commencement("a", subscription)),
          begin("commencement, without a payload", commencement(std::nullopt, subscription)),
          begin("entire", entire("a", subscription)),
          begin("malformed first ticket", malformed),
          begin("unreadable first ticket", commencement("a", subscription), "unreadable"),
          begin("timeout already past", already_past)};
}

/// Lets `what` happen to a copy of `from`; the copy goes to `to`.
template <class Side>
table_cell cell_of(const event<Side>& what, const walker<Side>& from, walker<Side>& to) {
  to = from;
  to.side.effects.clear();
  what.happen(to);
  to.way += (to.way.empty() ? "" : " > ") + what.name;
  return {what.name, to.side.take_effects(), to.name(), to.side.outcome()};
}

/// Breadth first, so that the way to each state is a shortest one.
template <class Side>
state_table explore(subscription_kind subscription) {
  state_table result;
  const auto events = all_events<Side>();
  std::vector<walker<Side>> found;
  auto note = [&](const walker<Side>& x) {
    if (std::ranges::none_of(found, [&](const auto& y) { return y.name() == x.name(); }))
      found.push_back(x);
  };
  const walker<Side> nothing{subscription};
  walker<Side> to = nothing;
  for (const auto& x : beginnings(Side{}, subscription)) {
    result.beginnings.push_back(cell_of(x, nothing, to));
    note(to);
  }
  for (size_t i = 0; i < found.size(); ++i) {
    const auto from = found[i]; // `found` grows
    table_row row{from.name(), from.side.state(), from.way, from.side.ended(), {}, {}};
    for (const auto& x : events) {
      // After the end anything may still come: answers to calls and tickets that were under way, for one.
      if (!from.side.ended() && x.can_happen && !x.can_happen(from)) {
        row.cannot_happen.push_back(x.name);
        continue;
      }
      row.cells.push_back(cell_of(x, from, to));
      note(to);
    }
    result.rows.push_back(std::move(row));
  }
  std::stable_partition(result.rows.begin(), result.rows.end(), [](const table_row& x) { return !x.ended; });
  return result;
}

} // namespace

state_table explore_front(subscription_kind subscription) {
  return explore<core::front_side>(subscription);
}

state_table explore_back(subscription_kind subscription) {
  return explore<core::back_side>(subscription);
}

} // namespace tandem_test
