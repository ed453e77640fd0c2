/// Text for people, from sources that may put anything into it.
#pragma once

#include <string>
#include <string_view>

namespace tandem::cli {

/// The text on one line, with characters that could disturb a terminal escaped.
std::string printable(std::string_view text);

/// At most `columns` characters of UTF-8 text; "..." at the end if something was cut.
std::string shortened(std::string_view text, size_t columns);

/// The same, but "..." stands in the middle: for names, which differ at either end.
std::string shortened_in_middle(std::string_view text, size_t columns);

/// "  NAME    WHAT\n", for lists in help. `what` begins in column `column` and is wrapped at 100 columns.
std::string list_entry(std::string_view name, std::string_view what, size_t column);

/// How many characters UTF-8 text has; on most terminals that is its width.
size_t width_of(std::string_view text);

} // namespace tandem::cli
