#include "table_columns.hpp"

#include "text.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

void table_columns::add(std::string title, align a, size_t width) {
  width = std::max(width, width_of(title));
  heads_.push_back({std::move(title), a, width});
}

void table_columns::fit(size_t column, std::string_view cell) {
  heads_[column].width = std::max(heads_[column].width, width_of(cell));
}

std::string table_columns::line(const std::vector<std::string>& cells) const {
  std::string result;
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto& head = heads_[i];
    const size_t wide = width_of(cells[i]);
    const size_t space = head.width > wide ? head.width - wide : 0;
    if (head.alignment == align::right)
      result.append(space, ' ').append(cells[i]);
    else
      result.append(cells[i]).append(space, ' ');
    result += "  ";
  }
  return result;
}

std::string table_columns::titles() const {
  std::vector<std::string> cells;
  for (const auto& x : heads_)
    cells.push_back(x.title);
  return line(cells);
}

void trim(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

} // namespace tandem::cli
