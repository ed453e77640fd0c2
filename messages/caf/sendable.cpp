#include "sendable.hpp"

#include <caf/actor_system.hpp>
#include <caf/message.hpp>
#if TANDEM_CAF_17
#  include <caf/error.hpp>
#  include <caf/serializer.hpp>
#else
#  include "bytes.hpp"
#endif

#include <string>

namespace tandem::compat {

#if TANDEM_CAF_17

namespace {

/// Writes nothing. Fails where CAF fails: for types that it does not know, or that must not leave the process.
class trying_serializer final : public caf::serializer {
public:
  explicit trying_serializer(caf::actor_system& system) : serializer(system) {
  }

  caf::error begin_object(uint16_t&, std::string&) override {
    return {};
  }
  caf::error end_object() override {
    return {};
  }
  caf::error begin_sequence(size_t&) override {
    return {};
  }
  caf::error end_sequence() override {
    return {};
  }
  caf::error apply_raw(size_t, void*) override {
    return {};
  }

protected:
  // clang-format off
  caf::error apply_impl(int8_t&) override { return {}; }
  caf::error apply_impl(uint8_t&) override { return {}; }
  caf::error apply_impl(int16_t&) override { return {}; }
  caf::error apply_impl(uint16_t&) override { return {}; }
  caf::error apply_impl(int32_t&) override { return {}; }
  caf::error apply_impl(uint32_t&) override { return {}; }
  caf::error apply_impl(int64_t&) override { return {}; }
  caf::error apply_impl(uint64_t&) override { return {}; }
  caf::error apply_impl(float&) override { return {}; }
  caf::error apply_impl(double&) override { return {}; }
  caf::error apply_impl(long double&) override { return {}; }
  caf::error apply_impl(std::string&) override { return {}; }
  caf::error apply_impl(std::u16string&) override { return {}; }
  caf::error apply_impl(std::u32string&) override { return {}; }
  // clang-format on
};

} // namespace

bool is_sendable(caf::actor_system& system, const caf::message& content) {
  try {
    trying_serializer sink{system};
    return !content.save(sink);
  } catch (...) {
    return false; // a type that must not leave the process
  }
}

#else

bool is_sendable(caf::actor_system& system, const caf::message& content) {
  std::string bytes;
  return append_bytes(system, content, bytes);
}

#endif

} // namespace tandem::compat
