#include "standard_error.hpp"
#include "without_controls.hpp"

#include <poll.h>
#include <unistd.h>

namespace tandem {

void write_to_standard_error(const std::string& line) {
  const auto text = "tandem: " + without_controls(line) + "\n";
  pollfd state{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&state, 1, 0) == 1 && (state.revents & POLLOUT) != 0) [[maybe_unused]]
    const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

} // namespace tandem
