#include "settle.hpp"
#include "../ends/end_context.hpp"

#include <numeric>

namespace tandem {

void settle(const std::vector<busy_end>& ends, int64_t blocked) {
  auto posted = [&] {
    return std::accumulate(ends.begin(), ends.end(), uint64_t{0},
                           [](uint64_t sum, const busy_end& x) { return sum + x.end->posted(); });
  };
  auto pending = [&] {
    return std::accumulate(ends.begin(), ends.end(), int64_t{0},
                           [](int64_t sum, const busy_end& x) { return sum + x.end->pending(); });
  };
  for (;;) {
    // Work moves from end to end: nothing is left only if nothing was added while all were looked at.
    const auto before = posted();
    for (const auto& x : ends)
      x.end->await_pending(blocked);
    if (pending() <= blocked && posted() == before)
      return;
  }
}

} // namespace tandem
