/// The order in which tickets take effect (S-RECV-1, S-RECV-2): in sequence, those ahead of their turn held.
///
/// It goes on after the completion, since a number that comes again is a breach then too. So it is apart from the
/// input.
///
/// How to use it: ask for a ticket's turn. If it is now: advance(), let the ticket take effect, and take() the held
/// tickets whose turn has come by that, until there is none. If it is ahead: hold() it.
#pragma once

#include "../../messages/sequence_number.hpp"
#include "rare.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tandem::core {

enum class turn : uint8_t {
  past, ///< a ticket with this number was received before, in its turn or ahead of it (S-RECV-2)
  now,
  ahead,
};

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
    return held_ ? held_->size() : 0;
  }

  turn turn_of(sequence_number number) const {
    if (number == next_)
      return turn::now; // take() leaves none with this number
    if (number < next_)
      return turn::past;
    if (!held_)
      return turn::ahead;
    const auto place = place_of(number);
    return place != held_->end() && place->sequence_number == number ? turn::past : turn::ahead;
  }

  /// Keeps a ticket that is ahead of its turn.
  void hold(Ticket&& ticket) {
    assert(turn_of(ticket.sequence_number) == turn::ahead);
    auto& all = held_.get();
    all.insert(place_of(ticket.sequence_number), std::move(ticket));
  }

  /// The ticket with number `next()` takes effect.
  void advance() noexcept {
    next_ = next_.next();
  }

  /// Takes out the held ticket whose turn it is, if there is one.
  std::optional<Ticket> take() {
    if (!held_ || held_->front().sequence_number != next_)
      return std::nullopt;
    std::optional<Ticket> result{std::move(held_->front())};
    held_->erase(held_->begin());
    if (held_->empty())
      held_.reset();
    return result;
  }

private:
  auto place_of(sequence_number number) const {
    return std::lower_bound(held_->begin(), held_->end(), number,
                            [](const Ticket& x, sequence_number y) { return x.sequence_number < y; });
  }

  sequence_number next_;
  rare<std::vector<Ticket>> held_; // sorted, bounded by the operation's limit: a handful; none: there is none
};

} // namespace tandem::core
