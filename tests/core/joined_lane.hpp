/// Lanes that are joined to a link, which may be lost, and what they hand over.
#pragma once

#include "../support/lane_world.hpp"

#include <string>

namespace tandem_test {

/// The batch that is to be handed over now: "LINK: a0 a1", or "refused, REASON: a0".
template <class World>
requires requires(World& w) {
  w.take()->link;
}
std::string take(World& w) {
  auto now = w.take();
  if (!now)
    return "nothing";
  return (now->link ? *now->link : "refused, " + now->lost) + ": " + w.written(now->tickets);
}

/// A lane that is joined to "one".
struct joined_world : lane_world {
  joined_world() {
    join("one");
  }
};

/// A lane whose link is lost, and comes back by itself.
struct lost_world : joined_world {
  lost_world() {
    lose();
  }
};

} // namespace tandem_test
