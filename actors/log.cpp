#include "log.hpp"
#include "../messages/thrown.hpp"
#include "../messages/without_controls.hpp"

#include <poll.h>
#include <unistd.h>

namespace tandem {

void write_log(const log_function& log, const std::string& line) {
  const auto text = without_controls(line); // names, reasons and what was thrown are in it
  if (!log)
    return write_to_standard_error(text);
  try {
    log(text);
  } catch (...) {
    write_to_standard_error(text);
    write_to_standard_error("the log function threw: " + without_controls(thrown_text()));
  }
}

void write_to_standard_error(const std::string& line) {
  const auto text = "tandem: " + line + "\n";
  pollfd state{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&state, 1, 0) == 1 && (state.revents & POLLOUT) != 0) [[maybe_unused]]
    const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

} // namespace tandem
