/// Customers exchange payloads. A payload is a caf::message: one value of any type that is registered with CAF, or
/// several. Copies share their content, so that a payload is never copied within one process.
///
///     payload x = make_payload(std::string{"hello"});
///     std::puts(get_payload<std::string>(x).c_str());      // throws if it is anything else
///     if (const auto* number = payload_as<int32_t>(x))     // null if it is anything else
///       std::printf("%d\n", *number);
#pragma once

#include "caf/element.hpp"
#include "caf/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace tandem {

using payload = caf::message;

/// A payload of these values.
template <class... Ts>
payload make_payload(Ts&&... values) {
  return caf::make_message(std::forward<Ts>(values)...);
}

/// The value of a payload that is exactly one T; null if it is anything else. Valid as long as `content` is.
template <class T>
const T* payload_as(const payload& content) {
  return compat::only_element<T>(content);
}

/// How many bytes a payload has that is exactly one std::string; 0 if it is anything else.
inline size_t size_of_text(const payload& content) {
  const auto* text = payload_as<std::string>(content);
  return text != nullptr ? text->size() : 0;
}

/// The names of the types of a payload's values, for people: "std::string, int32_t", or "empty".
std::string type_names_of(const payload& content);

/// Throws std::invalid_argument, as get_payload does.
[[noreturn]] void throw_wrong_payload(const payload& content, const compat::element_type& wanted);

/// The value of a payload that is exactly one T. Throws std::invalid_argument that names both types if it is anything
/// else: in customer code, that ends the operation with this side's failure and says why (S-END-2). The other side
/// chooses what comes, so do not rely on its type without asking. Valid as long as `content` is.
template <class T>
const T& get_payload(const payload& content) {
  if (const auto* value = payload_as<T>(content))
    return *value;
  throw_wrong_payload(content, compat::element_type_of<T>());
}

} // namespace tandem
