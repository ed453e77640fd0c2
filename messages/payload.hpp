/// Customers exchange payloads. A payload is a caf::message: one value of any type that is registered with CAF, or
/// several. Copies share their content, so that a payload is never copied within one process.
///
///     payload x = make_payload(std::string{"hello"});
///     if (const auto* text = payload_as<std::string>(x))
///       std::puts(text->c_str());
#pragma once

#include "caf/message.hpp"

#include <optional>
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
  return content.size() == 1 && content.match_element<T>(0) ? &content.get_as<T>(0) : nullptr;
}

} // namespace tandem
