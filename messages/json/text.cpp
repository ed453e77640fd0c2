#include "text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace tandem {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of a character that may follow its first one.
struct utf8_tail {
  int length;     ///< how many bytes follow; -1 if the first byte begins no character
  uint8_t lowest; ///< the range of the second byte, which excludes overlong forms, surrogates and too high numbers
  uint8_t highest;
};

constexpr utf8_tail tail_of(uint8_t first) noexcept {
  if (first < 0x80)
    return {0, 0, 0};
  if (first >= 0xc2 && first <= 0xdf)
    return {1, 0x80, 0xbf};
  if (first >= 0xe0 && first <= 0xef)
    return {2, first == 0xe0 ? uint8_t{0xa0} : uint8_t{0x80}, first == 0xed ? uint8_t{0x9f} : uint8_t{0xbf}};
  if (first >= 0xf0 && first <= 0xf4)
    return {3, first == 0xf0 ? uint8_t{0x90} : uint8_t{0x80}, first == 0xf4 ? uint8_t{0x8f} : uint8_t{0xbf}};
  return {-1, 0, 0};
}

constexpr size_t longest_excerpt = 60;

/// Goes no further than what is shown: values from outside may be huge, or nested so deeply that nlohmann's recursive
/// dump would run out of stack.
void append_excerpt(std::string& out, const nlohmann::json& value, int depth) {
  if (out.size() > longest_excerpt)
    return;
  if (value.is_string()) {
    out += to_line(std::string{beginning_of(value.get_ref<const std::string&>(), longest_excerpt + 4)});
    return;
  }
  if (!value.is_structured()) {
    out += to_line(value);
    return;
  }
  const bool is_array = value.is_array();
  out += is_array ? '[' : '{';
  if (depth == 0) {
    out += "...";
  } else {
    bool first = true;
    for (const auto& [name, element] : value.items()) {
      if (out.size() > longest_excerpt)
        return;
      if (!std::exchange(first, false))
        out += ',';
      if (!is_array)
        out += to_line(name) + ':';
      append_excerpt(out, element, depth - 1);
    }
  }
  out += is_array ? ']' : '}';
}

} // namespace

bool json_reading::fail(std::string what) {
  problem = std::move(what);
  return false;
}

bool json_reading::expected(std::string_view wanted, const nlohmann::json& got) {
  return fail("expected " + std::string{wanted} + ", got " + excerpt(got));
}

bool json_reading::in_field(std::string_view name) {
  const bool joins = !path.empty() && path.front() != '[';
  path = std::string{name} + (joins ? "." : "") + path;
  return false;
}

bool json_reading::in_element(size_t index) {
  return in_field("[" + std::to_string(index) + "]");
}

std::string json_reading::text() const {
  return path.empty() ? problem : path + ": " + problem;
}

std::string_view beginning_of(std::string_view text, size_t bytes) noexcept {
  size_t end = std::min(text.size(), bytes);
  while (end > 0 && end < text.size() && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

bool is_utf8(std::string_view text) noexcept {
  for (size_t i = 0; i < text.size();) {
    uint64_t ascii = 0;
    for (; text.size() - i >= sizeof ascii; i += sizeof ascii)
      if (std::memcpy(&ascii, text.data() + i, sizeof ascii); (ascii & 0x8080808080808080) != 0)
        break;
    if (i == text.size())
      break;
    const auto tail = tail_of(static_cast<uint8_t>(text[i++]));
    if (tail.length < 0 || text.size() - i < static_cast<size_t>(tail.length))
      return false;
    for (int k = 0; k < tail.length; ++k) {
      const auto byte = static_cast<uint8_t>(text[i++]);
      if (byte < (k == 0 ? tail.lowest : 0x80) || byte > (k == 0 ? tail.highest : 0xbf))
        return false;
    }
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  return nlohmann::json::parse(to_line(nlohmann::json(text))).get<std::string>();
}

std::string to_base64(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0u);
    const size_t digits = std::min<size_t>(bytes.size() - i, 3) + 1;
    for (size_t k = 0; k < 4; ++k)
      result += k < digits ? alphabet[group >> (18 - 6 * k) & 0x3f] : '=';
  }
  return result;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
    ++padding;
  std::string result;
  uint32_t group = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool pad = i >= text.size() - padding;
    const size_t digit = pad ? 0 : alphabet.find(text[i]);
    if (digit == std::string_view::npos)
      return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(digit);
    if (i % 4 == 3) {
      for (int shift : {16, 8, 0})
        result += static_cast<char>(group >> shift & 0xff);
      group = 0;
    }
  }
  result.resize(result.size() - padding);
  return result;
}

nlohmann::json text_to_json(std::string_view text) {
  if (is_utf8(text))
    return text;
  return {{"base64", to_base64(text)}};
}

bool text_from_json(const nlohmann::json& in, std::string& text, json_reading& reading) {
  if (in.is_string()) {
    text = in.get_ref<const std::string&>();
    return true;
  }
  if (!in.is_object() || !in.contains("base64"))
    return reading.expected("a string, or {\"base64\": ...}", in);
  const auto& encoded = in["base64"];
  auto bytes = encoded.is_string() ? from_base64(encoded.get_ref<const std::string&>()) : std::nullopt;
  if (!bytes) {
    reading.expected("base 64", encoded);
    return reading.in_field("base64");
  }
  text = std::move(*bytes);
  return true;
}

std::string excerpt(const nlohmann::json& value) {
  std::string result;
  append_excerpt(result, value, 4);
  return result.size() > longest_excerpt ? std::string{beginning_of(result, longest_excerpt)} + "..." : result;
}

std::string to_line(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace tandem
