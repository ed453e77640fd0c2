/// What traces say of themselves that they lack: so that nobody takes a record that is not there for something that
/// did not happen.
#pragma once

#include "trace_input.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// True for a `capture` that `tandem trace filter` wrote: an expression with comparisons, which may have left out any
/// record. That of a recorder has names only, and takes operations or leaves them out, but takes them whole (TRACE.md).
bool is_filter_expression(std::string_view capture) noexcept;

/// The expression by which records were left out of a trace, or of one that it is merged of; empty if there is none.
std::string filter_of(const trace_header& header);

/// The records that one node wrote.
struct node_records {
  uint64_t dropped = 0; ///< left out by the recorder, as it says itself
  uint64_t missing = 0; ///< by gaps in the record numbers
  std::string filter;   ///< the expression by which some were left out; empty: none
  // Of each side, corrected.
  std::array<int64_t, 2> first_wall_ns{INT64_MAX, INT64_MAX};
  std::array<int64_t, 2> last_wall_ns{INT64_MIN, INT64_MIN};

  /// "its recorder dropped 3 records, ...": why a record may be missing; empty if nothing says that one is.
  std::string why_incomplete() const;
};

/// Give it all records; it knows all only at their end.
class trace_lacks {
public:
  void take(const placed_entry& x);

  /// Of the node that recorded `x`, or of its file if the node is not known.
  static std::string key_of(const placed_entry& x);

  /// Null: nothing of it was there.
  const node_records* of(const std::string& key) const;

  /// A line for each node that lacks records, beginning with "tandem: ".
  void write_notes(std::ostream& notes) const;

private:
  struct file_state {
    std::string node;
    node_records* records = nullptr; ///< of that node
    const trace_header* header = nullptr;
    std::string filter; ///< of the header
  };

  std::map<std::string, node_records> nodes_;
  std::vector<file_state> files_;
};

} // namespace tandem::cli
