#include "without_controls.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace tandem {

namespace {

bool is_control(uint32_t x) noexcept {
  return x < 0x20 || (x >= 0x7f && x < 0xa0);
}

} // namespace

std::pair<uint32_t, size_t> first_character(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80)
    return {lead, 1};
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
    return {0, 1};
  uint32_t result = lead & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {0, 1};
    result = result << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::array<uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = result >= 0xd800 && result < 0xe000;
  return result < least[size] || is_surrogate || result > 0x10ffff ? std::pair{0u, size_t{1}} : std::pair{result, size};
}

bool is_deceptive(uint32_t character) noexcept {
  constexpr std::pair<uint32_t, uint32_t> ranges[]
    = {{0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},   {0x115f, 0x1160},   {0x17b4, 0x17b5},
       {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0x3164, 0x3164},
       {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [character](const auto& x) { return x.first <= character && character <= x.second; });
}

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string without_controls(std::string_view text, std::string_view kept) {
  if (is_plain(text))
    return std::string{text};
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto [character, size] = first_character(text);
    if ((is_control(character) || is_deceptive(character)) && kept.find(text.front()) == std::string_view::npos)
      result += '?';
    else
      result += text.substr(0, size);
    text.remove_prefix(size);
  }
  return result;
}

} // namespace tandem
