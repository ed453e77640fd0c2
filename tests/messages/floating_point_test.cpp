/// Values are what they were, whatever bits they have: between nodes, and in JSON. Among them are numbers that CAF by
/// itself never ends to write, or reads as others.
#include "../../messages/caf/bytes.hpp"
#include "../../messages/caf/element.hpp"
#include "../../messages/caf/float_bits.hpp"
#include "../../messages/json/payload_json.hpp"
#include "../support/skip.hpp"
#include "../support/test_types.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;

namespace {

/// A NaN of this sign and with these lower bits; a signalling one unless `quiet`.
float nan_with(bool negative, bool quiet, uint32_t bits, float) {
  float result = 0;
  compat::from_bits((negative ? 0x80000000U : 0) | 0x7f800000U | (quiet ? 0x00400000U : 0) | bits, result);
  return result;
}

double nan_with(bool negative, bool quiet, uint32_t bits, double) {
  double result = 0;
  compat::from_bits((negative ? uint64_t{1} << 63 : 0) | uint64_t{0x7ff} << 52 | (quiet ? uint64_t{1} << 51 : 0) | bits,
                    result);
  return result;
}

long double nan_with(bool negative, bool quiet, uint32_t bits, long double) {
  long double result = 0;
  compat::from_bits(compat::quad_bits{(negative ? uint64_t{1} << 63 : 0) | uint64_t{0x7fff} << 48
                                        | (quiet ? uint64_t{1} << 47 : 0) | bits,
                                      0},
                    result);
  return result;
}

/// One number of each kind, at the borders of the kinds.
template <class T>
std::vector<T> numbers() {
  using limits = std::numeric_limits<T>;
  const T below_normal = std::nextafter(limits::min(), T{0});
  std::vector<T> result{
    T{0},     limits::denorm_min(), limits::min() / 3,  below_normal,       limits::min(), T{1}, T(0.1),
    T(1) / 3, limits::max(),        limits::infinity(), limits::quiet_NaN()};
  for (const bool quiet : {false, true})
    for (const uint32_t bits : {1U, 0x2aaaaU})
      result.push_back(nan_with(false, quiet, bits, T{}));
  for (size_t i = 0, count = result.size(); i < count; ++i)
    result.push_back(std::copysign(result[i], T{-1}));
  return result;
}

template <class T>
T sent(caf::actor_system& system, const T& x) {
  std::string bytes;
  REQUIRE(compat::append_bytes(system, make_payload(x), bytes));
  payload content;
  REQUIRE(compat::from_bytes(system, bytes, content));
  return get_payload<T>(content);
}

template <class T>
T through_json(const T& x) {
  const auto text = to_line(payload_to_json(make_payload(x)));
  std::string error;
  const auto content = payload_from_json(nlohmann::json::parse(text), error);
  REQUIRE_MESSAGE(content, text << ": " << error);
  REQUIRE_MESSAGE(payload_as<T>(*content) != nullptr, text);
  return get_payload<T>(*content);
}

template <class T>
void check_sent(caf::actor_system& system) {
  for (const auto x : numbers<T>()) {
    CAPTURE(x);
    CHECK(compat::bits_of(sent(system, x)) == compat::bits_of(x));
    CHECK(compat::size_of_element(make_payload(x), 0) == sizeof(compat::bits_of(x)));
  }
}

template <class T>
void check_json() {
  for (const auto x : numbers<T>()) {
    CAPTURE(x);
    CHECK(compat::bits_of(through_json(x)) == compat::bits_of(x));
  }
}

template <class T>
void check_integers(caf::actor_system& system) {
  using limits = std::numeric_limits<T>;
  for (const T x : {T{0}, T{1}, static_cast<T>(-1), limits::min(), limits::max(), static_cast<T>(0x55)}) {
    CHECK(sent(system, x) == x);
    CHECK(through_json(x) == x);
  }
}

template <class... Ts>
void check_all_integers(caf::actor_system& system) {
  (check_integers<Ts>(system), ...);
}

} // namespace

TEST_CASE("bytes: every floating-point number is read as it was written") {
  if (!compat::keeps_all_numbers)
    return skip("CAF's main branch writes some as others");
  node here;
  check_sent<float>(here.system);
  check_sent<double>(here.system);
  if (compat::knows_long_double)
    check_sent<long double>(here.system);
}

TEST_CASE("bytes: and so is one within a value") {
  if (!compat::keeps_all_numbers)
    return skip("CAF's main branch writes some as others");
  node here;
  for (const auto x : numbers<double>()) {
    drawing picture;
    picture.scale = x;
    CHECK(compat::bits_of(sent(here.system, picture).scale.value_or(0)) == compat::bits_of(x));
    CHECK(compat::bits_of(through_json(picture).scale.value_or(0)) == compat::bits_of(x));
  }
}

TEST_CASE("json values: every floating-point number is read as it was written") {
  check_json<float>();
  check_json<double>();
  if (compat::knows_long_double)
    check_json<long double>();
}

TEST_CASE("bytes, json values: every integer, truth value and text is read as it was written") {
  node here;
  check_all_integers<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, uint64_t>(here.system);
  for (const bool x : {false, true}) {
    CHECK(sent(here.system, x) == x);
    CHECK(through_json(x) == x);
  }
  for (const auto& x :
       {std::string{}, std::string(1, '\0'), std::string{"\xff\xfe"}, std::string{"\xf0\x9f\x98\x80"}}) {
    CHECK(sent(here.system, x) == x);
    CHECK(through_json(x) == x);
  }
  CHECK(sent(here.system, std::u16string{u"\u00e9\xd800"}) == std::u16string{u"\u00e9\xd800"});
  CHECK(sent(here.system, std::u32string{U"\U0001f600"}) == std::u32string{U"\U0001f600"});
}

TEST_CASE("json values: what is no number is refused, and what would be right is said") {
  std::string error;
  for (const auto* text : {R"("bits:")", R"("bits:7ff")", R"("bits:7ff80000000000000")", R"("bits:7ff800000000000g")",
                           R"("1")", R"("NaN")", "true", "[]"}) {
    error.clear();
    CHECK_MESSAGE(!value_from_json<double>(nlohmann::json::parse(text), error), text);
    CHECK_MESSAGE(error.find("bits") != std::string::npos, error);
  }
  CHECK_FALSE(value_from_json<float>(1e39, error));
  CHECK_FALSE(value_from_json<long double>("1e", error));
  CHECK(value_from_json<long double>("0.5", error) == 0.5L);
}
