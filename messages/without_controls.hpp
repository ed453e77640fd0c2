/// Text of others for a log or a terminal.
#pragma once

#include <string>
#include <string_view>

namespace tandem {

/// The text with a question mark for each character that ends a line, tells a terminal what to do, changes the
/// direction of writing, or cannot be seen, and for each byte that is not UTF-8.
std::string without_controls(std::string_view text);

} // namespace tandem
