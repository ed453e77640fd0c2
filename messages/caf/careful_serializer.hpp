/// Writes payloads with CAF 0.17: like its own binary_serializer, but every floating-point number as its IEEE 754 bits.
/// CAF computes the same bits for ordinary numbers, but loops for ever with infinity and NaN, and changes numbers that
/// are next to zero. One such number from a peer would be enough to hang a back that echoes. A long double is 128 bits;
/// CAF writes a text that it cannot read back if the number is infinite or none.
#pragma once

#include "float_bits.hpp"

#include <caf/binary_serializer.hpp>
#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <caf/serializer.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tandem::compat {

/// Appends to the bytes, which must outlive it. Not thread-safe.
class careful_serializer final : public caf::serializer {
public:
  careful_serializer(caf::actor_system& system, std::vector<char>& out) : serializer(system), out_(system, out) {
  }
  careful_serializer(caf::execution_unit* unit, std::vector<char>& out) : serializer(unit), out_(unit, out) {
  }

  caf::error begin_object(uint16_t& number, std::string& name) override {
    return out_.begin_object(number, name);
  }
  caf::error end_object() override {
    return out_.end_object();
  }
  caf::error begin_sequence(size_t& size) override {
    return out_.begin_sequence(size);
  }
  caf::error end_sequence() override {
    return out_.end_sequence();
  }
  caf::error apply_raw(size_t size, void* data) override {
    return out_.apply_raw(size, data);
  }

protected:
  // clang-format off
  caf::error apply_impl(int8_t& x) override { return out_.apply(x); }
  caf::error apply_impl(uint8_t& x) override { return out_.apply(x); }
  caf::error apply_impl(int16_t& x) override { return out_.apply(x); }
  caf::error apply_impl(uint16_t& x) override { return out_.apply(x); }
  caf::error apply_impl(int32_t& x) override { return out_.apply(x); }
  caf::error apply_impl(uint32_t& x) override { return out_.apply(x); }
  caf::error apply_impl(int64_t& x) override { return out_.apply(x); }
  caf::error apply_impl(uint64_t& x) override { return out_.apply(x); }
  caf::error apply_impl(float& x) override { return apply_bits<uint32_t>(x); }
  caf::error apply_impl(double& x) override { return apply_bits<uint64_t>(x); }
  caf::error apply_impl(long double& x) override { return apply_quad(x); }
  caf::error apply_impl(std::string& x) override { return out_.apply(x); }
  caf::error apply_impl(std::u16string& x) override { return out_.apply(x); }
  caf::error apply_impl(std::u32string& x) override { return out_.apply(x); }
  // clang-format on

private:
  template <class Bits, class Float>
  caf::error apply_bits(Float x) {
    auto bits = std::bit_cast<Bits>(x);
    return out_.apply(bits);
  }

  caf::error apply_quad(long double x) {
    if constexpr (!knows_long_double)
      return caf::sec::invalid_argument;
    auto bits = bits_of(x);
    return caf::error::eval([&] { return out_.apply(bits.high); }, [&] { return out_.apply(bits.low); });
  }

  caf::binary_serializer out_;
};

} // namespace tandem::compat
