/// Which JSON a C++ type becomes; the conversions themselves are in conversion.hpp.
///
/// | C++ | JSON |
/// | --- | --- |
/// | bool, integers | a boolean, an integer (64 bits exactly) |
/// | float, double | a number; "inf", "-inf", "nan"; "bits:" and the bits in hexadecimal digits, for any other NaN |
/// | long double | a text of its decimal digits; or as above, with the 128 bits of IEEE 754's binary128 |
/// | std::string | a string; {"base64": "..."} if it is not UTF-8 |
/// | std::chrono::duration | the integer count of nanoseconds |
/// | std::vector, array, set, ... | an array |
/// | std::map, unordered_map | an object if all keys are strings of UTF-8, else an array of pairs |
/// | std::optional | null if there is no value; a field of a struct is left out then |
/// | std::pair, tuple | an array |
/// | payload | as described in payload_json.hpp |
/// | types with nlohmann's to_json and from_json | the JSON that these write and read |
/// | enums | to_string's text if from_string reads it back, else the number |
/// | types with `inspect` | an object of the fields; an array for the unnamed fields of CAF 0.17's own style |
///
/// An optional whose value is null in JSON reads back as an optional without a value.
#pragma once

#include "../caf/element.hpp"
#include "../payload.hpp"
#include "text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <optional>
#include <ratio>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tandem {

class json_writer;
class json_reader;

/// Specialize as true, right after the type, for a type whose values must not show up in JSON, such as credentials. A
/// value that has one in it, at any depth, is then shown by its type and size, as if its type were not registered.
template <class T>
inline constexpr bool hidden_from_json = false;

enum class json_form {
  none,
  boolean,
  integer,
  floating,
  text,
  duration,
  payload,
  customer, ///< has nlohmann's to_json and from_json
  enumeration,
  inspected,
  optional,
  tuple,
  array,
  sequence,
  set,
  map,
};

namespace detail {

/// Calls of to_json with this find functions that customers wrote for their enums, and not nlohmann's rule for all
/// enums.
struct json_probe {
  operator nlohmann::json&();
  operator const nlohmann::json&() const;
};

template <class Json, class T>
concept has_nlohmann_functions = requires(Json& json, const Json& const_json, T& x, const T& const_x) {
  to_json(json, const_x);
  from_json(const_json, x);
};

template <class T>
concept inspectable = requires(json_writer& writer, json_reader& reader, T& x) {
  inspect(writer, x);
  inspect(reader, x);
};

/// CAF's own types have inspect functions that want more than JSON can offer (an actor system).
template <class T>
constexpr bool is_from_caf() {
  return compat::registered_name<T>().starts_with("caf::");
}

template <class T>
concept exact_nanoseconds = std::ratio_divide<typename T::period, std::nano>::den == 1
                            && std::is_integral_v<typename T::rep>&&
                              std::same_as<T, std::chrono::duration<typename T::rep, typename T::period>>;

template <class T>
concept optional_like = std::same_as<T, std::optional<typename T::value_type>>;

template <class T>
concept tuple_like = requires {
  std::tuple_size<T>::value;
};

template <class T>
concept array_like = tuple_like<T> && std::same_as<T, std::array<typename T::value_type, std::tuple_size<T>::value>>;

template <class T>
concept container = std::default_initializable<T> && requires(T& x, const T& y, typename T::value_type value) {
  x.clear();
  x.insert(x.end(), std::move(value));
  { y.size() } -> std::convertible_to<size_t>;
  y.begin() != y.end();
};

template <class T>
constexpr json_form form_of() {
  if constexpr (hidden_from_json<T>)
    return json_form::none;
  else if constexpr (std::same_as<T, bool>)
    return json_form::boolean;
  else if constexpr (std::integral<T>)
    return json_form::integer;
  else if constexpr (std::floating_point<T>)
    return json_form::floating;
  else if constexpr (std::same_as<T, std::string>)
    return json_form::text;
  else if constexpr (exact_nanoseconds<T>)
    return json_form::duration;
  else if constexpr (std::same_as<T, payload>)
    return json_form::payload;
  else if constexpr (optional_like<T>)
    return json_form::optional;
  else if constexpr (array_like<T>)
    return json_form::array;
  else if constexpr (tuple_like<T>)
    return json_form::tuple;
  else if constexpr (std::is_enum_v<T> && !is_from_caf<T>())
    return has_nlohmann_functions<json_probe, T> ? json_form::customer : json_form::enumeration;
  else if constexpr (!is_from_caf<T>() && has_nlohmann_functions<nlohmann::json, T>)
    return json_form::customer;
  else if constexpr (!is_from_caf<T>() && std::is_class_v<T> && inspectable<T>)
    return json_form::inspected;
  else if constexpr (container<T> && requires { typename T::mapped_type; })
    return json_form::map;
  else if constexpr (container<T> && requires { typename T::key_type; })
    return json_form::set;
  else if constexpr (container<T>)
    return json_form::sequence;
  else
    return json_form::none;
}

} // namespace detail

template <class T>
inline constexpr json_form json_form_of = detail::form_of<T>();

namespace detail {

template <class T>
constexpr bool convertible();

template <class Tuple, size_t... Is>
constexpr bool all_convertible(std::index_sequence<Is...>) {
  return (convertible<std::remove_const_t<std::tuple_element_t<Is, Tuple>>>() && ...);
}

template <class T>
constexpr bool convertible() {
  constexpr auto form = json_form_of<T>;
  if constexpr (form == json_form::none)
    return false;
  else if constexpr (form == json_form::map)
    return convertible<typename T::key_type>() && convertible<typename T::mapped_type>();
  else if constexpr (form == json_form::tuple)
    return all_convertible<T>(std::make_index_sequence<std::tuple_size_v<T>>{});
  else if constexpr (form == json_form::optional || form == json_form::array || form == json_form::sequence
                     || form == json_form::set)
    return convertible<typename T::value_type>();
  else
    return true;
}

} // namespace detail

/// True if there is JSON for T as far as its type tells. A struct with an `inspect` counts as convertible whatever its
/// fields are; if one of them is not (an actor's handle), writing and reading fail when they come to it.
template <class T>
concept json_convertible = detail::convertible<T>();

} // namespace tandem
