#include "transit.hpp"

namespace tandem::cli {

namespace {

/// A front may repeat first tickets of operations that ended long ago, which nobody will watch: there must be a bound.
constexpr size_t most_without_results = 65536;

} // namespace

void transit::watch(const operation_context& operation) {
  {
    std::lock_guard guard{mutex_};
    taken_.emplace(operation.id(), 0);
  }
  // Not a termination callback: those need a thread of the work pool, and all of them may be waiting here.
  operation.handle()->attach_functor(
    [self = shared_from_this(), id = operation.id()](const caf::error&) { self->forget(id); });
}

bool transit::await_room(const operation_id& operation, uint64_t given) {
  std::unique_lock lock{mutex_};
  for (;;) {
    const auto entry = taken_.find(operation);
    if (entry == taken_.end())
      return false;
    if (given < entry->second + window)
      return true;
    changed_.wait(lock);
  }
}

bool transit::wants_results(const operation_id& operation) const {
  std::lock_guard guard{mutex_};
  return !without_results_.contains(operation);
}

void transit::taken(const operation_id& operation) {
  std::lock_guard guard{mutex_};
  const auto entry = taken_.find(operation);
  if (entry == taken_.end())
    return;
  ++entry->second;
  changed_.notify_all();
}

void transit::begins_without_results(const operation_id& operation) {
  std::lock_guard guard{mutex_};
  if (without_results_.size() >= most_without_results)
    without_results_.clear();
  without_results_.insert(operation);
}

void transit::forget(const operation_id& operation) {
  std::lock_guard guard{mutex_};
  taken_.erase(operation);
  without_results_.erase(operation);
  changed_.notify_all();
}

void transit_link::intercept(std::vector<front_to_back_ticket>& tickets) {
  for (const auto& x : tickets) {
    if (at_ == side::front && x.payload)
      counts_->taken(x.operation);
    if (at_ == side::back && is_first(x.kind) && x.subscription != subscription_kind::full)
      counts_->begins_without_results(x.operation);
  }
}

void transit_link::intercept(std::vector<back_to_front_ticket>& tickets) {
  for (const auto& x : tickets)
    if (at_ == side::back && x.payload)
      counts_->taken(x.operation);
}

} // namespace tandem::cli
