#include "thread_pool.hpp"
#include "../../messages/standard_error.hpp"
#include "../../messages/thrown.hpp"

#include <stdexcept>

namespace tandem {

thread_pool::thread_pool(size_t threads) : state_(std::make_shared<state>()) {
  if (threads == 0)
    throw std::invalid_argument{"thread_pool: threads must be at least 1"};
  try {
    for (size_t i = 0; i < threads; ++i)
      threads_.emplace_back([shared = state_] { run(*shared); });
  } catch (...) {
    stop(); // else the threads that did start would end the process
    throw;
  }
}

thread_pool::~thread_pool() {
  stop();
}

void thread_pool::stop() {
  {
    std::lock_guard guard{state_->mutex};
    state_->stopping = true;
  }
  state_->wanted.notify_all();
  for (auto& thread : threads_) {
    if (thread.get_id() == std::this_thread::get_id())
      thread.detach(); // it cannot wait for itself
    else
      thread.join();
  }
}

void thread_pool::post(std::function<void()> job) {
  {
    std::lock_guard guard{state_->mutex};
    state_->jobs.push(std::move(job));
  }
  state_->wanted.notify_one();
}

void thread_pool::run(state& x) {
  std::unique_lock lock{x.mutex};
  for (;;) {
    x.wanted.wait(lock, [&] { return x.stopping || !x.jobs.empty(); });
    if (x.jobs.empty())
      return;
    auto job = std::move(x.jobs.front());
    x.jobs.pop();
    lock.unlock();
    try {
      job();
    } catch (...) {
      write_to_standard_error("a job of a thread pool threw: " + thrown_text());
    }
    job = nullptr; // what it holds goes before the lock is taken
    lock.lock();
  }
}

} // namespace tandem
