#include "flowing_table.hpp"

#include "text.hpp"

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

void flowing_table::write_titles() {
  write_line(columns.titles(), "", line_style::plain);
}

void flowing_table::write(const std::vector<std::string>& cells, std::string_view rest, line_style style) {
  write_line(columns.line(cells), rest, style);
}

void flowing_table::write_line(std::string line, std::string_view rest, line_style style) {
  const auto used = width_of(line);
  line += shortened(rest, options_.columns > used + narrowest_rest ? options_.columns - used : narrowest_rest);
  trim(line);
  if (options_.color)
    out_ << style_on(style) << line << style_off(style) << '\n';
  else
    out_ << line << '\n';
}

} // namespace tandem::cli
