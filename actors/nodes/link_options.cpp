#include "link_options.hpp"
#include "../../messages/check_duration.hpp"

#include <stdexcept>

#include <unistd.h>

namespace tandem {

std::string default_node_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0)
    return "unknown/" + std::to_string(::getpid());
  return std::string{name} + "/" + std::to_string(::getpid());
}

void check_options(const link_options& options) {
  check_duration("link_options: window", options.window);
  if (options.linger < duration::zero() || options.linger > std::chrono::milliseconds(10))
    throw std::invalid_argument{"link_options: linger must be between zero and 10 ms"};
}

} // namespace tandem
