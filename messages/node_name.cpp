#include "node_name.hpp"

#include <unistd.h>

namespace tandem {

std::string default_node_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0)
    return "unknown/" + std::to_string(::getpid());
  return std::string{name} + "/" + std::to_string(::getpid());
}

} // namespace tandem
