#include "watchdog.hpp"

#include <cstdlib>
#include <iostream>

namespace tandem::conformance {

watchdog::watchdog(std::chrono::seconds patience) : patience_(patience), thread_([this] { run(); }) {
}

watchdog::~watchdog() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void watchdog::expect(std::string what) {
  std::lock_guard guard{mutex_};
  what_ = std::move(what);
  ++round_;
}

void watchdog::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    const auto round = round_;
    changed_.wait_for(lock, patience_, [this] { return stopping_; });
    if (stopping_ || what_.empty() || round != round_)
      continue;
    std::cout << "FAILED " << what_ << ": has not come to rest within " << patience_.count() << " seconds" << std::endl;
    std::_Exit(3);
  }
}

} // namespace tandem::conformance
