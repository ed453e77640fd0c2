/// Writes payloads with a release of CAF 1.x: like its own binary_serializer, but every floating-point number as its
/// IEEE 754 bits. CAF changes numbers that are next to zero or no number, and has a text for a long double that it
/// cannot read back if the number is infinite.
#pragma once

#include "version.hpp"

#if !TANDEM_CAF_17

#  include "float_bits.hpp"

#  include <caf/actor_system.hpp>
#  include <caf/binary_serializer.hpp>
#  include <caf/sec.hpp>
#  include <caf/serializer.hpp>
#  include <caf/span.hpp>

#  include <cstddef>
#  include <cstdint>
#  include <string>
#  include <string_view>
#  include <vector>

namespace tandem::compat {

/// Appends to the bytes, which must outlive it. Not thread-safe.
class exact_serializer final : public caf::serializer {
public:
  explicit exact_serializer(caf::byte_buffer& out) : out_(out) {
  }
  exact_serializer(caf::actor_system& system, caf::byte_buffer& out) : serializer(system), out_(system, out) {
  }

  using serializer::list;
  using serializer::value;

  // clang-format off
  bool begin_object(caf::type_id_t, std::string_view) override { return true; }
  bool end_object() override { return true; }
  bool begin_field(std::string_view) override { return true; }
  bool begin_field(std::string_view name, bool is_present) override { return out_.begin_field(name, is_present); }
  bool begin_field(std::string_view name, caf::span<const caf::type_id_t> types, size_t index) override {
    return out_.begin_field(name, types, index);
  }
  bool begin_field(std::string_view name, bool is_present, caf::span<const caf::type_id_t> types,
                   size_t index) override {
    return out_.begin_field(name, is_present, types, index);
  }
  bool end_field() override { return true; }
  bool begin_tuple(size_t) override { return true; }
  bool end_tuple() override { return true; }
  bool begin_sequence(size_t size) override { return out_.begin_sequence(size); }
  bool end_sequence() override { return true; }
  bool value(std::byte x) override { return out_.value(x); }
  bool value(bool x) override { return out_.value(x); }
  bool value(int8_t x) override { return out_.value(x); }
  bool value(uint8_t x) override { return out_.value(x); }
  bool value(int16_t x) override { return out_.value(x); }
  bool value(uint16_t x) override { return out_.value(x); }
  bool value(int32_t x) override { return out_.value(x); }
  bool value(uint32_t x) override { return out_.value(x); }
  bool value(int64_t x) override { return out_.value(x); }
  bool value(uint64_t x) override { return out_.value(x); }
  bool value(float x) override { return out_.value(bits_of(x)); }
  bool value(double x) override { return out_.value(bits_of(x)); }
  bool value(long double x) override { return write_quad(x); }
  bool value(std::string_view x) override { return out_.value(x); }
  bool value(const std::u16string& x) override { return out_.value(x); }
  bool value(const std::u32string& x) override { return out_.value(x); }
  bool value(caf::span<const std::byte> x) override { return out_.value(x); }
  bool list(const std::vector<bool>& x) override { return out_.value(x); }
  // clang-format on

private:
  bool write_quad(long double x) {
    if constexpr (!knows_long_double) {
      emplace_error(caf::sec::unsupported_operation, "a long double of an unknown format");
      return false;
    }
    const auto bits = bits_of(x);
    return out_.value(bits.high) && out_.value(bits.low);
  }

  caf::binary_serializer out_;
};

} // namespace tandem::compat

#endif // CAF 1.x
