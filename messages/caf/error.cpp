#include "error.hpp"

#include <caf/message.hpp>

namespace tandem::compat {

std::string error_details(const caf::error& x) {
  std::string result;
  if (!is_error(x))
    return result;
  const caf::message& context = x.context();
  for (size_t i = 0; i < context.size(); ++i) {
    if (!context.match_element<std::string>(i))
      continue;
    if (!result.empty())
      result += ' ';
    result += context.get_as<std::string>(i);
  }
  return result;
}

} // namespace tandem::compat
