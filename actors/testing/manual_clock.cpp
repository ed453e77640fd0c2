#include "manual_clock.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace tandem {

manual_clock::manual_clock() : now_(std::chrono::hours(1000)) {
}

time_point manual_clock::now() const {
  std::lock_guard guard{mutex_};
  return now_;
}

void manual_clock::advance(duration distance, const std::function<void()>& settle) {
  if (distance < duration::zero())
    throw std::invalid_argument{"manual_clock::advance: distance must not be negative"};
  settle(); // what was begun before counts from where the clock stands
  const time_point target = now() + distance;
  for (;;) {
    std::vector<std::function<void()>> due;
    {
      std::lock_guard guard{mutex_};
      auto earliest = target;
      for (const auto& [waiter, wish] : wishes_)
        earliest = std::min(earliest, wish.when);
      now_ = std::max(now_, earliest);
      std::erase_if(wishes_, [&](auto& entry) {
        if (entry.second.when > now_)
          return false;
        due.push_back(std::move(entry.second.notify));
        return true;
      });
    }
    if (due.empty())
      break; // nothing more up to the target, where the clock now stands
    for (auto& notify : due)
      notify();
    settle();
  }
}

void manual_clock::wake_at(const void* waiter, time_point when, std::function<void()> notify) {
  std::lock_guard guard{mutex_};
  wishes_[waiter] = wish{when, std::move(notify)};
}

void manual_clock::forget(const void* waiter) {
  std::lock_guard guard{mutex_};
  wishes_.erase(waiter);
}

size_t manual_clock::wishes() const {
  std::lock_guard guard{mutex_};
  return wishes_.size();
}

} // namespace tandem
