/// Runs jobs one after the other, in order, on a pool of any size.
///
///     auto order = std::make_shared<strand>(pool);
///     order->post([] { first(); });
///     order->post([] { second(); });   // after first() has returned, whichever threads run them
#pragma once

#include "thread_pool.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <queue>

namespace tandem {

class strand : public std::enable_shared_from_this<strand> {
public:
  explicit strand(std::shared_ptr<thread_pool> pool) : pool_(std::move(pool)) {
  }

  /// Queues `job`. What it throws is written to standard error, and costs nothing else. Any thread.
  void post(std::function<void()> job);

private:
  void run();

  std::shared_ptr<thread_pool> pool_;
  std::mutex mutex_;
  std::queue<std::function<void()>> jobs_;
  bool running_ = false;
};

} // namespace tandem
