/// Text of others for a log or a terminal.
#pragma once

#include <cstddef>
#include <string>

namespace tandem {

/// The text with a question mark for each control character, those from U+0080 to U+009F included: they end lines, and
/// tell terminals what to do.
inline std::string without_controls(std::string text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f)
      text[i] = '?';
    else if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
      text.replace(i, 2, "?");
  }
  return text;
}

} // namespace tandem
