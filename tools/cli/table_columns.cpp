#include "table_columns.hpp"

#include "text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tandem::cli {

void table_columns::add(std::string title, align a, size_t width) {
  width = std::max(width, width_of(title));
  heads_.push_back({std::move(title), a, width});
}

void table_columns::fit(size_t column, std::string_view cell) {
  heads_[column].width = std::max(heads_[column].width, width_of(cell));
}

std::string table_columns::line(const std::vector<std::string>& cells, const std::vector<size_t>& which) const {
  std::string result;
  for (const size_t i : which) {
    const auto& head = heads_[i];
    const std::string_view cell = i < cells.size() ? std::string_view{cells[i]} : std::string_view{};
    const size_t wide = width_of(cell);
    const size_t space = head.width > wide ? head.width - wide : 0;
    if (head.alignment == align::right)
      result.append(space, ' ').append(cell);
    else
      result.append(cell).append(space, ' ');
    result += "  ";
  }
  return result;
}

std::string table_columns::line(const std::vector<std::string>& cells) const {
  return line(cells, all());
}

std::string table_columns::titles(const std::vector<size_t>& which) const {
  std::vector<std::string> cells;
  for (const auto& x : heads_)
    cells.push_back(x.title);
  return line(cells, which);
}

std::string table_columns::titles() const {
  return titles(all());
}

size_t table_columns::widest() const {
  size_t result = 0;
  for (const auto& x : heads_)
    result = std::max(result, x.width);
  return result;
}

table_columns table_columns::with_titles_only() const {
  table_columns result;
  for (const auto& x : heads_)
    result.add(x.title, x.alignment);
  return result;
}

std::vector<size_t> table_columns::all() const {
  std::vector<size_t> result(heads_.size());
  std::iota(result.begin(), result.end(), size_t{0});
  return result;
}

std::vector<size_t> table_columns::that_fit(size_t wide, size_t keys, size_t from) const {
  constexpr size_t between = 2;
  std::vector<size_t> result;
  size_t used = 0;
  const auto add = [&](size_t i) {
    result.push_back(i);
    used += heads_[i].width + between;
  };
  for (size_t i = 0; i < std::min(keys, heads_.size()); ++i)
    add(i);
  const size_t first = std::max(from, keys);
  for (size_t i = first; i < heads_.size() && (i == first || used + heads_[i].width <= wide); ++i)
    add(i);
  return result;
}

void trim(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

} // namespace tandem::cli
