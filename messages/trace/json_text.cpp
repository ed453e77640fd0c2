#include "json_text.hpp"
#include "../hex.hpp"
#include "../json/text.hpp"

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

} // namespace

void append_json_text(std::string& out, std::string_view text) {
  if (!is_utf8(text)) {
    out += R"({"base64":")" + to_base64(text) + "\"}";
    return;
  }
  out += '"';
  size_t from = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text[i]))
      continue;
    out.append(text, from, i - from);
    append_escaped(out, text[i]);
    from = i + 1;
  }
  out.append(text, from);
  out += '"';
}

} // namespace tandem
