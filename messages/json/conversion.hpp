/// Conversions between single C++ values and JSON, by the form of the type (the table in form.hpp). Containers are in
/// containers.hpp, types with an `inspect` in inspector.hpp; payload_json.hpp includes all of them.
#pragma once

#include "../thrown.hpp"
#include "floating.hpp"
#include "form.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace tandem {

/// Each specialization has
///   static bool write(const T& x, nlohmann::json& out);                           // false: there is no JSON for x
///   static bool read(const nlohmann::json& in, T& x, json_reading& reading);      // false: `reading` says why
template <class T, json_form Form = json_form_of<T>>
struct json_conversion;

template <class T>
bool write_json(const T& x, nlohmann::json& out) {
  return json_conversion<T>::write(x, out);
}

template <class T>
bool read_json(const nlohmann::json& in, T& x, json_reading& reading) {
  if (reading.depth >= json_reading::maximum_depth)
    return reading.fail("nested too deeply");
  ++reading.depth;
  const bool good = json_conversion<T>::read(in, x, reading);
  --reading.depth;
  return good;
}

namespace detail {

bool write_payload(const payload& content, nlohmann::json& out);
bool read_payload(const nlohmann::json& in, payload& content, json_reading& reading);

/// A type that is not convertible, inside of a struct; a payload of that struct is shown by its type and size.
template <class T>
struct json_conversion_none {
  static bool write(const T&, nlohmann::json&) {
    return false;
  }
  static bool read(const nlohmann::json&, T&, json_reading& reading) {
    return reading.fail("has a type that cannot be read from JSON");
  }
};

template <class T>
concept has_from_integer = requires(T& x, std::underlying_type_t<T> number) {
  { from_integer(number, x) } -> std::convertible_to<bool>;
};

template <class T>
concept has_text = requires(T& x, std::string_view text) {
  { from_string(text, x) } -> std::convertible_to<bool>;
  std::string{to_string(x)};
};

} // namespace detail

template <class T>
struct json_conversion<T, json_form::none> : detail::json_conversion_none<T> {};

template <class T>
struct json_conversion<T, json_form::boolean> {
  static bool write(bool x, nlohmann::json& out) {
    out = x;
    return true;
  }
  static bool read(const nlohmann::json& in, bool& x, json_reading& reading) {
    if (!in.is_boolean())
      return reading.expected("true or false", in);
    x = in.get<bool>();
    return true;
  }
};

template <class T>
struct json_conversion<T, json_form::integer> {
  static constexpr bool is_signed = std::is_signed_v<T>;
  using widest = std::conditional_t<is_signed, int64_t, uint64_t>;
  // NOLINTNEXTLINE(bugprone-signed-char-misuse): a char is a number here
  static constexpr auto lowest = static_cast<widest>(std::numeric_limits<T>::min());
  // NOLINTNEXTLINE(bugprone-signed-char-misuse)
  static constexpr auto highest = static_cast<widest>(std::numeric_limits<T>::max());

  static bool write(T x, nlohmann::json& out) {
    out = static_cast<widest>(x); // NOLINT(bugprone-signed-char-misuse): a char is a number here
    return true;
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    bool good = false;
    if (in.is_number_unsigned())
      good = in.get<uint64_t>() <= static_cast<uint64_t>(highest);
    else if (in.is_number_integer() && std::in_range<widest>(in.get<int64_t>()))
      good = in.get<widest>() >= lowest && in.get<widest>() <= highest;
    if (!good)
      return reading.expected("an integer from " + std::to_string(lowest) + " to " + std::to_string(highest), in);
    x = static_cast<T>(in.get<widest>());
    return true;
  }
};

template <class T>
struct json_conversion<T, json_form::floating> {
  static bool write(T x, nlohmann::json& out) {
    out = detail::floating_to_json(x);
    return true;
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    return detail::floating_from_json(in, x, reading);
  }
};

template <class T>
struct json_conversion<T, json_form::text> {
  static bool write(const std::string& x, nlohmann::json& out) {
    out = text_to_json(x);
    return true;
  }
  static bool read(const nlohmann::json& in, std::string& x, json_reading& reading) {
    return text_from_json(in, x, reading);
  }
};

template <class T>
struct json_conversion<T, json_form::duration> {
  using rep = typename T::rep;
  static constexpr int64_t factor = std::ratio_divide<typename T::period, std::nano>::num;

  static bool write(T x, nlohmann::json& out) {
    if (!std::in_range<int64_t>(x.count()))
      return false;
    const auto count = static_cast<int64_t>(x.count());
    if (count > INT64_MAX / factor || count < INT64_MIN / factor)
      return false;
    out = count * factor;
    return true;
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    int64_t count = 0;
    if (!json_conversion<int64_t>::read(in, count, reading))
      return false;
    if (count % factor != 0 || !std::in_range<rep>(count / factor))
      return reading.expected("nanoseconds, a multiple of " + std::to_string(factor), in);
    x = T{static_cast<rep>(count / factor)};
    return true;
  }
};

template <class T>
struct json_conversion<T, json_form::payload> {
  static bool write(const payload& x, nlohmann::json& out) {
    return detail::write_payload(x, out);
  }
  static bool read(const nlohmann::json& in, payload& x, json_reading& reading) {
    return detail::read_payload(in, x, reading);
  }
};

/// An exception of the customer's functions is a failure like any other.
template <class T>
struct json_conversion<T, json_form::customer> {
  static bool write(const T& x, nlohmann::json& out) {
    try {
      out = nlohmann::json(x);
      return true;
    } catch (...) {
      return false;
    }
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    try {
      in.get_to(x);
      return true;
    } catch (...) {
      return reading.fail(thrown_text());
    }
  }
};

template <class T>
struct json_conversion<T, json_form::enumeration> {
  using number = std::underlying_type_t<T>;

  static bool write(T x, nlohmann::json& out) {
    if constexpr (detail::has_text<T>) {
      std::string text{to_string(x)};
      T back{};
      if (is_utf8(text) && from_string(std::string_view{text}, back) && back == x) {
        out = std::move(text);
        return true;
      }
    }
    // A value that could not be read back is not written either.
    if constexpr (detail::has_from_integer<T>)
      if (T back{}; !from_integer(static_cast<number>(x), back) || back != x)
        return false;
    return write_json(static_cast<number>(x), out);
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    if constexpr (detail::has_text<T>) {
      if (in.is_string())
        return from_string(std::string_view{in.get_ref<const std::string&>()}, x)
               || reading.expected("the name of an enumerator", in);
    }
    number value{};
    if (!read_json(in, value, reading))
      return false;
    if constexpr (detail::has_from_integer<T>)
      return from_integer(value, x) || reading.expected("the number of an enumerator", in);
    x = static_cast<T>(value);
    return true;
  }
};

} // namespace tandem
