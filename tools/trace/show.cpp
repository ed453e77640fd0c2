#include "show.hpp"

#include "../tandem/exit_status.hpp"
#include "table.hpp"
#include "trace_input.hpp"

#include <algorithm>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

/// What is shown of all files, in the order of the output once sort() was called.
struct shown {
  std::vector<trace_row> rows;
  std::vector<std::pair<int64_t, std::string>> lines; ///< for JSON: when, and the line as it was

  void sort() {
    auto earlier = [](const auto& x, const auto& y) { return x.wall_ns < y.wall_ns; };
    std::stable_sort(rows.begin(), rows.end(), earlier);
    std::stable_sort(lines.begin(), lines.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  }
};

} // namespace

int trace_show(const trace_show_options& options, std::ostream& out, std::ostream& notes) {
  trace_input input{options.files, notes};
  shown result;
  while (const auto* x = input.next()) {
    if (options.json)
      result.lines.emplace_back(x->entry->wall_ns, x->line);
    else if (x->entry->is_ticket())
      result.rows.emplace_back(*x->entry, options.columns);
  }
  const int status = input.finish();
  if (options.files.size() > 1)
    result.sort();
  write_table(result.rows, options.columns, out);
  for (const auto& [when, line] : result.lines)
    out << line << '\n';
  out.flush(); // a reader that has gone, such as head, is no error
  return status;
}

size_t output_columns() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 100;
}

} // namespace tandem::cli
