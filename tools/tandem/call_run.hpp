/// The operation of `tandem call`, from its beginning to its outcome.
#pragma once

#include "call.hpp"
#include "round_trip.hpp"
#include "transit.hpp"

#include <tandem/actors/front_end.hpp>
#include <tandem/messages/outcome.hpp>

#include <memory>
#include <string>

namespace tandem::cli {

/// What an operation needs; all of it must outlive it.
struct call_parts {
  const call_options& options;
  const front_end& front;           ///< joined
  std::shared_ptr<transit> sending; ///< told by a transit_link behind the front
  round_trip& under_way;            ///< over the front's connection
  input_reader* input = nullptr;    ///< the stream, if there is one
};

/// Runs the operation, prints its results and its outcome. Throws user_error if results could not be printed though the
/// operation was completed.
outcome run_call(const call_parts& parts);

} // namespace tandem::cli
