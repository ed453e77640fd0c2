/// Writes JSON piece by piece, without a document in between: a recording must be quick, and exports are as long as
/// their traces.
#pragma once

#include "../operation_id.hpp"

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace tandem {

/// Appends a JSON string; or, if `text` is not UTF-8, {"base64": "..."}, as text_to_json does.
void append_json_text(std::string& out, std::string_view text);

/// Appends to a string; puts commas where they belong.
///
///     json_stream json{out};
///     json.open('{').member("name", "echo").key("numbers").open('[').value(1).value(2).close(']').close('}');
class json_stream {
public:
  /// `escape_less`: "<" is written as \u003c, so that the text can stand in a page's script element.
  explicit json_stream(std::string& out, bool escape_less = false) : out_(out), escape_less_(escape_less) {
  }

  json_stream& open(char bracket) {
    before_value();
    out_ += bracket;
    wants_comma_ = false;
    return *this;
  }

  json_stream& close(char bracket) {
    out_ += bracket;
    wants_comma_ = true;
    return *this;
  }

  /// `name` needs no escapes.
  json_stream& key(std::string_view name) {
    word(name);
    out_ += ':';
    wants_comma_ = false;
    return *this;
  }

  /// A string; bytes that are not UTF-8 are replaced.
  json_stream& value(std::string_view text);
  json_stream& value(const char* text) {
    return value(std::string_view{text});
  }

  template <std::integral T>
  json_stream& value(T number) {
    before_value();
    char buffer[24];
    out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
    return *this;
  }
  json_stream& value(bool truth);
  json_stream& value(double number);
  json_stream& value(const operation_id& id);

  /// A string that needs no escapes.
  json_stream& word(std::string_view text) {
    before_value();
    out_ += '"';
    out_ += text;
    out_ += '"';
    return *this;
  }

  /// As append_json_text does: bytes survive.
  json_stream& text(std::string_view text) {
    before_value();
    append_json_text(out_, text);
    return *this;
  }

  /// JSON as it is; it is not checked.
  json_stream& raw(std::string_view json) {
    before_value();
    out_ += json;
    return *this;
  }

  /// key() and value().
  template <class T>
  json_stream& member(std::string_view name, const T& x) {
    return key(name).value(x);
  }

  json_stream& member_unless_empty(std::string_view name, std::string_view text) {
    return text.empty() ? *this : key(name).value(text);
  }

private:
  void before_value() {
    if (wants_comma_)
      out_ += ',';
    wants_comma_ = true;
  }

  std::string& out_;
  bool escape_less_;
  bool wants_comma_ = false;
};

} // namespace tandem
