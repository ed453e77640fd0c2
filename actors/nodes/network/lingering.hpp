/// When the network thread goes on looking for more instead of sleeping: network::linger() says why. Internal to
/// network/.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace tandem {

/// Of one thread.
class lingering {
public:
  bool is_looking() const noexcept {
    return looking_;
  }

  void frame_came(std::chrono::nanoseconds linger) {
    if (linger.count() <= 0)
      return;
    const auto now = clock::now();
    const bool near = now - std::exchange(last_frame_, now) < far_apart;
    if (looking_) {
      in_vain_ = 0;
    } else if (!near) {
      return;
    } else if (skip_ > 0) {
      --skip_;
      return;
    }
    looking_ = true;
    looks_until_ = now + linger;
  }

  /// There was nothing.
  void look() {
    if (clock::now() < looks_until_)
      return std::this_thread::yield();
    looking_ = false;
    in_vain_ = std::min(in_vain_ * 2 + 1, seldom);
    skip_ = in_vain_;
  }

private:
  using clock = std::chrono::steady_clock;

  /// While frames are further apart than this, there is no point in looking for more.
  static constexpr auto far_apart = std::chrono::microseconds(400);
  static constexpr int seldom = 255;

  clock::time_point last_frame_;
  clock::time_point looks_until_;
  bool looking_ = false;
  int in_vain_ = 0; // how many frames go by before the next try, after one that was in vain
  int skip_ = 0;    // of those, how many are left
};

} // namespace tandem
