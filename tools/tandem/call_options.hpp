/// The options of `tandem call`.
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
  node_arguments node;         ///< these configure the link
  std::vector<endpoint> backs; ///< none, if there is `caf`
  std::optional<endpoint> caf; ///< where CAF's middleman has published a gateway
  std::string key; ///< chooses one of the backs by consistent hashing; empty: the first that takes the operation
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
