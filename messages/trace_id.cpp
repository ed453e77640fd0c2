#include "trace_id.hpp"
#include "hex.hpp"
#include "operation_id.hpp"

namespace tandem {

namespace {

bool dash_before(size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

} // namespace

trace_id trace_id::make() {
  trace_id result;
  for (size_t half = 0; half < 2; ++half) {
    const uint64_t bits = random_bits();
    for (size_t i = 0; i < 8; ++i)
      result.bytes[half * 8 + i] = static_cast<uint8_t>(bits >> (i * 8));
  }
  result.bytes[6] = static_cast<uint8_t>((result.bytes[6] & 0x0f) | 0x40);
  result.bytes[8] = static_cast<uint8_t>((result.bytes[8] & 0x3f) | 0x80);
  return result;
}

std::string to_string(const trace_id& id) {
  std::string result;
  result.reserve(36);
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    if (dash_before(i))
      result += '-';
    hex::append(result, id.bytes[i], 2);
  }
  return result;
}

std::optional<trace_id> parse_trace_id(std::string_view text) {
  if (text.size() != 36)
    return std::nullopt;
  trace_id result;
  size_t position = 0;
  for (size_t i = 0; i < result.bytes.size(); ++i) {
    if (dash_before(i) && text[position++] != '-')
      return std::nullopt;
    const int high = hex::value_of(text[position]);
    const int low = hex::value_of(text[position + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result.bytes[i] = static_cast<uint8_t>(high << 4 | low);
    position += 2;
  }
  return result;
}

} // namespace tandem
