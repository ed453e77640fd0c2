/// Text of others for a log or a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem {

/// Characters that nobody sees, or that turn the direction of writing, so that a text looks as another one; and the
/// separators that some programs take for the end of a line.
bool is_deceptive(uint32_t character) noexcept;

/// The text with a question mark for each control character, which ends a line or tells a terminal what to do, for each
/// that is deceptive, and for each byte that is not UTF-8.
std::string without_controls(std::string_view text);

} // namespace tandem
