/// Outcomes as the reasons with which actors end: what a monitor of an operation's actor reads from its down message.
#pragma once

#include "caf/error.hpp"
#include "outcome.hpp"

#include <string>

namespace tandem {

/// The reason with which an operation's actor ends (S-END-8): no error for completed, otherwise an error made of the
/// outcome that carries `details`.
caf::error to_error(outcome value, const std::string& details = {});

/// The outcome that a down or exit message's reason stands for: what to_error was given; completed for no error;
/// transmission failure for anything else, since then the operation's actor was lost with its node or was ended by
/// force.
outcome outcome_of(const caf::error& reason) noexcept;

/// True if the operation ended with transmission failure because the back refused to begin it: nothing of it ran there,
/// and it can be tried elsewhere (S-END-12).
bool was_refused(const caf::error& reason);

/// The details that to_error was given, or the text that another reason carries.
std::string details_of(const caf::error& reason);

} // namespace tandem
