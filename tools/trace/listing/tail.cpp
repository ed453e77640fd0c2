#include "tail.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/standard_output.hpp"
#include "../../cli/text.hpp"
#include "../../cli/trace_notes.hpp"
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

/// What a file is that will never be a trace, whatever is added to it; empty if it may be one.
std::string_view foreign_kind_of(const std::string& file) {
  input_file in{file};
  std::string start(8, '\0');
  in.stream().read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(in.stream().gcount()));
  return trace_reader::foreign_kind(start);
}

} // namespace

int trace_tail(const trace_tail_options& options, std::ostream& out, std::ostream& notes) {
  using growing = trace_reader::growing;
  const bool is_packed = packing_of_file(options.file) != packing::none;
  if (!is_packed && !is_stream(options.file))
    if (const auto kind = foreign_kind_of(options.file); !kind.empty()) {
      notes << "tandem: " << printable(options.file) << " is not a trace file: " << kind << '\n';
      return exit_error;
    }
  const bool follow = options.follow && !is_packed; // nobody adds to a packed file
  // Where a stream, or a packed file, ends is known at its end only.
  const auto copies = follow ? stream_copies{{}} : stream_copies::unpacked(options.file);
  const auto copy = copies.paths().find(options.file);
  growing_trace trace{copy == copies.paths().end() ? options.file : copy->second, notes,
                      follow ? growing::yes : growing::no, options.file};
  if (!trace.open(options.lines)) {
    if (!follow)
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
    if (!follow || trace.is_over() || reader_leaves_within(pause_ms))
      break;
  }
  if (trace.has_anything() || (follow && !trace.is_over())) {
    const bool is_whole = trace.finish() && write_packing_problem(name_of_input(options.file), copies.problem(), notes);
    return is_whole ? exit_good : exit_error;
  }
  if (follow)
    throw user_error{printable(name_of_input(options.file)) + " is not a trace"};
  // Its last lines say nothing; does the rest?
  trace_input whole{{options.file}, notes, is_stream(options.file) ? copies.paths() : stream_paths{}};
  whole.next();
  const int status = whole.finish();
  return write_packing_problem(name_of_input(options.file), copies.problem(), notes) ? status : exit_error;
}

} // namespace tandem::cli
