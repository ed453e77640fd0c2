#include "show.hpp"

#include "../merging/clock_offsets.hpp"
#include "../reading/stream_copies.hpp"
#include "record_table.hpp"

#include <iostream>

namespace tandem::cli {

int trace_show(const trace_show_options& options, std::ostream& out, std::ostream& notes) {
  const bool several = options.files.size() > 1;
  const stream_copies copies{several ? options.files : std::vector<std::string>{}};
  trace_input input{options.files, notes, copies.paths()};
  if (several)
    align_clocks(input);
  record_table table{out, {.columns = options.columns, .color = options.color}};
  while (const auto* x = input.next()) {
    if (options.json)
      out << x->line << '\n';
    else
      table.add(*x);
    if (!out)
      break; // a reader that has gone, such as head, is not an error
  }
  table.finish();
  out.flush();
  return input.finish();
}

} // namespace tandem::cli
