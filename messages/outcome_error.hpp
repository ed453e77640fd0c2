/// Outcomes as the reasons with which actors end: a monitor of an operation's actor reads them from its down message.
///
///     self->monitor(operation, [](const caf::error& reason) {   // CAF 1.x
///       std::puts((to_string(outcome_of(reason)) + ": " + details_of(reason)).c_str());
///     });
#pragma once

#include "caf/error.hpp"
#include "outcome.hpp"

#include <string>

namespace tandem {

/// The reason with which an operation's actor ends (S-END-8): no error for completed, otherwise an error made from the
/// outcome, with `details`.
caf::error to_error(outcome value, const std::string& details = {});

/// The outcome that the reason of a down or exit message stands for: the one that to_error was given; completed if
/// there is no error; transmission failure for anything else, since the operation's actor was then lost with its node
/// or was ended by force.
outcome outcome_of(const caf::error& reason) noexcept;

/// True if the operation ended with transmission failure because the back refused to begin it: nothing of it ran there,
/// and it can be tried again, at this back or another (S-END-12).
bool was_refused(const caf::error& reason);

/// The details that to_error was given, or the text that another reason carries.
std::string details_of(const caf::error& reason);

} // namespace tandem
