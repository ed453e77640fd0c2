#include "network.hpp"
#include "../../links/link.hpp"
#include "../../log.hpp"

#include <asio/executor_work_guard.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace tandem {

namespace {

using steady = std::chrono::steady_clock;

/// While frames are further apart than this, there is no point in looking for more.
constexpr auto far_apart = std::chrono::microseconds(400);
constexpr int seldom = 255;

} // namespace

/// Shared with the thread, which may outlive the network if it destroys that itself.
struct network::thread_state {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread::id id;
  std::thread thread;

  // Of the thread alone.
  steady::time_point last_frame;
  steady::time_point looks_until;
  bool looking = false;
  int in_vain = 0; // how many frames go by before the next try, after one that was in vain
  int skip = 0;    // of those, how many are left

  void run() {
    while (!context.stopped()) {
      try {
        if (!looking)
          context.run_one();
        else if (context.poll() == 0)
          look();
      } catch (...) { // costs what threw, not the process
        write_to_standard_error("the network thread caught: " + current_reason("a handler"));
      }
    }
  }

  void look() {
    if (steady::now() < looks_until)
      return std::this_thread::yield();
    looking = false;
    in_vain = std::min(in_vain * 2 + 1, seldom);
    skip = in_vain;
  }

  void linger(duration linger) {
    if (linger <= duration::zero())
      return;
    const auto now = steady::now();
    const bool near = now - std::exchange(last_frame, now) < far_apart;
    if (looking) {
      in_vain = 0;
    } else if (!near) {
      return;
    } else if (skip > 0) {
      --skip;
      return;
    }
    looking = true;
    looks_until = now + linger;
  }
};

std::shared_ptr<network> network::shared() {
  static std::mutex mutex;
  static std::weak_ptr<network> known;
  std::lock_guard guard{mutex};
  auto result = known.lock();
  if (result == nullptr)
    known = result = std::make_shared<network>();
  return result;
}

network::network() : state_(std::make_shared<thread_state>()) {
  // The thread waits for its own id.
  std::promise<void> known;
  state_->thread = std::thread{[state = state_, go = known.get_future().share()] {
    go.wait();
    state->run();
  }};
  state_->id = state_->thread.get_id();
  known.set_value();
}

network::~network() {
  state_->work.reset();
  state_->context.stop();
  if (is_here())
    state_->thread.detach();
  else
    state_->thread.join();
}

asio::io_context& network::context() noexcept {
  return state_->context;
}

bool network::is_here() const noexcept {
  return std::this_thread::get_id() == state_->id;
}

void network::linger(duration linger) {
  state_->linger(linger);
}

} // namespace tandem
