/// What `tandem call` is asked to do.
#pragma once

#include "endpoint_text.hpp"
#include "input_reader.hpp"
#include "node_arguments.hpp"

#include "../../messages/subscription.hpp"
#include "../../messages/ticket.hpp"
#include "../../messages/trace_id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

struct call_options {
  node_arguments node; ///< what the link is configured by
  std::vector<endpoint> backs;
  std::string key; ///< which of the backs it is by consistent hashing; empty: the first that takes the operation
  std::string name;
  std::vector<std::string> payloads;
  std::string stream; ///< a file that follows the payloads, "-" for standard input; empty: none
  piece pieces = piece::line;
  std::optional<duration> timeout = {};
  subscription_kind subscription = subscription_kind::full;
  std::optional<tandem::trace_id> trace_id = {};
  bool quiet = false;
  std::optional<bool> progress = {};
};

} // namespace tandem::cli
