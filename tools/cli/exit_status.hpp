/// The exit statuses of `tandem`; `tandem call --help` lists them.
#pragma once

#include "../../messages/outcome.hpp"

#include <stdexcept>

namespace tandem::cli {

inline constexpr int exit_good = 0;
inline constexpr int exit_error = 1;         ///< cannot connect, file missing, ...
inline constexpr int exit_usage = 2;         ///< options that make no sense
inline constexpr int exit_interrupted = 130; ///< a second SIGINT, as shells count

/// 0 for completed, 10 and up for the others, apart from what shells and other errors use.
constexpr int exit_status_of(outcome value) noexcept {
  return value == outcome::completed ? exit_good : 8 + static_cast<int>(value);
}

static_assert(exit_status_of(outcome::cancelled) == 10 && exit_status_of(outcome::serviced_failure) == 15);

/// An error that people can correct; printed as one line, and the exit status is exit_error.
class user_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Options that make no sense; the exit status is exit_usage.
class usage_error : public user_error {
public:
  using user_error::user_error;
};

} // namespace tandem::cli
