/// For tests: waits until ends have nothing to do.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace tandem {

class end_context;
class front_end;
class back_end;

/// A handle for settle(): what work an end has queued or is doing.
struct busy_end {
  std::shared_ptr<end_context> state;
};

/// Blocks until no end has anything queued or being done, timers that are not due apart. Links between the ends must
/// pass tickets on at once (in_memory_link does). `blocked` calls of customer code, in all ends together, may be under
/// way. Not to be called by customer code.
void settle(const std::vector<busy_end>& ends, int64_t blocked = 0);

} // namespace tandem
