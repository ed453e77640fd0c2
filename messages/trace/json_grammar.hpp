/// What simdjson leaves open: it looks no further into a value than one asks. Internal to the parser.
#pragma once

#include <string_view>

namespace tandem {

/// True if `text` is a JSON value that nlohmann::json would take. It is to be of a line that simdjson has indexed: that
/// sees to it that this is UTF-8 and that no control characters stand in its strings. Nothing recurses.
bool is_json_value(std::string_view text);

} // namespace tandem
