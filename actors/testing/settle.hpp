/// For tests: waits until ends have nothing to do.
///
///     clock->advance(10s, [&] { settle({front, back}); });
#pragma once

#include "../interfaces.hpp"

#include <cstdint>
#include <vector>

namespace tandem {

/// Blocks until no end has anything queued or being done, timers that are not due apart. Links between the ends must
/// pass tickets on at once (in_memory_link does). `blocked` calls of customer code, in all ends together, may be under
/// way. Not to be called by customer code.
void settle(const std::vector<busy_end>& ends, int64_t blocked = 0);

} // namespace tandem
