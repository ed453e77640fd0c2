#include "alarm_clock.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

namespace {

/// Later than this nobody waits; it keeps sums of times from overflowing.
constexpr duration longest_delay = std::chrono::hours(24 * 365 * 10);

} // namespace

alarm_clock::alarm_clock() : state_(std::make_shared<state>()), thread_([shared = state_] { run(*shared); }) {
}

alarm_clock::~alarm_clock() {
  alarm_list uncalled;
  {
    std::lock_guard guard{state_->mutex};
    state_->stopping = true;
    uncalled.swap(state_->alarms);
  }
  state_->changed.notify_one();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach(); // it cannot wait for itself
  else
    thread_.join();
}

alarm_clock::number alarm_clock::set(duration delay, std::function<void()> what) {
  const auto when = std::chrono::steady_clock::now() + std::min(delay, longest_delay);
  std::lock_guard guard{state_->mutex};
  const auto result = state_->next++;
  const auto entry = state_->alarms.emplace(std::pair{when, result}, std::move(what)).first;
  state_->times.emplace(result, when);
  if (entry == state_->alarms.begin())
    state_->changed.notify_one();
  return result;
}

void alarm_clock::cancel(number which) {
  std::lock_guard guard{state_->mutex};
  const auto entry = state_->times.find(which);
  if (entry == state_->times.end())
    return;
  state_->alarms.erase({entry->second, which});
  state_->times.erase(entry);
}

size_t alarm_clock::pending() const {
  std::lock_guard guard{state_->mutex};
  return state_->alarms.size();
}

void alarm_clock::run(state& x) {
  std::unique_lock lock{x.mutex};
  while (!x.stopping) {
    if (x.alarms.empty()) {
      x.changed.wait(lock);
      continue;
    }
    const auto first = x.alarms.begin();
    if (first->first.first > std::chrono::steady_clock::now()) {
      const time when = first->first.first; // a copy: the alarm may be cancelled meanwhile
      x.changed.wait_until(lock, when);
      continue;
    }
    auto what = std::move(first->second);
    x.times.erase(first->first.second);
    x.alarms.erase(first);
    lock.unlock();
    what();
    what = nullptr; // what it holds goes before the lock is taken
    lock.lock();
  }
}

} // namespace tandem::cli
