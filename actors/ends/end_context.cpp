#include "end_context.hpp"
#include "../../messages/thrown.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace tandem {

size_t shard_count(caf::actor_system& system, const end_options& options) {
  const auto fallback = std::max<int64_t>(std::thread::hardware_concurrency(), 4); // CAF's own
  const auto threads = compat::get_option<int64_t>(system.config(), "scheduler.max-threads", fallback);
  if (threads < 1) // nothing would ever run
    throw std::invalid_argument{"scheduler.max-threads must be at least 1, and is " + std::to_string(threads)};
  if (options.shards > 0)
    return options.shards;
  return static_cast<size_t>(std::clamp<int64_t>(threads, 1, 256));
}

end_context::end_context(caf::actor_system& system, end_options options, trace_side side)
  : system_(system),
    options_(std::move(options)),
    recorder_(std::make_shared<trace_recorder>(
      side, options_.name.empty() ? std::string{to_string(side)} : options_.name, options_.clock)),
    held_(options_.waiting_bytes),
    sent_(options_.waiting_bytes) {
  if (options_.record)
    recorder_->start(*options_.record);
  if (options_.record_failures)
    recorder_->start_failures(*options_.record_failures);
}

void end_context::log(const std::string& line) const {
  write_log(options_.log, line);
}

void end_context::done_with(uint64_t operations) {
  if (busy_.fetch_sub(operations * one_reason, std::memory_order_acq_rel) != operations * one_reason)
    return;
  std::vector<std::function<void()>> due;
  {
    std::lock_guard guard{mutex_};
    if (busy_.load(std::memory_order_acquire) == 0)
      due.swap(idle_actions_);
  }
  run_idle_actions(std::move(due));
}

std::shared_ptr<void> end_context::hold() {
  reason_added();
  return {nullptr, [self = shared_from_this()](void*) { self->done_with(1); }};
}

void end_context::add_idle_action(std::function<void()> action) {
  {
    std::lock_guard guard{mutex_};
    if (busy_.load(std::memory_order_acquire) != 0) {
      idle_actions_.push_back(std::move(action));
      return;
    }
  }
  std::vector<std::function<void()>> due;
  due.push_back(std::move(action));
  run_idle_actions(std::move(due));
}

void end_context::run_idle_actions(std::vector<std::function<void()>> actions) {
  for (auto& action : actions) {
    auto run = [this, action = std::move(action)] {
      try {
        action();
      } catch (...) {
        log("an idle action threw: " + thrown_text());
      }
    };
    if (options_.utility == nullptr) {
      run();
      continue;
    }
    work_added();
    options_.utility->post([self = shared_from_this(), run] {
      run();
      self->work_done();
    });
  }
}

void end_context::work_done(int64_t n) {
  // Both sides write first and read the other's variable afterwards, in sequentially consistent order: either this
  // thread sees the watcher or the watcher sees the new count.
  pending_.fetch_sub(n);
  if (watchers_.load() > 0) {
    std::lock_guard guard{mutex_};
    changed_.notify_all();
  }
}

void end_context::await_pending(int64_t allowed) {
  watchers_.fetch_add(1);
  {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return pending() <= allowed; });
  }
  watchers_.fetch_sub(1);
}

void end_context::shard_started() {
  std::lock_guard guard{mutex_};
  ++running_shards_;
}

void end_context::shard_stopped() {
  std::unique_lock lock{mutex_};
  while (running_shards_ == 1 && when_stopped_) {
    const auto then = std::exchange(when_stopped_, nullptr);
    lock.unlock();
    then();
    lock.lock();
  }
  --running_shards_;
  changed_.notify_all();
}

void end_context::when_stopped(std::function<void()> then) {
  {
    std::lock_guard guard{mutex_};
    if (running_shards_ > 0) {
      when_stopped_ = std::move(then);
      return;
    }
  }
  then();
}

void end_context::await_stopped() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return running_shards_ == 0; });
}

} // namespace tandem
