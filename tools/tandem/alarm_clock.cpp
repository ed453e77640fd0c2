#include "alarm_clock.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

namespace {

/// Later than this nobody waits; it keeps sums of times from overflowing.
constexpr duration longest_delay = std::chrono::hours(24 * 365 * 10);

} // namespace

alarm_clock::alarm_clock() : thread_([this] { run(); }) {
}

alarm_clock::~alarm_clock() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

alarm_clock::number alarm_clock::set(duration delay, std::function<void()> what) {
  const auto when = std::chrono::steady_clock::now() + std::min(delay, longest_delay);
  std::lock_guard guard{mutex_};
  alarms_.emplace(when, alarm{next_, std::move(what)});
  changed_.notify_one();
  return next_++;
}

void alarm_clock::cancel(number which) {
  std::lock_guard guard{mutex_};
  std::erase_if(alarms_, [which](const auto& x) { return x.second.which == which; });
}

size_t alarm_clock::pending() const {
  std::lock_guard guard{mutex_};
  return alarms_.size();
}

void alarm_clock::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    if (alarms_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = alarms_.begin();
    if (first->first > std::chrono::steady_clock::now()) {
      const time when = first->first; // a copy: the alarm may be cancelled meanwhile
      changed_.wait_until(lock, when);
      continue;
    }
    auto what = std::move(first->second.what);
    alarms_.erase(first);
    lock.unlock();
    what();
    what = nullptr;
    lock.lock();
  }
}

} // namespace tandem::cli
