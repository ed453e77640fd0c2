/// Ids of 64 bits that are made from others, the same in every run and at every node.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace tandem::cli {

/// Every bit of the result depends on every bit of `x` (the finalizer of SplitMix64); no two are the same.
constexpr uint64_t mixed_bits(uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ x >> 27) * 0x94d049bb133111ebull;
  return x ^ x >> 31;
}

/// 16 hexadecimal digits.
inline std::string to_hex(uint64_t x) {
  return fmt::format("{:016x}", x);
}

} // namespace tandem::cli
