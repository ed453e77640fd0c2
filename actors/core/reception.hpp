/// The order in which tickets take effect (S-RECV-1, S-RECV-2): in sequence, those ahead of their turn held.
#pragma once

#include "../../messages/sequence_number.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace tandem::core {

template <class Ticket>
class reception {
public:
  explicit reception(sequence_number first) : next_(first) {
  }

  /// The number whose turn it is.
  sequence_number next() const noexcept {
    return next_;
  }

  size_t held() const noexcept {
    return held_.size();
  }

  /// True if this number was received before, in turn or ahead of it (S-RECV-2).
  bool seen(sequence_number number) const {
    if (number < next_)
      return true;
    auto place = place_of(number);
    return place != held_.end() && place->sequence_number == number;
  }

  /// Keeps a ticket that is ahead of its turn.
  void hold(Ticket ticket) {
    auto place = place_of(ticket.sequence_number);
    held_.insert(place, std::move(ticket));
  }

  /// The ticket with number `next()` has taken effect.
  void advance() {
    next_ = next_.next();
  }

  /// Takes out the held ticket whose turn it is, if there is one.
  std::optional<Ticket> take() {
    if (held_.empty() || held_.front().sequence_number != next_)
      return std::nullopt;
    std::optional<Ticket> result{std::move(held_.front())};
    held_.erase(held_.begin());
    return result;
  }

private:
  auto place_of(sequence_number number) const {
    return std::lower_bound(held_.begin(), held_.end(), number,
                            [](const Ticket& x, sequence_number y) { return x.sequence_number < y; });
  }

  sequence_number next_;
  std::vector<Ticket> held_; // sorted, bounded by the machine's limit: a handful
};

} // namespace tandem::core
