#include "../operation_context.hpp"

#include <stdexcept>

namespace tandem {

void operation_context::add_termination_callback(termination_callback callback) const {
  if (!callback)
    throw std::invalid_argument{"add_termination_callback: callback must not be empty"};
  operation_->add_callback(std::move(callback));
}

} // namespace tandem
