#include "meter.hpp"

#include <algorithm>
#include <stdexcept>

namespace tandem::bench {

meter::meter(int operations)
  : to_start_{operations}, to_finish_{operations}, begin_{clock::now()}, end_{begin_}, operations_{operations} {
  if (operations < 1)
    throw std::runtime_error("a measurement needs at least one operation");
}

bool meter::claim() {
  return to_start_.fetch_sub(1, std::memory_order_relaxed) > 0;
}

void meter::record(clock::duration elapsed) {
  samples_.push_back(elapsed);
}

void meter::finished() {
  if (to_finish_.fetch_sub(1, std::memory_order_acq_rel) == 1)
    end();
}

void meter::failed(const std::string& why) {
  note_failure(why);
  // Operations that nobody has started will not be: without them the count reaches zero when the open ones have ended.
  if (auto unclaimed = to_start_.exchange(0); unclaimed > 0)
    to_finish_.fetch_sub(unclaimed);
  finished();
}

void meter::abort(const std::string& why) {
  note_failure(why);
  to_start_.store(0);
  end();
}

bool meter::wait_for(std::chrono::milliseconds at_most) {
  std::unique_lock guard{mutex_};
  return ended_changed_.wait_for(guard, at_most, [this] { return ended_; });
}

void meter::wait() {
  std::unique_lock guard{mutex_};
  ended_changed_.wait(guard, [this] { return ended_; });
  if (!failure_.empty())
    throw std::runtime_error(failure_);
}

throughput meter::as_throughput() const {
  return {operations_ / std::chrono::duration<double>(end_ - begin_).count()};
}

latency meter::as_latency() {
  if (samples_.empty())
    throw std::runtime_error("no operation has recorded how long it took");
  auto middle = samples_.begin() + static_cast<std::ptrdiff_t>(samples_.size() / 2);
  std::nth_element(samples_.begin(), middle, samples_.end());
  return {std::chrono::duration<double, std::micro>(*middle).count(), as_throughput().operations_per_second};
}

void meter::note_failure(const std::string& why) {
  std::lock_guard guard{mutex_};
  if (failure_.empty())
    failure_ = why;
}

void meter::end() {
  auto now = clock::now();
  // Notifies under the lock, so that the waiting thread cannot destroy the meter before this thread is done with it.
  std::lock_guard guard{mutex_};
  if (ended_)
    return;
  end_ = now;
  ended_ = true;
  ended_changed_.notify_all();
}

} // namespace tandem::bench
