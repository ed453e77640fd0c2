/// What one side may still send, and the payloads that wait until it may (S-FLOW-1, S-FLOW-6, S-FLOW-7).
///
/// How to use it: give() each payload and end that is to go out. If the answer is `send`, send it; if it is `wait`, it
/// was kept here, and send_waiting() gives it when enough was allowed.
#pragma once

#include "../../messages/ticket.hpp"
#include "events.hpp"
#include "rare.hpp"
#include "settings.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace tandem::core {

class credit {
public:
  enum class answer : uint8_t {
    send,
    wait,
    too_many, ///< S-FLOW-7: as many wait as may
  };

  /// `allowed`: how many payloads may be sent until the other side allows more.
  explicit credit(uint64_t allowed) noexcept : allowed_(allowed) {
  }

  /// How many payloads may be sent in all.
  uint64_t allowed() const noexcept {
    return allowed_;
  }

  /// How many more may be sent now; `unlimited`: any number.
  uint64_t left() const noexcept {
    return allowed_ == unlimited ? unlimited : allowed_ - sent_;
  }

  /// A payload that is given now would be sent at once (S-FLOW-8).
  bool is_ready() const noexcept {
    return allowed_ > sent_ && !waiting_;
  }

  /// How many payloads wait.
  size_t waiting() const noexcept {
    return waiting_ ? waiting_->payloads : 0;
  }

  /// About how many bytes those have, as far as they are texts.
  uint64_t waiting_bytes() const noexcept {
    return waiting_ ? waiting_->bytes : 0;
  }

  /// True if something waits; it may be the end alone, no longer than payloads before it.
  bool has_waiting() const noexcept {
    return static_cast<bool>(waiting_);
  }

  /// Since when something waits; if it does.
  time_point waiting_since() const noexcept {
    return waiting_ ? waiting_->since : time_point{};
  }

  /// `most`: how many payloads may wait; 0: any number. What waits is taken from `x`.
  answer give(payload_given& x, size_t most, time_point now) {
    if (!waiting_ && (!x.content || allowed_ > sent_)) {
      sent_ += x.content.has_value();
      return answer::send;
    }
    if (x.content && most > 0 && waiting() >= most)
      return answer::too_many;
    if (!waiting_)
      waiting_.get().since = now;
    waiting_->payloads += x.content.has_value();
    waiting_->bytes += bytes_of(x);
    waiting_->all.push_back(std::move(x));
    return answer::wait;
  }

  /// So many payloads are allowed in all. False if that is no more than before (S-FLOW-4).
  bool allow(uint64_t in_all) noexcept {
    if (in_all <= allowed_)
      return false;
    allowed_ = in_all;
    return true;
  }

  /// Calls `send` with what waited and may be sent now; in order, one at a time.
  template <class Send>
  void send_waiting(Send send) {
    if (!waiting_)
      return;
    auto& all = waiting_->all;
    for (; !all.empty(); all.pop_front()) {
      auto& next = all.front();
      if (next.content) {
        if (allowed_ == sent_)
          return;
        ++sent_;
        --waiting_->payloads;
        waiting_->bytes -= bytes_of(next);
      }
      send(std::move(next));
    }
    waiting_.reset();
  }

private:
  struct queue {
    std::deque<payload_given> all;
    size_t payloads = 0; ///< among them; the end may have none
    uint64_t bytes = 0;
    time_point since;
  };

  static uint64_t bytes_of(const payload_given& x) noexcept {
    return x.content ? x.size + payload_overhead : 0;
  }

  uint64_t allowed_;
  uint64_t sent_ = 0;
  rare<queue> waiting_; ///< none: nothing waits
};

} // namespace tandem::core
