/// For tests: waits until ends have nothing to do.
///
///     clock->advance(10s, [&] { settle({front, back}); });
#pragma once

#include "../interfaces.hpp"

#include <cstdint>
#include <vector>

namespace tandem {

/// Blocks until no end has work queued or is doing any; timers that are not due do not count. Links between the ends
/// must pass tickets on at once, as in_memory_link does without a pool. `blocked` calls of customer code, in all ends
/// together, may be under way. Customer code must not call it.
void settle(const std::vector<busy_end>& ends, int64_t blocked = 0);

} // namespace tandem
