/// Conversions between standard containers and JSON (the table in form.hpp).
#pragma once

#include "conversion.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace tandem {

namespace detail {

/// Writes a range of anything as an array.
template <class Range>
bool write_array(const Range& range, nlohmann::json& out) {
  out = nlohmann::json::array();
  for (auto&& x : range) {
    const typename Range::value_type& value = x; // vector<bool> hands out no references
    if (!write_json(value, out.emplace_back()))
      return false;
  }
  return true;
}

/// Equal containers have equal JSON, also those whose order is that of a hash table, which is no part of the value.
template <class Container>
bool write_elements(const Container& x, nlohmann::json& out) {
  if (!write_array(x, out))
    return false;
  if constexpr (requires { typename Container::hasher; })
    std::sort(out.begin(), out.end());
  return true;
}

/// Reads every element of an array and gives it to `take`.
template <class Value, class Take>
bool read_array(const nlohmann::json& in, json_reading& reading, Take take) {
  if (!in.is_array())
    return reading.expected("an array", in);
  for (size_t i = 0; i < in.size(); ++i) {
    Value value{};
    if (!read_json(in[i], value, reading))
      return reading.in_element(i);
    take(i, std::move(value));
  }
  return true;
}

} // namespace detail

template <class T>
struct json_conversion<T, json_form::optional> {
  static bool write(const T& x, nlohmann::json& out) {
    out = nullptr;
    return !x || write_json(*x, out);
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    x.reset();
    return in.is_null() || read_json(in, x.emplace(), reading);
  }
};

template <class T>
struct json_conversion<T, json_form::tuple> {
  static constexpr auto indices = std::make_index_sequence<std::tuple_size_v<T>>{};

  static bool write(const T& x, nlohmann::json& out) {
    return [&]<size_t... Is>(std::index_sequence<Is...>) {
      out = nlohmann::json::array();
      return (write_json(std::get<Is>(x), out.emplace_back()) && ...);
    }
    (indices);
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    if (!in.is_array() || in.size() != std::tuple_size_v<T>)
      return reading.expected("an array of " + std::to_string(std::tuple_size_v<T>), in);
    return [&]<size_t... Is>(std::index_sequence<Is...>) {
      return ((read_json(in[Is], std::get<Is>(x), reading) || reading.in_element(Is)) && ...);
    }
    (indices);
  }
};

template <class T>
struct json_conversion<T, json_form::array> {
  static bool write(const T& x, nlohmann::json& out) {
    return detail::write_array(x, out);
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    if (!in.is_array() || in.size() != x.size())
      return reading.expected("an array of " + std::to_string(x.size()), in);
    using value = typename T::value_type;
    return detail::read_array<value>(in, reading, [&](size_t i, value&& v) { x[i] = std::move(v); });
  }
};

/// Vectors, lists and the like, and sets.
template <class T>
struct json_conversion<T, json_form::sequence> {
  static bool write(const T& x, nlohmann::json& out) {
    return detail::write_elements(x, out);
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    x.clear();
    using value = typename T::value_type;
    return detail::read_array<value>(in, reading, [&](size_t, value&& v) { x.insert(x.end(), std::move(v)); });
  }
};

template <class T>
struct json_conversion<T, json_form::set> : json_conversion<T, json_form::sequence> {};

template <class T>
struct json_conversion<T, json_form::map> {
  using key = typename T::key_type;
  using mapped = typename T::mapped_type;
  static constexpr bool by_name = std::same_as<key, std::string> && requires(T & x, key k) {
    x[k];
  };

  static bool write(const T& x, nlohmann::json& out) {
    if constexpr (by_name) {
      bool all_utf8 = true;
      for (const auto& entry : x)
        all_utf8 = all_utf8 && is_utf8(entry.first);
      if (all_utf8)
        return write_object(x, out);
    }
    return detail::write_elements(x, out);
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    x.clear();
    if constexpr (by_name)
      if (in.is_object())
        return read_object(in, x, reading);
    using entry = std::pair<key, mapped>;
    return detail::read_array<entry>(in, reading, [&](size_t, entry&& v) { x.insert(std::move(v)); });
  }

private:
  static bool write_object(const T& x, nlohmann::json& out) {
    out = nlohmann::json::object();
    for (const auto& [name, value] : x)
      if (!write_json(value, out[name]))
        return false;
    return true;
  }
  static bool read_object(const nlohmann::json& in, T& x, json_reading& reading) {
    for (const auto& [name, value] : in.items())
      if (!read_json(value, x[name], reading))
        return reading.in_field(name);
    return true;
  }
};

} // namespace tandem
