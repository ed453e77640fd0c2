#include "payload.hpp"

#include <stdexcept>
#include <string>

namespace tandem {

void throw_wrong_payload(const payload& content, const compat::element_type& wanted) {
  std::string actual;
  for (size_t i = 0; i < content.size(); ++i)
    actual += (i == 0 ? "" : ", ") + compat::name_of(compat::type_of_element(content, i));
  throw std::invalid_argument{"the payload must be " + compat::name_of(wanted) + ", and is "
                              + (actual.empty() ? "empty" : actual)};
}

} // namespace tandem
