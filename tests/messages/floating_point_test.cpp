/// Numbers that CAF 0.17 by itself never ends to write, or reads as others.
#include "../../messages/caf/bytes.hpp"
#include "../../messages/caf/element.hpp"
#include "../support/skip.hpp"
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
                       -limits::infinity(), limits::quiet_NaN(), T{0}}) {
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

TEST_CASE("bytes: so are those that are too close to zero to be normal") {
  if (!compat::keeps_denormal_numbers)
    return skip("CAF 1.x writes them as other numbers");
  node here;
  for (const double x : {std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::min() / 3})
    CHECK(sent(here.system, x) == x);
  for (const float x : {std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::min() / 3})
    CHECK(sent(here.system, x) == x);
}
