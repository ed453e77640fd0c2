/// caf::message and caf::make_message, whichever headers they are in.
#pragma once

#include "version.hpp"

#include <caf/message.hpp>
#if TANDEM_CAF_17
#  include <caf/make_message.hpp>
#  include <caf/type_nr.hpp>

#  include <typeinfo>
#endif

namespace tandem::compat {

/// The value of a message that is exactly one T; null if it is anything else.
template <class T>
const T* only_element(const caf::message& content) {
#if TANDEM_CAF_17
  // Past the message's own functions, each of which is a virtual call and ends in another one here.
  const auto* values = content.vals().get();
  if (values == nullptr)
    return nullptr;
  bool is_one;
  if constexpr (caf::type_nr<T>::value != 0) // CAF knows the type, and the token says all of one such element
    is_one = values->type_token() == caf::make_type_token<T>();
  else
    is_one = values->size() == 1 && values->matches(0, 0, &typeid(T));
  return is_one ? static_cast<const T*>(values->get(0)) : nullptr;
#else
  return content.size() == 1 && content.match_element<T>(0) ? &content.get_as<T>(0) : nullptr;
#endif
}

} // namespace tandem::compat
