#include "floating.hpp"
#include "../caf/float_bits.hpp"
#include "../hex.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::detail {

namespace {

constexpr std::string_view bits_prefix = "bits:";

std::string text_of(uint32_t bits) {
  std::string result{bits_prefix};
  hex::append(result, bits, 8);
  return result;
}

std::string text_of(uint64_t bits) {
  std::string result{bits_prefix};
  hex::append(result, bits, 16);
  return result;
}

std::string text_of(compat::quad_bits bits) {
  std::string result{bits_prefix};
  hex::append(result, bits.high, 16);
  hex::append(result, bits.low, 16);
  return result;
}

/// Exactly so many digits.
std::optional<uint64_t> number_in(std::string_view text, size_t digits) {
  if (text.size() != digits)
    return std::nullopt;
  uint64_t result = 0;
  for (const char c : text) {
    const int value = hex::value_of(c);
    if (value < 0)
      return std::nullopt;
    result = result << 4 | static_cast<uint64_t>(value);
  }
  return result;
}

bool read_bits(std::string_view text, float& x) {
  const auto bits = number_in(text, 8);
  if (bits)
    compat::from_bits(static_cast<uint32_t>(*bits), x);
  return bits.has_value();
}

bool read_bits(std::string_view text, double& x) {
  const auto bits = number_in(text, 16);
  if (bits)
    compat::from_bits(*bits, x);
  return bits.has_value();
}

bool read_bits(std::string_view text, long double& x) {
  if (!compat::knows_long_double || text.size() != 32)
    return false;
  const auto high = number_in(text.substr(0, 16), 16);
  const auto low = number_in(text.substr(16), 16);
  if (high && low)
    compat::from_bits(compat::quad_bits{*high, *low}, x);
  return high && low;
}

template <class T>
bool read_digits(std::string_view text, T& x) {
  const auto* end = text.data() + text.size();
  const auto [used, error] = std::from_chars(text.data(), end, x);
  return error == std::errc{} && used == end && std::isfinite(x);
}

/// The shortest digits that stand for this number and no other.
std::string digits_of(long double x) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, x, std::chars_format::scientific).ptr};
}

template <class T>
nlohmann::json to_json_of(T x) {
  if (std::isinf(x))
    return x > 0 ? "inf" : "-inf";
  if (std::isnan(x)) {
    if constexpr (std::is_same_v<T, long double> && !compat::knows_long_double)
      return "nan";
    else
      return compat::bits_of(x) == compat::bits_of(std::numeric_limits<T>::quiet_NaN()) ? "nan"
                                                                                        : text_of(compat::bits_of(x));
  }
  if constexpr (std::is_same_v<T, long double>) {
    auto digits = digits_of(x);
    if (long double back = 0; compat::knows_long_double && !read_digits(digits, back))
      return text_of(compat::bits_of(x));
    return digits;
  } else {
    return static_cast<double>(x);
  }
}

template <class T>
bool from_json_of(const nlohmann::json& in, T& x, json_reading& reading) {
  if (in.is_number()) {
    const double value = in.get<double>();
    if (std::abs(value) > static_cast<long double>(std::numeric_limits<T>::max()))
      return reading.expected("a number in the range of float", in);
    x = static_cast<T>(value);
    return true;
  }
  if (in == "nan")
    x = std::numeric_limits<T>::quiet_NaN();
  else if (in == "inf")
    x = std::numeric_limits<T>::infinity();
  else if (in == "-inf")
    x = -std::numeric_limits<T>::infinity();
  else {
    const std::string_view text = in.is_string() ? std::string_view{in.get_ref<const std::string&>()} : "";
    const bool is_bits = text.substr(0, bits_prefix.size()) == bits_prefix;
    const bool good = is_bits ? read_bits(text.substr(bits_prefix.size()), x)
                              : std::is_same_v<T, long double> && read_digits(text, x);
    return good || reading.expected("a number, \"nan\", \"inf\", \"-inf\" or \"bits:\" and its bits", in);
  }
  return true;
}

} // namespace

nlohmann::json floating_to_json(float x) {
  return to_json_of(x);
}

nlohmann::json floating_to_json(double x) {
  return to_json_of(x);
}

nlohmann::json floating_to_json(long double x) {
  return to_json_of(x);
}

bool floating_from_json(const nlohmann::json& in, float& x, json_reading& reading) {
  return from_json_of(in, x, reading);
}

bool floating_from_json(const nlohmann::json& in, double& x, json_reading& reading) {
  return from_json_of(in, x, reading);
}

bool floating_from_json(const nlohmann::json& in, long double& x, json_reading& reading) {
  return from_json_of(in, x, reading);
}

} // namespace tandem::detail
