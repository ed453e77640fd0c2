/// Takes the time of one measurement, and decides when a driver may start another operation.
#pragma once

#include "baselines.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace tandem::bench {

/// The payload of every operation.
inline constexpr const char* sample_payload = "sixteen bytes...";

/// Shared by all threads that run operations. The calls per operation: claim() before it starts, then finished() or
/// failed() as the very last thing its code does, since the waiting thread may take everything down right after.
class meter {
public:
  using clock = std::chrono::steady_clock;

  /// The measurement begins here.
  explicit meter(int operations);

  /// True if the caller has to start one more operation.
  bool claim();

  /// Keeps how long one operation took. Takes no lock: only for one operation at a time.
  void record(clock::duration elapsed);

  void finished();

  /// Counts as the end of an operation, and no further one is started.
  void failed(const std::string& why);

  /// Ends the measurement at once: operations that are open now will never end.
  void abort(const std::string& why);

  /// True if the measurement has ended.
  bool wait_for(std::chrono::milliseconds at_most);

  /// Waits for the end. Throws if anything failed.
  void wait();

  /// To be asked after wait().
  throughput as_throughput() const;
  latency as_latency();

private:
  /// Alone in a line of the cache, because different threads write these all the time.
  struct alignas(64) counter : std::atomic<int> {
    using std::atomic<int>::atomic;
  };

  void note_failure(const std::string& why);
  void end();

  counter to_start_;
  counter to_finish_;
  const clock::time_point begin_;
  clock::time_point end_;
  std::vector<clock::duration> samples_;
  std::mutex mutex_;
  std::condition_variable ended_changed_;
  std::string failure_;
  const int operations_;
  bool ended_ = false;
};

/// How many operations are run before a measurement, for connections, caches and pools to reach their working state.
constexpr int warm_up_operations = 256;

/// Calls `run` twice with a meter, which `run` has to wait for: to warm up and to measure. Returns what `result` makes
/// of the second.
template <class Run, class Result>
auto measure(int operations, Run run, Result result) {
  meter warm_up{operations < warm_up_operations ? operations : warm_up_operations};
  run(warm_up);
  meter actual{operations};
  run(actual);
  return result(actual);
}

template <class Run>
throughput measure_throughput(int operations, Run run) {
  return measure(operations, run, [](meter& m) { return m.as_throughput(); });
}

template <class Run>
latency measure_latency(int operations, Run run) {
  return measure(operations, run, [](meter& m) { return m.as_latency(); });
}

} // namespace tandem::bench
