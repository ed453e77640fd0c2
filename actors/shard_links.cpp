#include <tandem/actors/shard.hpp>

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
void shard<Side>::put_in_outbox(operation_type& operation, outgoing ticket, bool last) {
  auto& target = *operation.lane_;
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
    std::string reason = lost;
    if (link != nullptr && lost.empty()) {
      try {
        return link->accept_all(std::move(batch));
      } catch (const std::exception& e) {
        reason = e.what();
      } catch (...) {
        reason = "the link threw something that is no std::exception";
      }
    }
    std::vector<refusal> refused;
    for (const auto& ticket : batch)
      refused.push_back({ticket.operation, reason});
    return refused;
  };
  if (!end_->options().transmission) {
    handed_over(std::move(finishing), hand_over(std::move(tickets)));
    return;
  }
  if (x.order == nullptr)
    x.order = std::make_shared<strand>(end_->options().transmission);
  end_->work_added();
  x.order->post([self = this->shared_from_this(), hand_over, batch = std::move(tickets),
                 finishing = std::move(finishing)]() mutable {
    auto refused = hand_over(std::move(batch));
    self->post([self, finishing = std::move(finishing), refused = std::move(refused)]() mutable {
      self->handed_over(std::move(finishing), std::move(refused));
    });
    self->end_->work_done();
  });
}

template <class Side>
void shard<Side>::handed_over(std::vector<operation_ref> finishing, std::vector<refusal> refused) {
  for (auto& x : refused) {
    if (auto entry = operations_.find(x.operation); entry != operations_.end()) {
      operation_ref keep = entry->second;
      apply(*keep, core::transmission_failed{std::move(x.reason)}); // S-SEND-7
    }
  }
  for (auto& operation : finishing)
    apply(*operation, core::last_ticket_taken{}); // ignored by those that were refused
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
  for (auto& [operation, ticket, last] : std::exchange(x.waiting, {})) {
    operation->waits_ = false;
    if (!operation->ended()) // else the back need not hear of it
      put_in_outbox(*operation, std::move(ticket), last);
  }
}

template <class Side>
void shard<Side>::lose(lane_id id, const std::string& details) {
  auto& x = lane_of(id);
  x.lost = details;
  if constexpr (!Side::is_front)
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
