/// The lines in which `tandem trace show` and others print records, while they come: the first rows decide how wide the
/// columns are, the others follow at once.
#pragma once

#include "../../cli/flowing_table.hpp"
#include "../../cli/short_id.hpp"
#include "../reading/trace_input.hpp"

#include <cstddef>
#include <deque>
#include <iosfwd>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tandem::cli {

/// A record, as far as it is shown; not the record itself, whose payload may be large.
struct record_row {
  /// `columns`: more of a payload is not kept.
  record_row(const placed_entry& x, size_t columns);

  int64_t wall_ns;
  std::optional<operation_id> operation;
  std::string side;
  std::string node;  ///< as it is in the trace
  std::string arrow; ///< of a ticket: "->" from front to back, "<-" from back to front
  std::string number;
  std::string kind; ///< of a ticket, else the event
  std::string what; ///< name, subscription, timeout, payload or details, as far as it has them
  std::optional<operation_id> parent;
  line_style style;

  /// The text behind the kind.
  std::string rest(const short_ids& ids) const;
};

struct record_table_options {
  size_t columns = 100; ///< how wide a line may be; SIZE_MAX: as it is
  bool color = false;
  size_t fit_to = 1000; ///< so many rows, if they are not large, decide about the widths of columns; kept until then
  bool is_live = false; ///< few rows are there to decide: begin with widths that suit most
  bool names_nodes = false; ///< else only if more than two nodes are among the rows that decide
};

/// Times are milliseconds since the first row.
class record_table {
public:
  explicit record_table(std::ostream& out, record_table_options options = {});

  void add(const placed_entry& x);

  /// Prints the rows that are still kept; later rows follow at once.
  void finish();

private:
  std::vector<std::string> cells_of(const record_row& row) const;
  void add_columns();
  void begin();

  flowing_table table_;
  record_table_options options_;
  std::deque<record_row> kept_;
  size_t kept_bytes_ = 0;
  bool begun_ = false;
  std::set<std::string> nodes_; ///< of the rows that are kept; no more than it takes to know that they are named
  std::optional<int64_t> zero_wall_ns_;
  short_ids ids_;
};

/// The content of a record besides its kind: "echo, full, timeout 10s", ...
std::string describe_record(const trace_entry& entry, size_t columns);

} // namespace tandem::cli
