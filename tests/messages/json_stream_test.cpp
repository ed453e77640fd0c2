/// JSON that is written piece by piece: which bytes of a text are escaped, wherever they stand.
#include "../../messages/json/json_stream.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

using namespace tandem;

namespace {

/// The text as JSON, and what stands for `c` in it.
std::string_view escape_in(const std::string& json, size_t before, size_t after) {
  return std::string_view{json}.substr(1 + before, json.size() - 2 - before - after);
}

} // namespace

TEST_CASE("json stream: a character of a text is escaped if it has to be, wherever it stands") {
  for (size_t length = 1; length <= 20; ++length)
    for (size_t at = 0; at < length; ++at)
      for (int c = 0; c < 0x80; ++c) {
        std::string text(length, 'x');
        text[at] = static_cast<char>(c);
        std::string written;
        append_json_text(written, text);
        REQUIRE(nlohmann::json::parse(written) == text);
        const auto escape = escape_in(written, at, length - at - 1);
        REQUIRE((escape.size() > 1) == (c < 0x20 || c == '"' || c == '\\'));
        std::string in_page;
        json_stream{in_page, true}.value(text);
        REQUIRE(nlohmann::json::parse(in_page) == text);
        REQUIRE(in_page.find('<') == std::string::npos);
      }
}

TEST_CASE("json stream: characters of several bytes stay as they are") {
  for (const auto* text : {"é", "日本語の文字列です", "a text, then 𝄞 and \" and more"}) {
    std::string written;
    append_json_text(written, text);
    CHECK(nlohmann::json::parse(written) == text);
    CHECK(written.find("\\u") == std::string::npos);
  }
}
