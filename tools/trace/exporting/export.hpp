/// `tandem trace export`: traces for other programs.
#pragma once

#include "../operations/spans.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

enum class export_format { otlp, chrome, csv };

struct trace_export_options {
  std::vector<std::string> files; ///< "-": standard input
  std::string output = "-";       ///< "-": standard output
  export_format format = export_format::csv;
  std::string service = {};                           ///< OTLP: service.name; empty: the name of the node
  size_t most_events = 1000;                          ///< OTLP: tickets of an operation at a side; more are counted
  std::optional<size_t> payload_limit = std::nullopt; ///< bytes of each payload
};

/// Writes all files to `out` in the wanted format, in bounded memory. Returns the exit status.
int write_export(const trace_export_options& options, std::ostream& out, std::ostream& notes);

/// The same to the output of the options. Throws user_error if that cannot be written, usage_error if it would
/// overwrite a trace.
int trace_export(const trace_export_options& options, std::ostream& notes);

} // namespace tandem::cli
