/// Tables for people: columns as wide as their widest cell, two spaces between them.
#pragma once

#include "table_columns.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

class text_table {
public:
  /// A title may be empty.
  text_table& column(std::string title, align a = align::left);

  /// Missing cells are empty; those beyond the last column are an error.
  void row(std::vector<std::string> cells);

  /// Titles, then rows; nothing if there are no rows. If `columns` is given, a cell gets at most half of a line, and is
  /// cut in its middle if it is longer; and if a line would be longer, the table is broken into several, one below the
  /// other, each with the first `keys` columns.
  void write(std::ostream& out, size_t columns = 0, size_t keys = 1) const;

  bool empty() const noexcept {
    return rows_.empty();
  }

private:
  text_table with_cells_of(size_t most) const;

  table_columns columns_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace tandem::cli
