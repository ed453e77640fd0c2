#include "shard.hpp"

/// The part of a shard that deals with links: its outboxes, and what happens when links come and go.
namespace tandem {

// -- handing tickets to links -----------------------------------------------------------------

template <class Side>
lane<Side>& shard<Side>::lane_of(lane_id id) {
  auto& result = lanes_[id];
  if (result == nullptr)
    result = std::make_unique<lane<Side>>();
  return *result;
}

template <class Side>
void shard<Side>::put_in_outbox(operation_type& operation, outgoing ticket, bool last, bool recorded) {
  auto& target = *operation.lane_;
  if (!recorded)
    tap_.sent(operation, ticket);
  if (last)
    target.finishing.emplace_back(&operation);
  put_in_outbox(target, std::move(ticket));
}

template <class Side>
void shard<Side>::put_in_outbox(lane<Side>& target, outgoing ticket) {
  if (target.outbox.empty()) {
    target.outbox.reserve(target.usual);
    dirty_.push_back(&target);
  }
  target.outbox.push_back(std::move(ticket));
}

template <class Side>
void shard<Side>::answer(lane_id to, outgoing ticket) {
  tap_.stray(trace_event::sent, ticket);
  put_in_outbox(lane_of(to), std::move(ticket));
}

/// Hands over what is in the outboxes; true if that brought up more.
template <class Side>
bool shard<Side>::flush() {
  auto lanes = std::exchange(dirty_, {});
  for (auto* x : lanes)
    flush(*x);
  return !dirty_.empty();
}

template <class Side>
void shard<Side>::flush(lane<Side>& x) {
  if (x.link == nullptr && x.lost.empty())
    return; // S-STATS-4: kept until joined; join() flushes
  x.usual = x.outbox.size();
  auto tickets = std::exchange(x.outbox, {});
  auto finishing = std::exchange(x.finishing, {});
  auto hand_over = [link = x.link, lost = x.lost](std::vector<outgoing>&& batch) {
    handing_over result;
    std::string reason = lost;
    if (link != nullptr && lost.empty()) {
      try {
        result.refused = link->accept_all(std::move(batch));
        return result;
      } catch (const std::exception& e) {
        reason = e.what();
      } catch (...) {
        reason = "the link threw something that is no std::exception";
      }
    }
    for (const auto& ticket : batch)
      result.refused.push_back({ticket.operation, reason});
    result.returned = std::move(batch);
    return result;
  };
  if (!end_->options().transmission) {
    handed_over(x, std::move(finishing), hand_over(std::move(tickets)));
    return;
  }
  if (x.order == nullptr)
    x.order = std::make_shared<strand>(end_->options().transmission);
  end_->work_added();
  x.order->post([self = this->shared_from_this(), lane = &x, hand_over, batch = std::move(tickets),
                 finishing = std::move(finishing)]() mutable {
    auto result = hand_over(std::move(batch));
    self->post([self, lane, finishing = std::move(finishing), result = std::move(result)]() mutable {
      self->handed_over(*lane, std::move(finishing), std::move(result));
    });
    self->end_->work_done();
  });
}

template <class Side>
void shard<Side>::handed_over(lane<Side>& to, std::vector<operation_ref> finishing, handing_over result) {
  if constexpr (Side::is_front)
    hold_patient(to, std::move(result.returned));
  for (auto& x : result.refused) {
    auto entry = operations_.find(x.operation);
    if (entry == operations_.end() || entry->second->waits_)
      continue;
    operation_ref keep = entry->second;
    apply(*keep, core::transmission_failed{std::move(x.reason)}); // S-SEND-7
  }
  for (auto& operation : finishing)
    if (!operation->waits_)
      apply(*operation, core::last_ticket_taken{}); // ignored by those that were refused
}

/// S-SEND-9, where the link is lost before it took these tickets: operations that are willing to wait do so.
template <class Side>
void shard<Side>::hold_patient(lane<Side>& in, std::vector<outgoing> tickets) {
  for (auto& ticket : tickets) {
    auto entry = operations_.find(ticket.operation);
    if (entry == operations_.end())
      continue;
    auto& operation = *entry->second;
    operation.waits_ = operation.waits_ || (operation.is_patient_ && is_first(ticket.kind));
    const bool last = is_last(ticket.kind) || is_abortive(ticket.kind);
    if (operation.waits_)
      hold_back(in, {entry->second, std::move(ticket), last, true});
  }
}

template <class Side>
void shard<Side>::hold_back(lane<Side>& in, typename lane<Side>::waiting_ticket ticket) {
  ++ticket.operation->waiting_;
  in.waiting.push_back(std::move(ticket));
}

/// S-END-9: an operation of which so many tickets wait in `at` has ended. They go when half of all wait in vain.
template <class Side>
void shard<Side>::forget_waiting(lane<Side>& at, size_t count) {
  at.waiting_in_vain += count;
  if (2 * at.waiting_in_vain < at.waiting.size())
    return;
  std::erase_if(at.waiting, [](const auto& x) { return !x.operation->machine_->active(); });
  at.waiting_in_vain = 0;
}

// -- links come and go ----------------------------------------------------------------------

template <class Side>
void shard<Side>::join(lane_id id, std::shared_ptr<ticket_acceptor<outgoing>> link) {
  auto& x = lane_of(id);
  x.link = std::move(link);
  if (!x.outbox.empty())
    dirty_.push_back(&x);
  restore(id);
}

template <class Side>
void shard<Side>::restore(lane_id id) {
  auto& x = lane_of(id);
  x.lost.clear();
  x.waiting_in_vain = 0;
  if (index_ == 0)
    tap_.joined(x.peer ? *x.peer : std::string{});
  for (auto& [operation, ticket, last, recorded] : std::exchange(x.waiting, {})) {
    operation->waits_ = false;
    operation->waiting_ = 0;
    if (!operation->ended()) // else the back need not hear of it
      put_in_outbox(*operation, std::move(ticket), last, recorded);
  }
}

template <class Side>
void shard<Side>::lose(lane_id id, const std::string& details) {
  auto& x = lane_of(id);
  if (index_ == 0 && x.lost.empty())
    tap_.lost(details);
  x.lost = details;
  if constexpr (Side::is_front)
    hold_patient(x, std::exchange(x.outbox, {})); // begun just now, and not handed over yet
  else
    x.link = nullptr; // a front's may come back
  for_each([&](operation_type& operation) {
    if (operation.lane_ == &x && !operation.waits_)
      apply(operation, core::transmission_failed{details});
  });
  x.outbox.clear();
  x.finishing.clear();
}

template <class Side>
void shard<Side>::close(lane_id id, const std::string& details) {
  lose(id, details);
  std::erase(dirty_, &lane_of(id));
  lanes_.erase(id);
}

template <class Side>
void shard<Side>::fail_all(const std::string& details) {
  for_each([&](operation_type& operation) { apply(operation, core::failure_requested{details}); });
}

template <class Side>
void shard<Side>::abort_all() {
  for_each([this](operation_type& operation) { abort_for_stop(operation); });
}

template <class Side>
void shard<Side>::stop() {
  abort_all();
  stopping_ = true;
}

/// Visits all operations; `f` may end them.
template <class Side>
template <class Function>
void shard<Side>::for_each(Function f) {
  std::vector<operation_ref> all;
  all.reserve(operations_.size());
  for (auto& [id, operation] : operations_)
    all.push_back(operation);
  for (auto& operation : all)
    f(*operation);
}

template class shard<core::front_side>;
template class shard<core::back_side>;

} // namespace tandem
