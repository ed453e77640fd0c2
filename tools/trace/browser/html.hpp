/// `tandem trace html`: traces as one page for the browser.
#pragma once

#include "../operations/spans.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

struct trace_html_options {
  std::vector<std::string> files; ///< "-": standard input
  std::string output = {};        ///< "-": standard output
  size_t payload_limit = 512;     ///< bytes of each payload that are put into the page
  uint64_t most_tickets = 500'000;
};

/// Writes the data of all files for the page to `out`, as JSON Lines in which "<" does not occur: a line about the
/// whole, one for each operation at a side and for each event of a link, and one about the end. Returns the exit
/// status.
int write_page_data(const trace_html_options& options, std::ostream& out, std::ostream& notes);

/// Writes the page. Throws user_error if that cannot be done, usage_error if it would overwrite a trace.
int trace_html(const trace_html_options& options, std::ostream& notes);

} // namespace tandem::cli
