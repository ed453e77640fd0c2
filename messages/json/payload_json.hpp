/// Payloads as JSON, for traces, the command line and tests.
///
/// A program registers its payload types once, at its start, for CAF and JSON alike (actors/system.hpp):
///
///     config.add_block<caf::id_block::my_app>();
///
/// form.hpp says which types can be converted, and to which JSON. Built-in types are registered already, and so are the
/// standard containers that CAF knows by itself.
///
/// | payload | JSON |
/// | --- | --- |
/// | exactly one std::string, UTF-8 | a string |
/// | one other value | {"type": NAME, "value": V} |
/// | none or several values | {"types": [NAME, ...], "values": [V, ...]} |
/// | one value without JSON | {"type": NAME, "size": BYTES} |
/// | several values, some without JSON | {"types": [...], "values": [V, {"size": BYTES}, ...], "opaque": [1, ...]} |
///
/// NAME is "string", "bool", "int8" to "int64", "uint8" to "uint64", "float", "double", "long double", "duration"
/// (nanoseconds) and "message" (a payload within a payload) for built-in types; for others the name they were
/// registered with at CAF. So the text is the same with both CAF versions.
///
/// A value has no JSON if its type is not registered, is hidden from JSON (hidden_from_json), or has a field that
/// cannot be converted. NAME is then CAF's name of the type, and BYTES is the value's size on the wire, 0 if CAF cannot
/// serialize it. "opaque" lists the indices of such values, so that they are not mistaken for a struct that has a field
/// `size`. Read back, such a value is an opaque_payload, which is written as the same JSON again.
#pragma once

#include "../caf/element.hpp"
#include "../payload.hpp"
#include "inspector.hpp"
#include "text.hpp"

#include <caf/message_builder.hpp>
#include <caf/type_id.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace tandem {

struct opaque_payload;

/// The JSON of a payload. Fails for no payload, except by lack of memory. Needs no actor system. Any thread.
nlohmann::json payload_to_json(const payload& content);

/// Reads the JSON of payload_to_json. If `in` is anything else: nothing, and `error` says what is wrong and where.
/// `unknown` decides about values of types that are not registered here. Any thread.
std::optional<payload> payload_from_json(const nlohmann::json& in, std::string& error,
                                         unknown_types unknown = unknown_types::refuse);

/// True if both have the same JSON: the same types and values. Values without JSON are equal when their types and
/// sizes are. A NaN equals itself.
bool equal(const payload& x, const payload& y);

/// Registers one type, which must be known to CAF and json_convertible. Does nothing if it is registered already. Any
/// thread; a payload that is converted at the same time may not see the type yet, so register at the start.
template <class T>
void register_json_type();

/// Registers those types of CAF type-id blocks that are json_convertible, and the names of the others. Part of
/// init_types() and system_config::add_block(); CAF has to know the types already.
template <class... Blocks>
void register_json_types();

/// The JSON of a single value outside of a payload; nothing if it, or a part of it, cannot be converted.
template <json_convertible T>
std::optional<nlohmann::json> value_to_json(const T& value) {
  nlohmann::json result;
  if (!write_json(value, result))
    return std::nullopt;
  return result;
}

/// Reads the JSON of value_to_json; nothing, and the reason in `error`, if `in` is something else.
template <json_convertible T>
std::optional<T> value_from_json(const nlohmann::json& in, std::string& error) {
  json_reading reading;
  T result{};
  if (read_json(in, result, reading))
    return result;
  error = reading.text();
  return std::nullopt;
}

// -- implementation details -------------------------------------------------------------------------------------------

namespace detail {

/// How payload_json.cpp converts values of a type it does not know.
struct json_type {
  std::string name;
  bool (*write)(const payload& content, size_t index, nlohmann::json& out) = nullptr; ///< null: no JSON, name only
  bool (*read)(const nlohmann::json& in, caf::message_builder& out, json_reading& reading) = nullptr;
};

/// Keeps `entry` unless the type is there already. Takes a lock.
void add_json_type(const compat::element_type& type, json_type entry);

template <class T>
json_type make_json_type(std::string name) {
  return {
    std::move(name),
    [](const payload& content, size_t index, nlohmann::json& out) { return write_json(content.get_as<T>(index), out); },
    [](const nlohmann::json& in, caf::message_builder& out, json_reading& reading) {
      T value{};
      if (!read_json(in, value, reading))
        return false;
      out.append(std::move(value));
      return true;
    },
  };
}

/// An opaque_payload stands for another value, and is never a value of its own.
template <class T>
concept json_registrable
  = json_convertible<T> && std::default_initializable<T> && std::copy_constructible<T> && !std::same_as<T,
                                                                                                        opaque_payload>;

template <class T>
void add_json_type_of_block() {
  std::string name{compat::registered_name<T>()};
  if constexpr (json_registrable<T>)
    add_json_type(compat::element_type_of<T>(), make_json_type<T>(std::move(name)));
  else if constexpr (!std::same_as<T, opaque_payload>)
    add_json_type(compat::element_type_of<T>(), {std::move(name)});
}

template <class Block, uint16_t... Offsets>
void add_json_types_of_block(std::integer_sequence<uint16_t, Offsets...>) {
  constexpr auto first = static_cast<uint16_t>(Block::begin);
  (add_json_type_of_block<typename caf::type_by_id<static_cast<caf::type_id_t>(first + Offsets)>::type>(), ...);
}

} // namespace detail

template <class T>
void register_json_type() {
  static_assert(json_convertible<T>, "there is no JSON for this type: give it an inspect function, or to_json and "
                                     "from_json, and see form.hpp");
  static_assert(detail::json_registrable<T>, "reading from JSON needs a default constructor and copies");
  std::string name{compat::registered_name<T>()};
  if (name.empty())
    name = compat::name_of(compat::element_type_of<T>());
  detail::add_json_type(compat::element_type_of<T>(), detail::make_json_type<T>(std::move(name)));
}

template <class... Blocks>
void register_json_types() {
  (detail::add_json_types_of_block<Blocks>(
     std::make_integer_sequence<uint16_t, static_cast<uint16_t>(Blocks::end - Blocks::begin)>{}),
   ...);
}

} // namespace tandem
