/// Reads another node's bytes with CAF 0.17: like its own binary_deserializer, but it believes a length only if the
/// rest of the bytes can hold it. CAF by itself sets aside, and fills with zeros, up to 4 GiB for a vector of bytes
/// before it looks whether they are there.
#pragma once

#include "float_bits.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/deserializer.hpp>
#include <caf/execution_unit.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::compat {

/// The bytes must outlive it. Not thread-safe.
class careful_deserializer final : public caf::deserializer {
public:
  careful_deserializer(caf::execution_unit* unit, std::string_view in)
    : deserializer(unit), in_(unit, in.data(), in.size()) {
  }

  size_t remaining() const {
    return in_.remaining();
  }

  /// True once a length was more than the bytes can hold.
  bool is_overstated() const {
    return overstated_;
  }

  caf::error begin_object(uint16_t& number, std::string& name) override {
    return in_.begin_object(number, name);
  }
  caf::error end_object() override {
    return in_.end_object();
  }
  caf::error begin_sequence(size_t& size) override {
    if (auto error = in_.begin_sequence(size))
      return error;
    overstated_ = overstated_ || size > std::max(always_believed, most_per_byte * remaining());
    return overstated_ ? caf::error{caf::sec::end_of_stream} : caf::error{};
  }
  caf::error end_sequence() override {
    return in_.end_sequence();
  }
  caf::error apply_raw(size_t size, void* data) override {
    return in_.apply_raw(size, data);
  }

protected:
  // clang-format off
  caf::error apply_impl(int8_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint8_t& x) override { return in_.apply(x); }
  caf::error apply_impl(int16_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint16_t& x) override { return in_.apply(x); }
  caf::error apply_impl(int32_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint32_t& x) override { return in_.apply(x); }
  caf::error apply_impl(int64_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint64_t& x) override { return in_.apply(x); }
  caf::error apply_impl(float& x) override { return apply_bits<uint32_t>(x); }
  caf::error apply_impl(double& x) override { return apply_bits<uint64_t>(x); }
  caf::error apply_impl(long double& x) override { return apply_quad(x); }
  caf::error apply_impl(std::string& x) override { return in_.apply(x); }
  caf::error apply_impl(std::u16string& x) override { return in_.apply(x); }
  caf::error apply_impl(std::u32string& x) override { return in_.apply(x); }
  // clang-format on

private:
  /// CAF's own way changes the numbers that careful_serializer.hpp is about.
  template <class Bits, class Float>
  caf::error apply_bits(Float& x) {
    Bits bits = 0;
    auto error = in_.apply(bits);
    x = std::bit_cast<Float>(bits);
    return error;
  }

  caf::error apply_quad(long double& x) {
    if constexpr (!knows_long_double)
      return caf::sec::invalid_argument;
    quad_bits bits;
    auto error = caf::error::eval([&] { return in_.apply(bits.high); }, [&] { return in_.apply(bits.low); });
    from_bits(bits, x);
    return error;
  }

  static constexpr size_t most_per_byte = 8;                 // as in a vector of bool
  static constexpr size_t always_believed = size_t{1} << 20; // elements may have no bytes at all

  caf::binary_deserializer in_;
  bool overstated_ = false;
};

} // namespace tandem::compat
