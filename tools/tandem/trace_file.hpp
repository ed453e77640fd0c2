/// The file that --trace names, for writing.
#pragma once

#include <tandem/messages/trace/trace_writer.hpp>

#include <memory>
#include <string>

namespace tandem::cli {

/// Null if `path` is empty. `side` and `link` are for the header. Throws user_error if it cannot be written.
std::shared_ptr<trace_writer> open_trace(const std::string& path, const std::string& side, const std::string& link);

} // namespace tandem::cli
