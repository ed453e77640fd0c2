#include "connect_options.hpp"

#include <stdexcept>

namespace tandem {

void check_options(const connect_options& x) {
  check_options(x.link);
  check_duration("connect_options: timeout", x.timeout);
  check_positive_duration("connect_options: first_pause", x.first_pause);
  check_duration("connect_options: longest_pause", x.longest_pause);
  if (x.longest_pause < x.first_pause)
    throw std::invalid_argument{"connect_options: longest_pause must not be less than first_pause"};
}

} // namespace tandem
