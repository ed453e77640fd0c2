/// Errors and error-code enums on both CAF versions.
#pragma once

#include "version.hpp"

#include <caf/error.hpp>
#include <caf/type_id.hpp>

#include <optional>

/// Makes `type`, an enum over uint8_t with no enumerator of value 0, usable in caf::error. `category` is at most ten
/// letters; only CAF 0.17 uses it. To be used outside of any namespace.
#if TANDEM_CAF_17
#  define TANDEM_ERROR_CODE_ENUM(type, category) CAF_ERROR_CODE_ENUM(type, category)
#else
#  define TANDEM_ERROR_CODE_ENUM(type, category) CAF_ERROR_CODE_ENUM(type)
#endif

namespace tandem::compat {

/// True if `x` is an error, false if it is the "no error" value.
/// A template because CAF's main branch deprecates the conversion, and its releases have nothing else.
template <class Error>
bool is_error(const Error& x) {
  if constexpr (requires { x.valid(); })
    return x.valid();
  else
    return static_cast<bool>(x);
}

/// The enumerator from which `x` was made, if it was made from an `Enum`.
template <class Enum>
std::optional<Enum> error_as(const caf::error& x) {
  if (!is_error(x))
    return std::nullopt;
#if TANDEM_CAF_17
  if (x.category() != caf::detail::error_factory<Enum>::category)
    return std::nullopt;
#else
  if (x.category() != caf::type_id_v<Enum>)
    return std::nullopt;
#endif
  return static_cast<Enum>(x.code());
}

/// The texts that an error carries beside its code, as one line; empty if there are none.
std::string error_details(const caf::error& x);

} // namespace tandem::compat
