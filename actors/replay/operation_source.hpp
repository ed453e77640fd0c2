/// The operations of a trace (messages/TRACE.md) in groups, so that one of any size can be played in bounded memory.
///
///     operation_source source{reader, trace_side::back, 256 << 20};
///     for (auto group = source.next(); !group.empty(); group = source.next())
///       play(group);
#pragma once

#include "recorded_operation.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace tandem {

class side_collector;

/// Not thread-safe.
class operation_source {
public:
  static constexpr uint64_t no_limit = UINT64_MAX;

  /// Reads from `trace`, which must outlive it, the operations that `side` recorded; those of the other side if the
  /// first group has none of it. The records that it holds take about so many `bytes` of memory.
  operation_source(trace_reader& trace, trace_side side, uint64_t bytes);
  ~operation_source();

  operation_source(const operation_source&) = delete;
  operation_source& operator=(const operation_source&) = delete;

  /// The next operations, in the order of their beginnings; none at the end of the trace. A trace that fits as a whole
  /// is one group. Of a larger one a group has those that have ended by then. Where those that have not ended fill the
  /// memory, the oldest of them are in the group too, unfit to be played; further records of operations that were
  /// given out are left out.
  std::vector<recorded_operation> next();

private:
  bool fill();

  trace_reader& trace_;
  const uint64_t most_;
  trace_side side_; ///< of wanted_
  std::unique_ptr<side_collector> wanted_;
  std::unique_ptr<side_collector> otherwise_; ///< null once it is known that it is not needed
};

} // namespace tandem
