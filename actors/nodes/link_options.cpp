#include "link_options.hpp"
#include "../../messages/time.hpp"

#include <stdexcept>

namespace tandem {

void check_options(const link_options& options) {
  check_duration("link_options: window", options.window);
  if (options.linger < duration::zero() || options.linger > std::chrono::milliseconds(10))
    throw std::invalid_argument{"link_options: linger must be between zero and 10 ms"};
}

} // namespace tandem
