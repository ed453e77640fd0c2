#include "node_name.hpp"

#include <unistd.h>

namespace tandem::cli {

std::string node_name() {
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) != 0)
    return "unknown/" + std::to_string(getpid());
  return std::string{host} + "/" + std::to_string(getpid());
}

} // namespace tandem::cli
