#include "json_stream.hpp"
#include "../hex.hpp"
#include "text.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace tandem {

namespace {

/// True for bytes that a JSON string holds as they are.
constexpr bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      hex::append(out, static_cast<unsigned char>(c), 2);
  }
}

/// Whether one of the eight bytes may be none that is_plain, or '<'; false only if there is none.
constexpr bool may_want_escape(uint64_t bytes) noexcept {
  constexpr uint64_t each = 0x0101010101010101;
  constexpr uint64_t high = 0x8080808080808080;
  const auto below = [bytes](uint64_t limit) { return (bytes - each * limit) & ~bytes & high; };
  const auto is = [bytes](char c) {
    const uint64_t x = bytes ^ each * static_cast<unsigned char>(c);
    return (x - each) & ~x & high;
  };
  return (below(0x20) | is('"') | is('\\') | is('<')) != 0;
}

/// `text` is UTF-8.
void append_string(std::string& out, std::string_view text, bool escape_less) {
  out += '"';
  size_t from = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    uint64_t next = 0;
    for (; text.size() - i > sizeof next; i += sizeof next)
      if (std::memcpy(&next, text.data() + i, sizeof next); may_want_escape(next))
        break;
    if (is_plain(text[i]) && !(escape_less && text[i] == '<'))
      continue;
    out.append(text, from, i - from);
    append_escaped(out, text[i]);
    from = i + 1;
  }
  out.append(text, from);
  out += '"';
}

} // namespace

void append_json_text(std::string& out, std::string_view text) {
  if (is_utf8(text))
    append_string(out, text, false);
  else
    out += R"({"base64":")" + to_base64(text) + "\"}";
}

json_stream& json_stream::value(std::string_view text) {
  before_value();
  if (is_utf8(text))
    append_string(out_, text, escape_less_);
  else
    append_string(out_, to_utf8(text), escape_less_);
  return *this;
}

json_stream& json_stream::value(bool truth) {
  return raw(truth ? "true" : "false");
}

json_stream& json_stream::value(double number) {
  before_value();
  char buffer[32];
  out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, std::isfinite(number) ? number : 0.0).ptr);
  return *this;
}

json_stream& json_stream::value(const operation_id& id) {
  before_value();
  out_ += '"';
  hex::append(out_, id.high, 16);
  hex::append(out_, id.low, 16);
  out_ += '"';
  return *this;
}

} // namespace tandem
