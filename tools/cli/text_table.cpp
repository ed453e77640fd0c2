#include "text_table.hpp"

#include "text.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace tandem::cli {

text_table& text_table::column(std::string title, align a) {
  const auto width = width_of(title);
  columns_.push_back({std::move(title), a, width});
  return *this;
}

void text_table::row(std::vector<std::string> cells) {
  if (cells.size() > columns_.size())
    throw std::logic_error{"text_table: more cells than columns"};
  for (size_t i = 0; i < cells.size(); ++i)
    columns_[i].width = std::max(columns_[i].width, width_of(cells[i]));
  rows_.push_back(std::move(cells));
}

void text_table::write(std::ostream& out) const {
  if (rows_.empty())
    return;
  std::vector<std::string> titles;
  for (const auto& x : columns_)
    titles.push_back(x.title);
  write_row(titles, out);
  for (const auto& x : rows_)
    write_row(x, out);
}

void text_table::write_row(const std::vector<std::string>& cells, std::ostream& out) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string space(columns_[i].width - width_of(cells[i]), ' ');
    line += columns_[i].alignment == align::right ? space + cells[i] : cells[i] + space;
    line += "  ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

} // namespace tandem::cli
