/// What customers exchange: a payload is a caf::message, so any type that is registered with CAF, or several. Copies
/// share their content, so that within one process a payload is never copied.
#pragma once

#include "caf/message.hpp"

#include <optional>
#include <utility>

namespace tandem {

using payload = caf::message;

/// A payload of these values: `make_payload(std::string{"hello"})`.
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
