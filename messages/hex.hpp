/// Hexadecimal digits, for ids.
#pragma once

#include <cstdint>
#include <string>

namespace tandem::hex {

inline void append(std::string& out, uint64_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(value >> shift) & 0xf];
}

/// The value of one digit; -1 if `c` is not a digit.
inline int value_of(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

} // namespace tandem::hex
