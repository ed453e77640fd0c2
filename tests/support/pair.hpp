/// The two sides of one operation with a link between them, and a clock that stands still: no actor, no thread. So a
/// test reads as a story:
///
///     pair p;
///     p.front.operate("a");
///     p.settle();                      // tickets go back and forth until none is under way
///     p.back.consume_and_terminate("b");
///     p.pass_to_front();               // one ticket arrives
///     CHECK(p.front.received() == "b and end");
///
/// Tickets stay under way until a test lets them arrive, in any order; it may take one out, or put a second one of it
/// in. `violations()` lists everything that neither side may ever do and one of them did.
#pragma once

#include "half.hpp"

#include <string>

namespace tandem_test {

using pair_options = half_options;

class pair {
public:
  explicit pair(const pair_options& options = {});
  pair(const pair_options& at_front, const pair_options& at_back);

  /// Lets the ticket at this place among those under way arrive. Does nothing if no ticket is there.
  void pass_to_back(size_t place = 0);
  void pass_to_front(size_t place = 0);

  /// Lets tickets arrive, in order, until none is under way.
  void settle();

  /// Lets time pass. Timers fire when their time comes, in order; tickets stay under way.
  void advance(tandem::duration distance);

  tandem::time_point now() const {
    return front.now;
  }

  /// The violations of both sides, in words; empty if all is well.
  std::string violations() const;

  /// The same for what was delivered: on each side the payloads that the other side sent, in order, each at most once,
  /// and the end after all of them. Of use only where no test forged a ticket.
  std::string delivery_violations() const;

  front_half front;
  back_half back;
};

} // namespace tandem_test
