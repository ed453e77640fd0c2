/// Numbers as bytes, most significant first, as all formats of ours have them.
///
///     char bytes[8];
///     put_big_endian(bytes, 42);
///     big_endian<8>(bytes); // 42
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace tandem {

/// Writes the lowest `bytes` bytes of `x` to `out`; returns where the next byte goes.
template <class Out>
Out put_big_endian(Out out, uint64_t x, int bytes = 8) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    *out++ = static_cast<char>(x >> shift);
  return out;
}

/// The number that so many bytes are. One expression, of which compilers make one load.
template <size_t Bytes>
uint64_t big_endian(const char* in) {
  return [in]<size_t... I>(std::index_sequence<I...>) {
    return (uint64_t{0} | ... | (uint64_t{static_cast<uint8_t>(in[I])} << (8 * (Bytes - 1 - I))));
  }
  (std::make_index_sequence<Bytes>{});
}

} // namespace tandem
