#include "lanes.hpp"
#include "end_context.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace tandem {

template <class Side>
lane_entry<Side>& lanes<Side>::at(lane_id id) {
  auto& result = entries_[id];
  if (result == nullptr)
    result = std::make_shared<entry>();
  return *result;
}

template <class Side>
void lanes<Side>::begin(operation_type& operation, lane_id id, bool waits) {
  auto& x = at(id);
  operation.lane = &x;
  if constexpr (!Side::is_front) // a front has one lane, and other threads may look already
    operation.lane_number = id;
  operation.set_peer(x.peer);
  if (waits) {
    operation_ref ref{&operation};
    x.lane.begin_patient(ref);
  }
}

template <class Side>
void lanes<Side>::answer(lane_id to, outgoing&& ticket) {
  tap_.stray(trace_event::sent, ticket);
  auto& x = at(to);
  if (x.lane.put(std::move(ticket)))
    dirty_.push_back(&x);
}

// -- handing over ----------------------------------------------------------------------------

template <class Side>
void lanes<Side>::flush() {
  for (auto* x : std::exchange(dirty_, {}))
    flush(*x);
}

template <class Side>
void lanes<Side>::flush(entry& x) {
  if (x.is_under_way)
    return; // S-SEND-7: the link may refuse some of it, and must get no more of those operations
  auto now = x.lane.take();
  if (!now)
    return; // S-STATS-4: kept until joined
  auto finishing = std::exchange(now->finishing, {});
  auto& end = owner_.end();
  if (!end.options().transmission)
    return finish(x, std::move(finishing), hand_over(std::move(*now)));
  if (x.order == nullptr)
    x.order = std::make_shared<strand>(end.options().transmission);
  end.work_added();
  x.is_under_way = true;
  x.order->post([this, owner = owner_.shared_from_this(), from = x.shared_from_this(), now = std::move(*now),
                 finishing = std::move(finishing)]() mutable {
    auto result = hand_over(std::move(now));
    owner->post([this, from, finishing = std::move(finishing), result = std::move(result)]() mutable {
      finish(*from, std::move(finishing), std::move(result));
    });
    owner->end().work_done();
  });
}

/// Any thread.
template <class Side>
typename lanes<Side>::handed_over lanes<Side>::hand_over(batch&& x) {
  handed_over result;
  result.joins = x.joins;
  std::string reason = x.lost;
  if (x.link) {
    try {
      result.refused = (*x.link)->accept(std::move(x.tickets));
      return result;
    } catch (...) {
      reason = current_reason("the link");
    }
  }
  for (const auto& ticket : x.tickets)
    result.refused.push_back({ticket.operation, reason});
  result.returned = std::move(x.tickets);
  return result;
}

template <class Side>
void lanes<Side>::finish(entry& from, std::vector<operation_ref> finishing, handed_over result) {
  from.is_under_way = false;
  const auto find = [this](const operation_id& id) { return owner_.find(id); };
  from.lane.give_back(std::move(result.returned), find);
  if (!result.refused.empty() && from.lane.size() > 0) { // S-SEND-7: nothing more of these
    std::unordered_set<operation_id> refused;
    for (const auto& x : result.refused)
      refused.insert(x.operation);
    from.lane.refuse(refused, find);
  }
  for (auto& x : result.refused)
    if (auto operation = owner_.find(x.operation); operation && !operation->place().waits)
      owner_.apply(*operation, link_result{core::transmission_failed{std::move(x.reason)}}); // S-SEND-7
  for (auto& operation : finishing)
    if (!operation->place().waits && !operation->ended())
      owner_.apply(*operation, link_result{core::last_ticket_taken{}});
  from.lane.resume(result.joins, recorder());
  if (from.lane.size() > 0 && std::find(dirty_.begin(), dirty_.end(), &from) == dirty_.end())
    dirty_.push_back(&from);
}

template <class Side>
void lanes<Side>::clear() {
  for (const auto& x : entries_)
    if (x.second->is_under_way)
      for (; x.second->lane.size() > 0; flush(*x.second))
        x.second->is_under_way = false;
  entries_.clear();
  dirty_.clear();
}

// -- links come and go -------------------------------------------------------------------------

template <class Side>
void lanes<Side>::join(lane_id id, std::shared_ptr<link_peer<Side>> link) {
  auto& x = at(id);
  tell_joined(x);
  std::erase(dirty_, &x);
  if (x.lane.join(std::move(link), recorder()))
    dirty_.push_back(&x);
}

template <class Side>
void lanes<Side>::ready(lane_id id) {
  auto& x = at(id);
  tell_joined(x);
  std::erase(dirty_, &x);
  if (x.lane.ready(recorder()))
    dirty_.push_back(&x);
}

template <class Side>
void lanes<Side>::tell_joined(const entry& x) {
  if (tells_)
    tap_.joined(x.peer ? to_string(*x.peer) : std::string{});
}

template <class Side>
void lanes<Side>::news(lane_id id, const link_news& x) {
  const auto& peer = at(id).peer;
  tap_.news(peer ? to_string(*peer) : std::string{}, x);
}

template <class Side>
void lanes<Side>::lose(lane_id id, const std::string& details) {
  auto& x = at(id);
  if (x.lane.lose(details, [this](const operation_id& y) { return owner_.find(y); }) && tells_)
    tap_.lost(details);
  owner_.for_each([&](operation_type& operation) {
    if (operation.lane == &x && !operation.place().waits)
      owner_.apply(operation, link_result{core::transmission_failed{details}});
  });
}

template <class Side>
void lanes<Side>::close(lane_id id, const std::string& details) {
  lose(id, details);
  std::erase(dirty_, &at(id));
  entries_.erase(id);
}

template class lanes<core::front_side>;
template class lanes<core::back_side>;

} // namespace tandem
