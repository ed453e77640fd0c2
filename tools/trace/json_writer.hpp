/// JSON that is written as it comes, without a document in between: exports are as long as their traces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::cli {

/// Appends to a string; commas are put where they belong. Text that is not UTF-8 is written as far as it is.
///
///     json_writer json{out};
///     json.open('{').key("name").value("echo").key("numbers").open('[').value(1).value(2).close(']').close('}');
class json_writer {
public:
  /// `escape_less`: "<" is written as \u003c, so that the text can stand in a page's script element.
  explicit json_writer(std::string& out, bool escape_less = false) : out_(out), escape_less_(escape_less) {
  }

  json_writer& open(char bracket);
  json_writer& close(char bracket);
  json_writer& key(std::string_view name);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) {
    return value(std::string_view{text});
  }
  json_writer& value(int64_t number);
  json_writer& value(uint64_t number);
  json_writer& value(int number) {
    return value(static_cast<int64_t>(number));
  }
  json_writer& value(bool truth);
  json_writer& value(double number);

  /// JSON as it is; nothing is looked at.
  json_writer& raw(std::string_view json);

  /// key() and value().
  template <class T>
  json_writer& member(std::string_view name, const T& x) {
    return key(name).value(x);
  }

private:
  void before_value();

  std::string& out_;
  bool escape_less_;
  bool wants_comma_ = false;
};

} // namespace tandem::cli
