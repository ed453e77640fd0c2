/// `tandem operations`: the open operations of a back on another node.
#pragma once

#include "endpoint_text.hpp"
#include "node_arguments.hpp"

#include "../../messages/ticket.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <iosfwd>

namespace tandem::cli {

struct operations_options {
  node_arguments node;
  endpoint back;
  uint64_t most = 1000;
  duration timeout = std::chrono::seconds(10);
  bool json = false;
};

/// Prints them; returns the exit status. Throws user_error if the back cannot be asked.
int operations(const operations_options& options);

/// A line for each operation (actors/ends/operation_listing.hpp).
void write_operations(const nlohmann::json& listing, std::ostream& out);

} // namespace tandem::cli
