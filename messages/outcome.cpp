#include "outcome.hpp"
#include "type_ids.hpp"

#include <caf/message.hpp>

namespace tandem {

std::string to_string(outcome value) {
  switch (value) {
    case outcome::completed:
      return "completed";
    case outcome::cancelled:
      return "cancelled";
    case outcome::expired:
      return "expired";
    case outcome::reception_failure:
      return "reception failure";
    case outcome::transmission_failure:
      return "transmission failure";
    case outcome::servicer_failure:
      return "servicer failure";
    case outcome::serviced_failure:
      return "serviced failure";
  }
  return "invalid";
}

std::optional<outcome> parse_outcome(std::string_view text) noexcept {
  for (auto value : all_outcomes)
    if (text == to_string(value))
      return value;
  return std::nullopt;
}

bool from_string(std::string_view text, outcome& value) noexcept {
  if (auto parsed = parse_outcome(text)) {
    value = *parsed;
    return true;
  }
  return false;
}

bool from_integer(uint8_t number, outcome& value) noexcept {
  if (number < 1 || number > all_outcomes.size())
    return false;
  value = static_cast<outcome>(number);
  return true;
}

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
  return outcome_of(reason) == outcome::transmission_failure && details_of(reason).starts_with(refused_prefix);
}

} // namespace tandem
