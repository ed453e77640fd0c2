/// The frames that came to one end of a connection.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace tandem_test {

template <class Ticket>
struct seen_frame {
  size_t bytes;
  std::vector<Ticket> tickets;
};

/// Written by any thread, awaited by the test. Frames without tickets are left out.
template <class Ticket>
class frame_log {
public:
  void add(seen_frame<Ticket> x) {
    if (x.tickets.empty())
      return;
    {
      std::lock_guard guard{mutex_};
      count_ += x.tickets.size();
      frames_.push_back(std::move(x));
    }
    changed_.notify_all();
  }

  /// All frames, as soon as they have so many tickets. Gives up after a long time, so that a test fails instead of
  /// hanging.
  std::vector<seen_frame<Ticket>> await(size_t tickets) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::minutes(1), [&] { return count_ >= tickets; });
    return frames_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t count_ = 0;
  std::vector<seen_frame<Ticket>> frames_;
};

} // namespace tandem_test
