/// Traces as CSV (RFC 4180): a line for each record, a column for each field.
#pragma once

#include "../reading/trace_input.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>

namespace tandem::cli {

/// The names of the columns.
void write_csv_head(std::ostream& out);

/// `file`: how the file is called. `payload_limit`: bytes of the payload's JSON.
void write_csv_row(const placed_entry& placed, const std::string& file, size_t payload_limit, std::ostream& out);

} // namespace tandem::cli
