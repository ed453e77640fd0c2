/// The customer code of a scenario, at both sides: records every call, then does what the hooks say.
#pragma once

#include "../../../actors/consumer.hpp"
#include "gates.hpp"
#include "handle.hpp"
#include "scenario.hpp"

#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace tandem::conformance {

/// Every function may be called from any thread.
class customer {
public:
  /// A call of customer code under way.
  struct call {
    side at;
    handle_ptr operation;
    call_kind kind;
    std::optional<std::string> text; ///< what is consumed; the name of the method that is to be opened
    const hook* what = nullptr;      ///< what is to be done; null: nothing
  };

  explicit customer(std::map<side, behaviour> behaviours) : behaviours_(std::move(behaviours)) {
  }

  // -- being called: begin, wait at the gate that gate_of names, finish -----------------------

  /// Records the call.
  call begin(side at, handle_ptr operation, call_kind kind, std::optional<std::string> text = std::nullopt);

  /// Where this call blocks; null: nowhere.
  static const std::string* gate_of(const call& x) {
    return x.what != nullptr && x.what->block ? &*x.what->block : nullptr;
  }

  /// Does what the hook says, then what the behaviour does. May throw what customer code throws.
  void finish(const call& x);

  conformance::gates& gates() {
    return gates_;
  }

  // -- what was recorded ------------------------------------------------------------------------

  struct received_call {
    std::optional<std::string> payload;
    bool last = false;
  };

  /// Calls that the consumer of that side got.
  std::vector<received_call> received(side at, const operation_id& id) const;

  /// How many times service() was called.
  uint64_t services(const operation_id& id) const;

  /// Makes an operation known to find().
  void introduce(side at, handle_ptr operation);

  /// Null if customer code of that side never saw the operation.
  handle_ptr find(side at, const operation_id& id) const;

  /// All operations that customer code of that side saw.
  std::vector<handle_ptr> operations(side at) const;

  /// Lets go of all operations.
  void release();

private:
  struct side_record {
    handle_ptr operation;
    std::vector<received_call> received;
    std::map<call_kind, uint64_t> calls;
  };

  void act(const call& x);

  const std::map<side, behaviour> behaviours_;
  conformance::gates gates_;
  mutable std::mutex mutex_;
  std::map<std::pair<side, operation_id>, side_record> records_;
};

/// The text in a payload; what scenarios have never sent is rendered so that it is recognised as wrong.
std::string text_of(const payload& content);

} // namespace tandem::conformance
