#include "tail.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/standard_output.hpp"
#include "../../cli/text.hpp"
#include "../reading/growing_trace.hpp"
#include "record_table.hpp"

#include <cerrno>
#include <ostream>

namespace tandem::cli {

namespace {

/// Nobody sees it come later than that; looking costs next to nothing.
constexpr int pause_ms = 50;

} // namespace

int trace_tail(const trace_tail_options& options, std::ostream& out, std::ostream& notes) {
  if (options.file == "-")
    throw usage_error{"tail takes the name of a file; for standard input there is `tandem trace show -`"};
  using growing = trace_reader::growing;
  growing_trace trace{options.file, notes, options.follow ? growing::yes : growing::no};
  if (!trace.open(options.lines)) {
    if (!options.follow)
      throw user_error{cannot_read(options.file, ENOENT)};
    notes << "tandem: " << printable(options.file) << " is not there yet; waiting for it" << std::endl;
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
    if (!options.follow || reader_leaves_within(pause_ms))
      break;
  }
  if (!options.follow && !trace.may_be_trace())
    throw user_error{printable(options.file) + " is not a trace file"};
  return exit_good;
}

} // namespace tandem::cli
