/// The words of balanced links: how a back is chosen, and how it is named.
///
///     auto balanced = balanced_link::make({.policy = balance::fewest_in_flight});
///     const back_id id = balanced->add(link, "alpha");
///     balanced->drain(id);
#pragma once

#include <compare>
#include <cstdint>

namespace tandem {

/// How the back of a new operation is chosen, among those that take operations.
enum class balance : uint8_t {
  round_robin,      ///< one after the other
  fewest_in_flight, ///< the one with the fewest operations that came through this link; several such take turns
  consistent_hash,  ///< by the operation's key: always the same one; a back that comes or goes moves only its own keys
};

/// Names a back of one balanced_link. It is not used again after the back was removed.
struct back_id {
  uint64_t value = 0;

  friend auto operator<=>(const back_id&, const back_id&) = default;
};

} // namespace tandem
