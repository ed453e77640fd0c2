#include "text_table.hpp"
#include "text.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace tandem::cli {

namespace {

void write_line(std::string line, std::ostream& out) {
  trim(line);
  out << line << '\n';
}

} // namespace

text_table& text_table::column(std::string title, align a) {
  columns_.add(std::move(title), a);
  return *this;
}

void text_table::row(std::vector<std::string> cells) {
  if (cells.size() > columns_.count())
    throw std::logic_error{"text_table: more cells than columns"};
  for (size_t i = 0; i < cells.size(); ++i)
    columns_.fit(i, cells[i]);
  rows_.push_back(std::move(cells));
}

/// The same table, with cells of so many characters at most.
text_table text_table::with_cells_of(size_t most) const {
  text_table result;
  result.columns_ = columns_.with_titles_only();
  for (auto cells : rows_) {
    for (auto& x : cells)
      x = shortened_in_middle(x, most);
    result.row(std::move(cells));
  }
  return result;
}

void text_table::write(std::ostream& out, size_t columns, size_t keys) const {
  if (rows_.empty())
    return;
  constexpr size_t least = 20;
  const auto most = std::max(columns / 2, least);
  if (columns > 0 && columns_.widest() > most)
    return with_cells_of(most).write(out, columns, keys);
  for (size_t from = keys; from == keys || from < columns_.count();) {
    const auto shown = columns == 0 ? columns_.all() : columns_.that_fit(columns, keys, from);
    if (from > keys)
      out << '\n';
    write_line(columns_.titles(shown), out);
    for (const auto& x : rows_)
      write_line(columns_.line(x, shown), out);
    from = shown.empty() ? columns_.count() : std::max(shown.back() + 1, keys + 1);
  }
}

} // namespace tandem::cli
