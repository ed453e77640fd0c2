/// Texts as the lines of a trace have them.
#pragma once

#include <string>
#include <string_view>

namespace tandem {

/// Appends a JSON string; or, if `text` is not UTF-8, {"base64": "..."}, as text_to_json does.
void append_json_text(std::string& out, std::string_view text);

} // namespace tandem
