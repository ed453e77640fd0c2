#include "text.hpp"

#include "../../messages/json/text.hpp"
#include "../../messages/without_controls.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::cli {

namespace {

constexpr bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

constexpr std::string_view cut_mark = "...";

/// Where the first `count` characters end, in bytes.
size_t end_of_characters(std::string_view text, size_t count) {
  size_t end = 0;
  size_t characters = 0;
  while (count > 0 && end < text.size() && (characters < count || !begins_character(text[end])))
    characters += begins_character(text[end++]) ? 1 : 0;
  return end;
}

/// Of valid UTF-8, as JSON writes them.
std::string with_deceptive_escaped(std::string_view text) {
  if (is_plain(text))
    return std::string{text};
  std::string result;
  while (!text.empty()) {
    const auto [code, size] = first_character(text);
    if (!is_deceptive(code))
      result += text.substr(0, size);
    else if (code < 0x10000)
      result += fmt::format("\\u{:04x}", code);
    else
      result += fmt::format("\\u{:04x}\\u{:04x}", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    text.remove_prefix(size);
  }
  return result;
}

} // namespace

std::string printable(std::string_view text) {
  if (is_plain(text) && text.find('\\') == std::string_view::npos)
    return std::string{text}; // as nearly all are
  // Bytes that are not UTF-8 are replaced.
  auto result = to_line(nlohmann::json(std::string{text}));
  // Controls that JSON leaves alone go.
  result = without_controls(with_deceptive_escaped(result.substr(1, result.size() - 2)));
  for (size_t i = 0; i + 1 < result.size(); ++i) // a quote needs no escape outside of JSON
    if (result[i] == '\\' && result[i + 1] == '"')
      result.erase(i, 1);
    else if (result[i] == '\\')
      ++i;
  return result;
}

std::string list_entry(std::string_view name, std::string_view what, size_t column) {
  constexpr size_t widest = 100;
  auto result = fmt::format("  {:<{}}", name, column - 2);
  if (name.size() + 3 > column) // nothing would stand between them
    result.append("\n").append(column, ' ');
  size_t at = column;
  for (size_t begin = 0; begin < what.size();) {
    const auto end = std::min(what.find(' ', begin), what.size());
    if (at > column && at + 1 + end - begin > widest) {
      result.append("\n").append(column, ' ');
      at = column;
    } else if (begin > 0) {
      result += ' ';
      ++at;
    }
    result += what.substr(begin, end - begin);
    at += end - begin;
    begin = end + 1;
  }
  return result + "\n";
}

size_t width_of(std::string_view text) {
  size_t result = 0;
  for (char c : text)
    result += begins_character(c) ? 1 : 0;
  return result;
}

std::string shortened(std::string_view text, size_t columns) {
  if (width_of(text) <= columns)
    return std::string{text};
  const size_t kept = columns > cut_mark.size() ? columns - cut_mark.size() : 0;
  return std::string{text.substr(0, end_of_characters(text, kept))}.append(cut_mark.substr(0, columns));
}

std::string shortened_in_middle(std::string_view text, size_t columns) {
  const size_t width = width_of(text);
  if (width <= columns || columns <= cut_mark.size())
    return shortened(text, columns);
  const size_t kept = columns - cut_mark.size();
  const size_t last = kept / 2;
  return std::string{text.substr(0, end_of_characters(text, kept - last))}.append(cut_mark).append(
    text.substr(end_of_characters(text, width - last)));
}

} // namespace tandem::cli
