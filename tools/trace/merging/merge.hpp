/// `tandem trace merge`: traces of several nodes as one, in the order in which things happened.
#pragma once

#include "../reading/prepared_trace.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

/// Writes a merged trace (TRACE.md): one header that has those of all files, and records that name their nodes.
class merged_writer {
public:
  /// Writes the header. `trace` is at its beginning.
  merged_writer(const prepared_trace& trace, std::ostream& out, const std::string& capture = {});

  /// Writes a record, with the time by the common clock and a number of its own, which tells of missing ones too.
  void write(const placed_entry& x);

private:
  std::ostream& out_;
  uint64_t next_record_ = 0;
  trace_entry entry_; ///< keeps its buffers
  std::string line_;
};

struct trace_merge_options {
  std::vector<std::string> files;
  std::string output = {}; ///< empty: standard output
  bool offset = true;      ///< estimate offsets of clocks
  bool json = false;       ///< the estimates
};

/// Returns the exit status: exit_error if a file cannot be read, or not written; the others are merged all the same.
int trace_merge(const trace_merge_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
