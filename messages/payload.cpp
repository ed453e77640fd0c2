#include "payload.hpp"

#include <stdexcept>
#include <string>

namespace tandem {

std::string type_names_of(const payload& content) {
  std::string result;
  for (size_t i = 0; i < content.size(); ++i)
    result += (i == 0 ? "" : ", ") + compat::name_of(compat::type_of_element(content, i));
  return result.empty() ? "empty" : result;
}

void throw_wrong_payload(const payload& content, const compat::element_type& wanted) {
  throw std::invalid_argument{"the payload must be " + compat::name_of(wanted) + ", and is " + type_names_of(content)};
}

} // namespace tandem
