/// Reads payloads with a release of CAF 1.x: like its own binary_deserializer, but every floating-point number as its
/// IEEE 754 bits. CAF changes numbers that are next to zero or no number, and has a text for a long double that it
/// cannot read back if the number is infinite.
#pragma once

#include "version.hpp"

#if !TANDEM_CAF_17

#  include "float_bits.hpp"

#  include <caf/actor_system.hpp>
#  include <caf/binary_deserializer.hpp>
#  include <caf/deserializer.hpp>
#  include <caf/sec.hpp>
#  include <caf/span.hpp>

#  include <cstddef>
#  include <cstdint>
#  include <string>
#  include <string_view>
#  include <vector>

namespace tandem::compat {

/// The bytes must outlive it. Not thread-safe.
class exact_deserializer final : public caf::deserializer {
public:
  exact_deserializer(caf::actor_system& system, caf::span<const std::byte> in) : deserializer(system), in_(system, in) {
  }

  size_t remaining() const {
    return in_.remaining();
  }

  using deserializer::list;
  using deserializer::value;

  // clang-format off
  bool fetch_next_object_type(caf::type_id_t& type) override { return in_.fetch_next_object_type(type); }
  bool begin_object(caf::type_id_t, std::string_view) override { return true; }
  bool end_object() override { return true; }
  bool begin_field(std::string_view) override { return true; }
  bool begin_field(std::string_view name, bool& is_present) override { return in_.begin_field(name, is_present); }
  bool begin_field(std::string_view name, caf::span<const caf::type_id_t> types, size_t& index) override {
    return in_.begin_field(name, types, index);
  }
  bool begin_field(std::string_view name, bool& is_present, caf::span<const caf::type_id_t> types,
                   size_t& index) override {
    return in_.begin_field(name, is_present, types, index);
  }
  bool end_field() override { return true; }
  bool begin_tuple(size_t) override { return true; }
  bool end_tuple() override { return true; }
  bool begin_sequence(size_t& size) override { return in_.begin_sequence(size); }
  bool end_sequence() override { return true; }
  bool value(std::byte& x) override { return in_.value(x); }
  bool value(bool& x) override { return in_.value(x); }
  bool value(int8_t& x) override { return in_.value(x); }
  bool value(uint8_t& x) override { return in_.value(x); }
  bool value(int16_t& x) override { return in_.value(x); }
  bool value(uint16_t& x) override { return in_.value(x); }
  bool value(int32_t& x) override { return in_.value(x); }
  bool value(uint32_t& x) override { return in_.value(x); }
  bool value(int64_t& x) override { return in_.value(x); }
  bool value(uint64_t& x) override { return in_.value(x); }
  bool value(float& x) override { return read_bits<uint32_t>(x); }
  bool value(double& x) override { return read_bits<uint64_t>(x); }
  bool value(long double& x) override { return read_quad(x); }
  bool value(std::string& x) override { return in_.value(x); }
  bool value(std::u16string& x) override { return in_.value(x); }
  bool value(std::u32string& x) override { return in_.value(x); }
  bool value(caf::span<std::byte> x) override { return in_.value(x); }
  bool list(std::vector<bool>& x) override { return in_.value(x); }
  // clang-format on

private:
  template <class Bits, class Float>
  bool read_bits(Float& x) {
    Bits bits = 0;
    if (!in_.value(bits))
      return false;
    from_bits(bits, x);
    return true;
  }

  bool read_quad(long double& x) {
    quad_bits bits;
    if (!knows_long_double || !in_.value(bits.high) || !in_.value(bits.low))
      return false;
    from_bits(bits, x);
    return true;
  }

  caf::binary_deserializer in_;
};

} // namespace tandem::compat

#endif // CAF 1.x
