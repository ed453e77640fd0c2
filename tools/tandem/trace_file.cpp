#include "trace_file.hpp"

#include "exit_status.hpp"

#include <tandem/actors/links/recording_link.hpp>
#include <tandem/actors/nodes/link_options.hpp>

namespace tandem::cli {

std::shared_ptr<trace_writer> open_trace(const std::string& path, const std::string& side, const std::string& link) {
  if (path.empty())
    return nullptr;
  try {
    return std::make_shared<trace_writer>(path, make_trace_header(default_node_name(), side, link));
  } catch (const std::exception& e) {
    throw user_error{e.what()};
  }
}

} // namespace tandem::cli
