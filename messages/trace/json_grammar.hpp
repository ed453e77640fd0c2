/// What simdjson leaves open: it looks no further into a value than one asks. Internal to the parser.
#pragma once

#include <string_view>

namespace tandem {

/// True if `text` is a JSON value that nlohmann::json would take. Of a text that simdjson has indexed: that it is UTF-8,
/// and that no control characters stand in its strings, is known. Memory grows with the depth; nothing recurses.
bool is_json_value(std::string_view text);

} // namespace tandem
