#include "json_writer.hpp"

#include "../../messages/json/text.hpp"

#include <charconv>
#include <cmath>

namespace tandem::cli {

void json_writer::before_value() {
  if (wants_comma_)
    out_ += ',';
  wants_comma_ = true;
}

json_writer& json_writer::open(char bracket) {
  before_value();
  out_ += bracket;
  wants_comma_ = false;
  return *this;
}

json_writer& json_writer::close(char bracket) {
  out_ += bracket;
  wants_comma_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  value(name);
  out_ += ':';
  wants_comma_ = false;
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  const auto plain = [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '<'; };
  before_value();
  size_t good = 0;
  while (good < text.size() && plain(text[good]))
    ++good;
  if (good == text.size()) {
    out_.append(1, '"').append(text).append(1, '"');
    return *this;
  }
  const auto json = to_line(nlohmann::json(std::string{text}));
  if (!escape_less_) {
    out_ += json;
    return *this;
  }
  for (char c : json)
    if (c == '<')
      out_ += "\\u003c";
    else
      out_ += c;
  return *this;
}

json_writer& json_writer::value(int64_t number) {
  before_value();
  out_ += std::to_string(number);
  return *this;
}

json_writer& json_writer::value(uint64_t number) {
  before_value();
  out_ += std::to_string(number);
  return *this;
}

json_writer& json_writer::value(bool truth) {
  before_value();
  out_ += truth ? "true" : "false";
  return *this;
}

json_writer& json_writer::value(double number) {
  before_value();
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::isfinite(number) ? number : 0.0).ptr;
  out_.append(buffer, end);
  return *this;
}

json_writer& json_writer::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

} // namespace tandem::cli
