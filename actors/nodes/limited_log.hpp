/// A log that strangers cannot fill: at most ten lines in a second, and then how many were left out. Internal to
/// nodes/.
#pragma once

#include "../log.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace tandem {

/// Any thread.
class limited_log {
public:
  explicit limited_log(log_function log) : log_(std::move(log)) {
  }

  void write(const std::string& line) {
    std::lock_guard guard{mutex_};
    if (!log_)
      return;
    const auto now = std::chrono::steady_clock::now();
    if (now - begin_ >= std::chrono::seconds(1)) {
      if (left_out_ > 0)
        write_log(*log_, "left out " + std::to_string(left_out_) + " lines more");
      begin_ = now;
      written_ = left_out_ = 0;
    }
    if (written_ == most) {
      ++left_out_;
      return;
    }
    ++written_;
    write_log(*log_, line);
  }

  /// Returns when no thread uses the log; none will again.
  void close() {
    std::lock_guard guard{mutex_};
    log_.reset();
  }

private:
  static constexpr int most = 10;

  std::mutex mutex_;
  std::optional<log_function> log_; // none once it was closed
  std::chrono::steady_clock::time_point begin_;
  int written_ = 0;
  int left_out_ = 0;
};

} // namespace tandem
