#include "text.hpp"

#include "../../messages/json/text.hpp"

#include <array>
#include <cstdio>

namespace tandem::cli {

namespace {

constexpr bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// Delete, and the control characters from U+0080 to U+009F, which JSON leaves alone and terminals obey.
void replace_controls(std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x7f')
      text[i] = '?';
    else if (text[i] == '\xc2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
      text.replace(i, 2, "?");
  }
}

} // namespace

std::string printable(std::string_view text) {
  // What is not UTF-8 is shown as far as it is.
  auto result = to_line(nlohmann::json(std::string{text}));
  result = result.substr(1, result.size() - 2);
  replace_controls(result);
  for (size_t i = 0; i + 1 < result.size(); ++i) // a quote needs no escape outside of JSON
    if (result[i] == '\\' && result[i + 1] == '"')
      result.erase(i, 1);
    else if (result[i] == '\\')
      ++i;
  return result;
}

size_t width_of(std::string_view text) {
  size_t result = 0;
  for (char c : text)
    result += begins_character(c) ? 1 : 0;
  return result;
}

std::string shortened(std::string_view text, size_t columns) {
  constexpr std::string_view mark = "...";
  if (width_of(text) <= columns)
    return std::string{text};
  const size_t kept = columns > mark.size() ? columns - mark.size() : 0;
  size_t characters = 0;
  size_t end = 0;
  while (end < text.size() && (characters < kept || !begins_character(text[end])))
    characters += begins_character(text[end++]) ? 1 : 0;
  if (kept == 0)
    end = 0;
  return std::string{text.substr(0, end)}.append(mark.substr(0, columns));
}

std::string write_size(double bytes) {
  constexpr std::array<const char*, 4> units{"KiB", "MiB", "GiB", "TiB"};
  char buffer[48];
  if (bytes < 1024) {
    std::snprintf(buffer, sizeof buffer, "%.0f bytes", bytes);
    return buffer;
  }
  size_t unit = 0;
  for (bytes /= 1024; bytes >= 1024 && unit + 1 < units.size(); ++unit)
    bytes /= 1024;
  std::snprintf(buffer, sizeof buffer, "%.1f %s", bytes, units[unit]);
  return buffer;
}

} // namespace tandem::cli
