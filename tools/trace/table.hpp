/// The lines that `tandem trace show` prints.
#pragma once

#include <tandem/messages/trace/trace_entry.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

/// A ticket, as far as it is shown; not the record, whose payload may be large.
struct trace_row {
  /// `entry` has a ticket.
  trace_row(const trace_entry& entry, size_t columns);

  int64_t wall_ns;
  operation_id operation;
  std::string side;
  std::string arrow; ///< "->" from front to back, "<-" from back to front
  std::string number;
  std::string kind;
  std::string rest; ///< name, subscription, timeout, payload or details, whatever it has
};

/// Times are milliseconds since the first row. Operations are shown as "3f2a.100": as much of the front's random half
/// of the id as tells fronts apart, and the front's own number, both in hexadecimal digits.
void write_table(const std::vector<trace_row>& rows, size_t columns, std::ostream& out);

} // namespace tandem::cli
