#include "show.hpp"

#include "../reading/prepared_trace.hpp"
#include "record_table.hpp"

#include <iostream>

namespace tandem::cli {

int trace_show(const trace_show_options& options, std::ostream& out, std::ostream& notes) {
  prepared_trace trace{options.files, notes};
  record_table table{out,
                     {.columns = options.columns, .color = options.color, .names_nodes = trace.nodes().size() > 2}};
  while (const auto* x = trace.next()) {
    if (options.json)
      out << x->line << '\n';
    else
      table.add(*x);
    if (!out)
      break; // a reader that has gone, such as head, is not an error
  }
  table.finish();
  out.flush();
  return trace.finish();
}

} // namespace tandem::cli
