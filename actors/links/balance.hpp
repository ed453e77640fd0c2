/// Words of balanced links: how a back is chosen, and how it is named.
#pragma once

#include <compare>
#include <cstdint>

namespace tandem {

/// How the back of a new operation is chosen, among those that take operations.
enum class balance : uint8_t {
  round_robin,      ///< one after the other
  fewest_in_flight, ///< the one with the fewest operations that came through this link; in turn, if several have
  consistent_hash,  ///< by the operation's key: always the same one, and a back that comes or goes moves its keys only
};

/// Names a back of one balanced_link; never used again after the back was removed.
struct back_id {
  uint64_t value = 0;

  friend auto operator<=>(const back_id&, const back_id&) = default;
};

} // namespace tandem
