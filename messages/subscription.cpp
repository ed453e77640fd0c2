#include "subscription.hpp"

namespace tandem {

std::string to_string(subscription_kind kind) {
  switch (kind) {
    case subscription_kind::full:
      return "full";
    case subscription_kind::termination_only:
      return "termination only";
    case subscription_kind::none:
      return "none";
  }
  return "invalid";
}

std::optional<subscription_kind> parse_subscription_kind(std::string_view text) noexcept {
  for (auto kind : {subscription_kind::full, subscription_kind::termination_only, subscription_kind::none})
    if (text == to_string(kind))
      return kind;
  return std::nullopt;
}

} // namespace tandem
