/// How many payloads one side of an operation may send, how long it might send none, and how long its consumer took, as
/// its trace tells (S-FLOW). Part of operation_view.
#pragma once

#include "../reading/saturating.hpp"

#include "../../../messages/trace/trace_entry.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

/// When something was recorded, by both clocks of its node.
struct moment {
  int64_t wall_ns = 0;
  int64_t monotonic_ns = 0;
};

/// "allows 32 in all": of a ticket that says how many payloads the other side may send.
inline std::string allowance_text(uint64_t allowed) {
  return allowed >= unlimited ? "allows any number" : "allows " + std::to_string(allowed) + " in all";
}

/// The credit of a side for its output. Nothing is known of it unless the first ticket is there.
class credit_view {
public:
  /// Where its next payload is sent so soon after an allowance, it waited for that.
  static constexpr int64_t at_once_ns = 1'000'000;

  /// The operation begins with this ticket.
  void begin(const trace_entry& first, trace_side side) noexcept {
    const bool is_front = side == trace_side::front;
    allowed_ = is_front ? (first.allowed ? allowed_at_first : unlimited) : first.allowed.value_or(unlimited);
    allows_ = is_front ? first.allowed.value_or(unlimited) : (first.allowed ? allowed_at_first : unlimited);
    has_output_ = is_front || first.subscription.value_or(subscription_kind::full) == subscription_kind::full;
  }

  /// An allowance of the other side took its turn.
  void allowed_more(uint64_t allowed, const moment& now) noexcept {
    if (!allowed_)
      return;
    allowed_ = std::max(*allowed_, allowed);
    if (since_)
      allowed_at_ = now;
  }

  /// It sent an allowance.
  void allowed_other(uint64_t allowed) noexcept {
    if (allows_)
      allows_ = std::max(*allows_, allowed);
  }

  /// It sent a payload.
  void sent_payload(const moment& now) noexcept {
    ++sent_;
    if (allowed_at_ && saturated_difference(now.monotonic_ns, allowed_at_->monotonic_ns) <= at_once_ns)
      ++waits_;
    allowed_at_.reset();
  }

  /// After each of these, and at the end: `may_send` until its last ticket was sent.
  void look(bool may_send, const moment& now) noexcept {
    const bool is_without = may_send && has_output_ && allowed_ && sent_ >= *allowed_;
    if (is_without == since_.has_value())
      return;
    if (is_without) {
      ++times_;
      since_ = now;
      first_ = first_ ? first_ : since_;
    } else {
      without_ns_ = until(now);
      since_.reset();
    }
  }

  /// How many payloads it may send in all, and how many it lets the other side send; `unlimited`: any number. Nothing:
  /// that is not known.
  std::optional<uint64_t> allowed() const noexcept {
    return allowed_;
  }
  std::optional<uint64_t> allows() const noexcept {
    return allows_;
  }

  /// How many it may still send; nothing if that is not known, or not limited.
  std::optional<uint64_t> left() const noexcept {
    if (!allowed_ || *allowed_ == unlimited)
      return std::nullopt;
    return *allowed_ - std::min(*allowed_, sent_);
  }

  /// How often it was without credit while it might have sent; in how many of these cases a payload followed at once
  /// when it was allowed more, which so had waited; and when it was without credit first.
  uint64_t times() const noexcept {
    return times_;
  }
  uint64_t waits() const noexcept {
    return waits_;
  }
  const std::optional<moment>& first() const noexcept {
    return first_;
  }

  /// Since when it has been without; nothing if it is not.
  const std::optional<moment>& since() const noexcept {
    return since_;
  }

  /// For how long in all, until then.
  int64_t without_ns(const moment& now) const noexcept {
    return since_ ? until(now) : without_ns_;
  }

private:
  int64_t until(const moment& now) const noexcept {
    return saturated_sum(without_ns_,
                         std::max<int64_t>(saturated_difference(now.monotonic_ns, since_->monotonic_ns), 0));
  }

  std::optional<uint64_t> allowed_;
  std::optional<uint64_t> allows_;
  uint64_t sent_ = 0;
  uint64_t times_ = 0;
  uint64_t waits_ = 0;
  int64_t without_ns_ = 0; ///< in all, but for the time since `since_`
  bool has_output_ = true;
  std::optional<moment> first_;
  std::optional<moment> since_;
  std::optional<moment> allowed_at_; ///< it got credit then, and has not used it
};

/// What customer code consumed. Calls may be under way at a time, where it took charge of payloads: their time counts
/// once.
class consumption_view {
public:
  void take(const trace_entry& x) {
    ++payloads_;
    const auto took = std::max<int64_t>(x.took_ns, 0);
    if (payloads_ == 1 || took > longest_ns_) {
      longest_ns_ = took;
      longest_number_ = x.sequence_number.value;
    }
    if (payloads_ == 1 || x.began_ns < first_began_ns_) {
      first_began_ns_ = x.began_ns;
      first_number_ = x.sequence_number.value;
    }
    add({x.began_ns, saturated_sum(x.began_ns, took)});
  }

  uint64_t payloads() const noexcept {
    return payloads_;
  }

  /// For how long it was at work, or had charge of something.
  int64_t busy_ns() const noexcept {
    auto result = settled_ns_;
    for (const auto& x : spans_)
      result = saturated_sum(result, saturated_difference(x.end, x.begin));
    return result;
  }

  int64_t longest_ns() const noexcept {
    return longest_ns_;
  }
  /// The sequence number of the ticket that brought that payload.
  uint64_t longest_number() const noexcept {
    return longest_number_;
  }
  /// When the first call began, by the clock of monotonic_ns, and the number of its payload's ticket.
  int64_t first_began_ns() const noexcept {
    return first_began_ns_;
  }
  uint64_t first_number() const noexcept {
    return first_number_;
  }

private:
  struct span {
    int64_t begin;
    int64_t end;
  };
  static constexpr size_t most = 64;

  /// They come in the order of their ends, or nearly.
  void add(span x) {
    x.begin = std::max(x.begin, settled_until_);
    x.end = std::max(x.end, x.begin);
    while (!spans_.empty() && spans_.back().end >= x.begin) {
      x.begin = std::min(x.begin, spans_.back().begin);
      x.end = std::max(x.end, spans_.back().end);
      spans_.pop_back();
    }
    spans_.push_back(x);
    if (spans_.size() <= most)
      return;
    const auto half = spans_.begin() + most / 2;
    for (auto oldest = spans_.begin(); oldest != half; ++oldest)
      settled_ns_ = saturated_sum(settled_ns_, saturated_difference(oldest->end, oldest->begin));
    settled_until_ = (half - 1)->end; // what would reach farther back counts from there on
    spans_.erase(spans_.begin(), half);
  }

  uint64_t payloads_ = 0;
  int64_t longest_ns_ = 0;
  uint64_t longest_number_ = 0;
  int64_t first_began_ns_ = 0;
  uint64_t first_number_ = 0;
  int64_t settled_ns_ = 0;
  int64_t settled_until_ = INT64_MIN;
  std::vector<span> spans_; ///< apart from each other, in order
};

} // namespace tandem::cli
