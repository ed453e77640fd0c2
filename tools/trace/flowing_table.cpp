#include "flowing_table.hpp"

#include "../cli/text.hpp"

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

/// Less is no preview.
constexpr size_t narrowest_rest = 20;

} // namespace

std::string_view style_on(line_style style) noexcept {
  constexpr std::string_view sequences[] = {"", "\033[2m", "\033[32m", "\033[31m", "\033[1m"};
  return sequences[static_cast<size_t>(style)];
}

std::string_view style_off(line_style style) noexcept {
  return style == line_style::plain ? "" : "\033[0m";
}

void flowing_table::column(std::string title, align a, size_t width) {
  width = std::max(width, width_of(title));
  columns_.push_back({std::move(title), a, width});
}

void flowing_table::fit(size_t column, std::string_view cell) {
  columns_[column].width = std::max(columns_[column].width, width_of(cell));
}

void flowing_table::write_titles() {
  std::vector<std::string> titles;
  for (const auto& x : columns_)
    titles.push_back(x.title);
  write(titles, "");
}

void flowing_table::write(const std::vector<std::string>& cells, std::string_view rest, line_style style) {
  line_.clear();
  for (size_t i = 0; i < columns_.size(); ++i) {
    const size_t wide = width_of(cells[i]);
    const size_t space = columns_[i].width > wide ? columns_[i].width - wide : 0;
    if (columns_[i].alignment == align::right)
      line_.append(space, ' ').append(cells[i]);
    else
      line_.append(cells[i]).append(space, ' ');
    line_ += "  ";
  }
  const auto used = width_of(line_);
  line_ += shortened(rest, options_.columns > used + narrowest_rest ? options_.columns - used : narrowest_rest);
  line_.erase(line_.find_last_not_of(' ') + 1);
  if (options_.color)
    out_ << style_on(style) << line_ << style_off(style) << '\n';
  else
    out_ << line_ << '\n';
}

} // namespace tandem::cli
