/// Floating-point numbers as bits, and back: every number is what it was, infinite or not a number included.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace tandem::compat {

/// An IEEE 754 number of 128 bits (binary128), which every long double of x86 and of ARM is one of.
struct quad_bits {
  uint64_t high = 0;
  uint64_t low = 0;

  friend bool operator==(const quad_bits&, const quad_bits&) = default;
};

/// Whether bits_of and from_bits know what a long double of this machine is made of.
inline constexpr bool knows_long_double
  = std::endian::native == std::endian::little
    && (std::numeric_limits<long double>::digits == 64 || std::numeric_limits<long double>::digits == 113);

inline uint32_t bits_of(float x) noexcept {
  return std::bit_cast<uint32_t>(x);
}

inline uint64_t bits_of(double x) noexcept {
  return std::bit_cast<uint64_t>(x);
}

inline quad_bits bits_of(long double x) noexcept {
  static_assert(sizeof(long double) <= 16);
  uint64_t words[2]{};
  std::memcpy(words, &x, sizeof x);
  if constexpr (std::numeric_limits<long double>::digits == 113)
    return {words[1], words[0]};
  // x87: a significand whose first bit is written out, then the sign and an exponent as wide as binary128's. Bytes
  // beyond those ten mean nothing.
  const uint64_t fraction = words[0] << 1 >> 1;
  uint64_t top = words[1] & 0xffff;
  if (words[0] != fraction && (top & 0x7fff) == 0)
    top |= 1; // a denormal number that has that bit is a normal one
  return {top << 48 | fraction >> 15, fraction << 49};
}

inline void from_bits(uint32_t bits, float& x) noexcept {
  x = std::bit_cast<float>(bits);
}

inline void from_bits(uint64_t bits, double& x) noexcept {
  x = std::bit_cast<double>(bits);
}

inline void from_bits(quad_bits bits, long double& x) noexcept {
  uint64_t words[2]{bits.low, bits.high};
  if constexpr (std::numeric_limits<long double>::digits != 113) {
    const uint64_t top = bits.high >> 48;
    uint64_t fraction = (bits.high << 16 >> 1) | bits.low >> 49;
    const uint64_t exponent = top & 0x7fff;
    if (exponent == 0x7fff && fraction == 0 && bits.low != 0)
      fraction = uint64_t{1} << 62; // what does not fit must not make an infinite number of what is none
    words[0] = fraction | (exponent == 0 ? 0 : uint64_t{1} << 63);
    words[1] = top;
  }
  std::memcpy(&x, words, sizeof x);
}

} // namespace tandem::compat
