#include "tail.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/standard_output.hpp"
#include "../../cli/text.hpp"
#include "../reading/growing_trace.hpp"
#include "../reading/stream_copies.hpp"
#include "../reading/trace_input.hpp"
#include "record_table.hpp"

#include <cerrno>
#include <ostream>

namespace tandem::cli {

namespace {

/// Nobody sees it come later than that; looking costs next to nothing.
constexpr int pause_ms = 50;

} // namespace

int trace_tail(const trace_tail_options& options, std::ostream& out, std::ostream& notes) {
  using growing = trace_reader::growing;
  // Where a stream ends is known at its end only.
  const stream_copies copies{options.follow ? std::vector<std::string>{} : std::vector{options.file}};
  const auto copy = copies.paths().find(options.file);
  growing_trace trace{copy == copies.paths().end() ? options.file : copy->second, notes,
                      options.follow ? growing::yes : growing::no};
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
    if (!options.follow || trace.is_over() || reader_leaves_within(pause_ms))
      break;
  }
  if (trace.has_anything() || (options.follow && !trace.is_over()))
    return exit_good;
  if (options.follow)
    throw user_error{printable(name_of_input(options.file)) + " is not a trace"};
  trace_input whole{{options.file}, notes, copies.paths()}; // its last lines say nothing; does the rest?
  whole.next();
  return whole.finish();
}

} // namespace tandem::cli
