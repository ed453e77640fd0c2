/// The base of all of Tandem's JSON: strings of any bytes, and how reading says what is wrong and where.
#pragma once

#include <nlohmann/json.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

/// What to do with a payload whose type this process cannot read from JSON.
enum class unknown_types {
  refuse, ///< an error that names the type
  opaque, ///< an opaque_payload in its place, so that the values around it can be read
};

/// The state of reading one JSON document: how it is to be read, and the first thing that was wrong.
struct json_reading {
  unknown_types unknown = unknown_types::refuse;
  std::string path;    ///< the wrong place: "payload.value[2]"; empty for the document itself
  std::string problem; ///< the fault there
  int depth = 0;       ///< of nested values, so that hostile input cannot exhaust the stack

  static constexpr int maximum_depth = 200;

  /// Both return false, so that a reader can `return reading.fail(...)`.
  bool fail(std::string what);
  bool expected(std::string_view wanted, const nlohmann::json& got);

  /// Prepends a step to the path of what went wrong; callers do this on their way out. They return false too.
  bool in_field(std::string_view name);
  bool in_element(size_t index);

  /// "path: problem".
  std::string text() const;
};

/// True if `text` is well-formed UTF-8, which is all that a JSON string can hold.
bool is_utf8(std::string_view text) noexcept;

/// The text, with a replacement character for every byte sequence that is not UTF-8.
std::string to_utf8(std::string_view text);

/// At most `bytes` bytes of UTF-8 text, cut between characters.
std::string_view beginning_of(std::string_view text, size_t bytes) noexcept;

/// Base 64 with padding, RFC 4648.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

/// A JSON string; or, if `text` is not UTF-8, {"base64": "..."}: bytes survive.
nlohmann::json text_to_json(std::string_view text);

/// Reads the JSON of text_to_json.
bool text_from_json(const nlohmann::json& in, std::string& text, json_reading& reading);

/// A short rendering of a value for messages.
std::string excerpt(const nlohmann::json& value);

/// The document on one line. Does not throw for bytes that are not UTF-8, which a customer's own to_json may have put
/// into a string: it replaces them.
std::string to_line(const nlohmann::json& value);

/// The same with members in the order in which they were put in. A template, so that no string converts to both.
template <std::same_as<nlohmann::ordered_json> Json>
std::string to_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace tandem
