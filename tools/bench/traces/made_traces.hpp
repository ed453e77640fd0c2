/// Traces of two nodes, as large as one likes, for measuring what reads them.
#pragma once

#include <cstdint>
#include <string>

namespace tandem::bench {

struct made_traces {
  std::string front; ///< the file of the front's node
  std::string back;
  std::string operation; ///< the id of one that is in both
  std::string trace_id;  ///< that ten operations have, five of which have the other five as children
};

/// Writes two traces into a folder, of together about so many bytes: operations of several kinds, 64 of which are open
/// at a time, the tickets of each at both nodes. The same bytes give the same traces.
made_traces make_traces(const std::string& folder, uint64_t bytes);

} // namespace tandem::bench
