/// Text of others for a log or a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tandem {

/// The character at the beginning of a text of UTF-8 that is not empty, and how many bytes it has; 0 and one byte, if
/// that begins none.
std::pair<uint32_t, size_t> first_character(std::string_view text);

/// Characters that nobody sees, or that turn the direction of writing, so that a text looks as another one; and the
/// separators that some programs take for the end of a line.
bool is_deceptive(uint32_t character) noexcept;

/// True if all of it can be seen and is ASCII, as nearly all texts are.
bool is_plain(std::string_view text) noexcept;

/// The text with a question mark for each control character, which ends a line or tells a terminal what to do, for each
/// that is deceptive, and for each byte that is not UTF-8. Characters of `kept` stay, such as tabs.
std::string without_controls(std::string_view text, std::string_view kept = {});

} // namespace tandem
