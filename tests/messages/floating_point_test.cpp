/// Numbers that CAF 0.17 by itself never ends to write, or reads as others.
#include "../../messages/caf/bytes.hpp"
#include "../../messages/caf/element.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>

using namespace tandem;
using namespace tandem_test;

namespace {

template <class T>
T sent(caf::actor_system& system, T x) {
  std::string bytes;
  REQUIRE(compat::append_bytes(system, make_payload(x), bytes));
  payload content;
  REQUIRE(compat::from_bytes(system, bytes, content));
  const auto* result = payload_as<T>(content);
  REQUIRE(result != nullptr);
  return *result;
}

template <class T, class Bits>
void check_numbers(caf::actor_system& system) {
  using limits = std::numeric_limits<T>;
  for (const auto x : {T{1}, T(-0.1), limits::max(), limits::min(), limits::lowest(), limits::infinity(),
                       -limits::infinity(), limits::quiet_NaN(), limits::denorm_min(), T{0}}) {
    CAPTURE(x);
    CHECK(std::bit_cast<Bits>(sent(system, x)) == std::bit_cast<Bits>(x));
    CHECK(compat::size_of_element(make_payload(x), 0) == sizeof(T));
  }
}

} // namespace

TEST_CASE("bytes: every floating-point number is read as it was written") {
  node here;
  check_numbers<double, uint64_t>(here.system);
  check_numbers<float, uint32_t>(here.system);
}
