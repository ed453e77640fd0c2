/// A pool of dedicated threads, for customer code that blocks (the work pool of an end), for links that block (the
/// transmission pool), and for idle actions (the utility pool). See S-STATS-7.
///
///     back_end back{system, services, {.work = std::make_shared<thread_pool>(8)}};
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace tandem {

/// Runs jobs on its own threads; with one thread, in the order in which they were posted. Share a pool among ends, or
/// give each its own. The destructor lets posted jobs finish, then joins the threads; ends keep their pools alive.
class thread_pool {
public:
  /// Starts `threads` threads, at least one. Throws std::invalid_argument for zero, and std::system_error if the
  /// operating system does not give so many.
  explicit thread_pool(size_t threads);
  ~thread_pool();

  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  /// Queues `job`. What it throws is written to standard error, and costs nothing else. Any thread.
  void post(std::function<void()> job);

private:
  /// Shared with the threads: the last owner of a pool may be one of its own jobs, whose thread then outlives the pool.
  struct state {
    std::mutex mutex;
    std::condition_variable wanted;
    std::queue<std::function<void()>> jobs;
    bool stopping = false;
  };

  static void run(state& x);
  void stop();

  std::shared_ptr<state> state_;
  std::vector<std::thread> threads_;
};

} // namespace tandem
