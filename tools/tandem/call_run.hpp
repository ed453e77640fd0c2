/// The operation of `tandem call`, from its beginning to its outcome.
#pragma once

#include "call_options.hpp"

#include "../../actors/front_end.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../messages/outcome.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem::cli {

struct reached_back {
  std::string name;
  std::shared_ptr<rear_link> link;                   ///< of a connect()
  std::shared_ptr<node_link> acknowledges = nullptr; ///< the same, if it can tell what has arrived
};

/// The parts that an operation needs; all of them must outlive it.
struct call_parts {
  const call_options& options;
  const front_end& front;                 ///< joined
  const std::vector<reached_back>& backs; ///< behind the front; one of them gets it
  input_reader* input = nullptr;          ///< the stream, if there is one
};

/// Runs the operation, prints its results and its outcome. When a back refuses it, and its first ticket had all of it,
/// it goes to the next back. Throws user_error if the operation completed but its results could not be printed.
outcome run_call(const call_parts& parts);

} // namespace tandem::cli
