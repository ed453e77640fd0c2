#include "operation_id.hpp"
#include "hex.hpp"

#include <random>

namespace tandem {

std::string to_string(const operation_id& id) {
  std::string result;
  result.reserve(32);
  hex::append(result, id.high, 16);
  hex::append(result, id.low, 16);
  return result;
}

std::optional<operation_id> parse_operation_id(std::string_view text) {
  if (text.size() != 32)
    return std::nullopt;
  operation_id result;
  for (size_t i = 0; i < 32; ++i) {
    const int digit = hex::value_of(text[i]);
    if (digit < 0)
      return std::nullopt;
    uint64_t& half = i < 16 ? result.high : result.low;
    half = half << 4 | static_cast<uint64_t>(digit);
  }
  return result;
}

uint64_t random_bits() {
  std::random_device source;
  return static_cast<uint64_t>(source()) << 32 | source();
}

const uint64_t hash_secret = random_bits();

} // namespace tandem
