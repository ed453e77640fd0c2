#include <tandem/actors/operation.hpp>

#include <stdexcept>

namespace tandem {

void operation::set_timeout(duration timeout) const {
  if (timeout < duration::zero())
    throw std::invalid_argument{"set_timeout: timeout must not be negative"};
  operation_->request(core::timeout_given{timeout});
}

} // namespace tandem
