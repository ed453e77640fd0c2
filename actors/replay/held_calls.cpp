#include "held_calls.hpp"
#include "../ends/end_context.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tandem {

namespace {

/// Threads for the calls that are not held, and for termination callbacks.
constexpr size_t further_threads = 2;

} // namespace

held_calls::held_calls(std::vector<recorded_operation>& operations, trace_side at) {
  std::multiset<duration> ends; // of the operations that are under way at `x`'s beginning
  for (auto& x : operations) {
    if (!x.unfit.empty() || !x.needs_held_call(at))
      continue;
    ends.erase(ends.begin(), ends.lower_bound(x.began));
    if (ends.size() == most) {
      x.unfit = "more than " + std::to_string(most) + " calls of customer code were under way at once";
      continue;
    }
    ends.insert(x.steps.back().time);
    threads_ = std::max(threads_, ends.size());
    to_hold_.insert(x.id);
  }
}

std::shared_ptr<thread_pool> held_calls::pool(std::shared_ptr<thread_pool> otherwise) const {
  return threads_ == 0 ? std::move(otherwise) : std::make_shared<thread_pool>(threads_ + further_threads);
}

void held_calls::set_end(busy_end end) {
  std::lock_guard guard{mutex_};
  end_ = std::move(end);
}

void held_calls::hold(const operation_id& operation) {
  std::unique_lock lock{mutex_};
  if (!to_hold_.contains(operation) || !held_.insert(operation).second)
    return;
  end_->end->work_done(); // until it is released
  released_.wait(lock, [&] { return !held_.contains(operation); });
}

void held_calls::release(const operation_id& operation) {
  std::lock_guard guard{mutex_};
  let_go(operation);
}

void held_calls::release_all() {
  std::lock_guard guard{mutex_};
  while (!to_hold_.empty())
    let_go(operation_id{*to_hold_.begin()});
}

void held_calls::let_go(const operation_id& operation) {
  to_hold_.erase(operation);
  if (held_.erase(operation) == 0)
    return;
  end_->end->work_added();
  released_.notify_all();
}

} // namespace tandem
