#include "../operation.hpp"
#include "../../messages/check_duration.hpp"

#include <stdexcept>

namespace tandem {

void operation::set_timeout(duration timeout) const {
  check_duration("set_timeout: timeout", timeout);
  operation_->request(core::timeout_given{timeout});
}

} // namespace tandem
