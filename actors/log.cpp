#include "log.hpp"
#include "../messages/thrown.hpp"
#include "../messages/without_controls.hpp"

namespace tandem {

void write_log(const log_function& log, const std::string& line) {
  if (!log)
    return write_to_standard_error(line);
  const auto text = without_controls(line); // names, reasons and what was thrown are in it
  try {
    log(text);
  } catch (...) {
    write_to_standard_error(text);
    write_to_standard_error("the log function threw: " + thrown_text());
  }
}

} // namespace tandem
