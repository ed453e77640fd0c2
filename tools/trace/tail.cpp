#include "tail.hpp"

#include "../tandem/exit_status.hpp"
#include "growing_trace.hpp"
#include "record_table.hpp"

#include <cerrno>
#include <cstring>
#include <ostream>

#include <poll.h>

namespace tandem::cli {

namespace {

/// Nobody sees it come later than that; looking costs next to nothing.
constexpr int pause_ms = 50;

} // namespace

int trace_tail(const trace_tail_options& options, std::ostream& out, std::ostream& notes) {
  if (options.file == "-")
    throw usage_error{"tail takes the name of a file; for standard input there is `tandem trace show -`"};
  growing_trace trace{options.file, notes};
  if (!trace.open(options.lines)) {
    if (!options.follow)
      throw user_error{"cannot read " + options.file + ": " + std::strerror(ENOENT)};
    notes << "tandem: " << options.file << " is not there yet; waiting for it" << std::endl;
  }
  record_table table{out, {.columns = options.columns, .color = options.color, .is_live = true}};
  while (out) {
    if (const auto* x = trace.next()) {
      if (options.json)
        out << x->line << '\n';
      else
        table.add(*x);
      continue;
    }
    table.finish();
    out.flush();
    if (!options.follow)
      break;
    ::poll(nullptr, 0, pause_ms);
  }
  return exit_good;
}

} // namespace tandem::cli
