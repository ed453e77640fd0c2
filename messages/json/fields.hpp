/// The objects and fields that json_writer and json_reader hand to an `inspect` function, as CAF 1.x has them.
#pragma once

#include "../caf/error.hpp"
#include "containers.hpp"

#include <string_view>
#include <type_traits>
#include <utility>

namespace tandem {

namespace detail {

struct nothing {};

/// Runs a customer's callback, which may return nothing, a bool (true is good), or an error.
template <class Function, class... Ts>
bool succeeds(Function& f, Ts&&... xs) {
  using result = decltype(f(std::forward<Ts>(xs)...));
  if constexpr (std::is_void_v<result>) {
    f(std::forward<Ts>(xs)...);
    return true;
  } else if constexpr (std::is_same_v<result, bool>) {
    return f(std::forward<Ts>(xs)...);
  } else {
    return !compat::is_error(f(std::forward<Ts>(xs)...));
  }
}

/// Finds a field; null for one that counts as absent.
inline const nlohmann::json* find_field(const nlohmann::json& object, std::string_view name) {
  const auto i = object.find(name);
  return i != object.end() ? &*i : nullptr;
}

/// A field that is a variable.
template <class T, class Fallback = nothing, class Invariant = nothing>
struct json_field {
  std::string_view name;
  T& x;
  Fallback default_value{};
  Invariant holds{};

  template <class U>
  json_field<T, U, Invariant> fallback(U value) && {
    return {name, x, std::move(value), std::move(holds)};
  }
  template <class Predicate>
  json_field<T, Fallback, Predicate> invariant(Predicate predicate) && {
    return {name, x, std::move(default_value), std::move(predicate)};
  }

  bool write(nlohmann::json& object) {
    if constexpr (json_form_of<std::remove_const_t<T>> == json_form::optional)
      if (!x)
        return true;
    return write_json(x, object[std::string{name}]);
  }

  bool read(const nlohmann::json& object, json_reading& reading) {
    const auto* in = find_field(object, name);
    if (!in) {
      if constexpr (json_form_of<T> == json_form::optional)
        x.reset();
      else if constexpr (!std::is_same_v<Fallback, nothing>)
        x = std::move(default_value);
      else
        return reading.fail("missing field \"" + std::string{name} + "\"");
      return true;
    }
    if (!read_json(*in, x, reading))
      return reading.in_field(name);
    if constexpr (!std::is_same_v<Invariant, nothing>)
      if (!holds(x)) {
        reading.fail("the value " + excerpt(*in) + " is not allowed");
        return reading.in_field(name);
      }
    return true;
  }
};

/// A field behind a getter and a setter; with IsPresent and Reset, one that may be absent.
template <class Get, class Set, class IsPresent = nothing, class Reset = nothing>
struct json_virtual_field {
  std::string_view name;
  Get get;
  Set set;
  IsPresent is_present{};
  Reset reset{};

  using value_type = std::decay_t<decltype(std::declval<Get&>()())>;

  template <class U>
  auto fallback(U value) && {
    auto reset_to = [setter = set, value = std::move(value)]() mutable { return setter(std::move(value)); };
    auto always = [] { return true; };
    return json_virtual_field<Get, Set, decltype(always), decltype(reset_to)>{name, get, set, always,
                                                                              std::move(reset_to)};
  }

  bool write(nlohmann::json& object) {
    if constexpr (!std::is_same_v<IsPresent, nothing>)
      if (!is_present())
        return true;
    const value_type value = get();
    return write_json(value, object[std::string{name}]);
  }

  bool read(const nlohmann::json& object, json_reading& reading) {
    const auto* in = find_field(object, name);
    if constexpr (!std::is_same_v<Reset, nothing>)
      if (!in || in->is_null())
        return succeeds(reset) || reading.fail("field \"" + std::string{name} + "\" cannot be absent");
    if (!in)
      return reading.fail("missing field \"" + std::string{name} + "\"");
    value_type value{};
    if (!read_json(*in, value, reading))
      return reading.in_field(name);
    if (succeeds(set, std::move(value)))
      return true;
    reading.fail("the value " + excerpt(*in) + " is not allowed");
    return reading.in_field(name);
  }
};

/// The result of object(x). `Callback` runs after the fields: that of on_save when writing, of on_load when reading.
template <class Inspector, class Callback = nothing>
struct json_object {
  Inspector& f;
  Callback callback{};

  json_object&& pretty_name(std::string_view) && {
    return std::move(*this);
  }
  template <class Function>
  auto on_load(Function function) && {
    if constexpr (Inspector::is_loading)
      return json_object<Inspector, Function>{f, std::move(function)};
    else
      return std::move(*this);
  }
  template <class Function>
  auto on_save(Function function) && {
    if constexpr (Inspector::is_loading)
      return std::move(*this);
    else
      return json_object<Inspector, Function>{f, std::move(function)};
  }

  template <class... Fields>
  bool fields(Fields&&... xs) {
    if (!f.begin_object() || !(f.apply_field(xs) && ...))
      return false;
    if constexpr (std::is_same_v<Callback, nothing>)
      return true;
    else
      return succeeds(callback) || f.refused();
  }
};

} // namespace detail

} // namespace tandem
