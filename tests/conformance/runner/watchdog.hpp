/// Ends the program when a step does not come to rest, with a message that names it: a runner that hangs tells nothing.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace tandem::conformance {

class watchdog {
public:
  explicit watchdog(std::chrono::seconds patience);
  ~watchdog();

  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  /// From now on `what` has all the patience. Any thread.
  void expect(std::string what);

private:
  void run();

  const std::chrono::seconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string what_;
  uint64_t round_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace tandem::conformance
