/// A table that is printed while its rows come: columns keep the width that they were given, and a longer cell moves
/// only its own line. The last cell is cut off at the end of the line.
#pragma once

#include "table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// How a line looks on a terminal.
enum class line_style : uint8_t { plain, faint, good, bad, strong };

/// The sequences that switch a terminal to a style, and back.
std::string_view style_on(line_style style) noexcept;
std::string_view style_off(line_style style) noexcept;

struct flowing_table_options {
  size_t columns = 100; ///< how wide a line may be
  bool color = false;
};

class flowing_table {
public:
  flowing_table(std::ostream& out, flowing_table_options options) : out_(out), options_(options) {
  }

  /// Its columns, whose widths may still grow.
  table_columns columns;

  void write_titles();

  /// `cells`: one for each column; `rest`: what follows them, as much as there is room for.
  void write(const std::vector<std::string>& cells, std::string_view rest, line_style style = line_style::plain);

private:
  void write_line(std::string line, std::string_view rest, line_style style);

  std::ostream& out_;
  flowing_table_options options_;
};

} // namespace tandem::cli
