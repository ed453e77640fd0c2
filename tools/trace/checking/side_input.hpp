/// The tickets that one side has received of an operation, as its machine sees them (S-RECV-1, S-RECV-2): a checker's
/// own account, in numbers only.
#pragma once

#include "../../../messages/trace/trace_entry.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tandem::cli {

class side_input {
public:
  /// What happened to a ticket that is not abortive.
  enum class result { taken, held, seen_before, after_completion, broken };

  struct ticket {
    uint64_t number;
    bool last;
    bool has_payload;
    std::optional<duration> timeout;
    std::optional<uint64_t> allowed; ///< of an allowance

    friend bool operator<(const ticket& x, const ticket& y) noexcept {
      return x.number < y.number;
    }
  };

  /// From now on `next` is the number whose turn it is.
  void restart(uint64_t next, bool done) {
    next_ = next;
    done_ = done;
    held_.clear();
  }

  /// The completion's turn has come.
  bool done() const noexcept {
    return done_;
  }
  uint64_t next() const noexcept {
    return next_;
  }

  bool seen(uint64_t number) const {
    return number < next_
           || std::any_of(held_.begin(), held_.end(), [number](const ticket& x) { return x.number == number; });
  }

  /// A well-formed ticket arrives that is not abortive. `took(ticket)` is called for each whose turn comes; it returns
  /// false if that one is a breach of the rules.
  template <class Took>
  result take(const trace_entry& x, Took took) {
    const ticket arrived{x.sequence_number.value, x.kind == ticket_kind::completion, x.payload.has_value(), x.timeout,
                         x.kind == ticket_kind::allowance ? x.allowed : std::nullopt};
    if (seen(arrived.number))
      return result::seen_before;
    if (arrived.number != next_ && (!done_ || arrived.allowed)) {
      held_.insert(std::lower_bound(held_.begin(), held_.end(), arrived), arrived);
      return result::held;
    }
    if (const auto how = take_one(arrived, took); how != result::taken)
      return how;
    while (!held_.empty() && held_.front().number == next_) {
      const ticket first = held_.front();
      held_.erase(held_.begin());
      if (const auto how = take_one(first, took); how != result::taken)
        return how;
    }
    return result::taken;
  }

private:
  template <class Took>
  result take_one(const ticket& x, Took& took) {
    if (done_ && !x.allowed) // S-FLOW-4
      return result::after_completion;
    ++next_;
    done_ = done_ || x.last;
    return took(x) ? result::taken : result::broken;
  }

  uint64_t next_ = 0;
  bool done_ = false;
  std::vector<ticket> held_; // sorted; a machine holds a handful
};

} // namespace tandem::cli
