#include "strand.hpp"
#include "../../messages/standard_error.hpp"
#include "../../messages/thrown.hpp"

namespace tandem {

void strand::post(std::function<void()> job) {
  {
    std::lock_guard guard{mutex_};
    jobs_.push(std::move(job));
    if (running_)
      return;
    running_ = true;
  }
  pool_->post([self = shared_from_this()] { self->run(); });
}

void strand::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::lock_guard guard{mutex_};
      if (jobs_.empty()) {
        running_ = false;
        return;
      }
      job = std::move(jobs_.front());
      jobs_.pop();
    }
    try {
      job();
    } catch (...) { // the next one is to run all the same
      write_to_standard_error("a job of a thread pool threw: " + thrown_text());
    }
  }
}

} // namespace tandem
