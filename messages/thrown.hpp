/// What exceptions say, for details and logs. Customer code may throw anything.
#pragma once

#include <string>

namespace tandem {

/// In a catch block: what the exception says, never nothing: "an exception whose what() is empty" (or "null"), or
/// "something that is not a std::exception". Any thread.
std::string thrown_text();

} // namespace tandem
