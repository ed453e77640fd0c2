#include "outcome_error.hpp"
#include "type_ids.hpp"

#include <caf/message.hpp>

namespace tandem {

caf::error to_error(outcome value, const std::string& details) {
  if (value == outcome::completed)
    return {};
  if (details.empty())
    return caf::make_error(value);
  return caf::make_error(value, details);
}

outcome outcome_of(const caf::error& reason) noexcept {
  if (!compat::is_error(reason))
    return outcome::completed;
  if (auto value = compat::error_as<outcome>(reason);
      value && *value >= outcome::completed && *value <= outcome::serviced_failure)
    return *value;
  return outcome::transmission_failure;
}

std::string details_of(const caf::error& reason) {
  if (!compat::is_error(reason))
    return {};
  if (compat::error_as<outcome>(reason))
    return compat::error_details(reason);
  return caf::to_string(reason);
}

bool was_refused(const caf::error& reason) {
  return was_refused(outcome_of(reason), details_of(reason));
}

} // namespace tandem
