#include "skip.hpp"

#include <utility>

namespace tandem_test {

namespace {

std::optional<std::string>& current_reason() {
  static std::optional<std::string> reason;
  return reason;
}

} // namespace

void skip(const std::string& reason) {
  current_reason() = reason;
}

std::optional<std::string> take_skip_reason() {
  return std::exchange(current_reason(), std::nullopt);
}

} // namespace tandem_test
