#include "outcome.hpp"

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

} // namespace tandem
