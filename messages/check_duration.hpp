/// What public functions check durations with. Internal.
#pragma once

#include "ticket.hpp"

#include <stdexcept>
#include <string>

namespace tandem {

/// Throws std::invalid_argument that names `what` if it is negative, or so long that adding it to a time may overflow.
inline void check_duration(const char* what, duration x) {
  if (x < duration::zero())
    throw std::invalid_argument{std::string{what} + " must not be negative"};
  if (x > longest_timeout)
    throw std::invalid_argument{std::string{what} + " must be at most 146 years"};
}

/// The same for what must not be zero either.
inline void check_positive_duration(const char* what, duration x) {
  if (x <= duration::zero())
    throw std::invalid_argument{std::string{what} + " must be more than zero"};
  check_duration(what, x);
}

} // namespace tandem
