/// Calls of customer code that stay under way until the script says that they end: what happened meanwhile when the
/// trace was recorded can then happen again. Internal to replay.
#pragma once

#include "../execution/thread_pool.hpp"
#include "../interfaces.hpp"
#include "recorded_operation.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace tandem {

class held_calls {
public:
  /// So many calls are under way at once, each in a thread of its own; operations that need more cannot be played.
  static constexpr size_t most = 256;

  /// For the operations whose calls at `at` have to be held (recorded_operation::needs_held_call). What is beyond
  /// `most` is made unfit.
  held_calls(std::vector<recorded_operation>& operations, trace_side at);

  /// Where the calls have to be made: a pool with a thread for each of them, or `otherwise` if there are none.
  std::shared_ptr<thread_pool> pool(std::shared_ptr<thread_pool> otherwise) const;

  /// The end whose customer code it is, for which settle() waits: not for calls that are held. Before the first hold().
  void set_end(busy_end end);

  /// In a call of this operation's customer code, and at its end: blocks until the operation is released. Returns at
  /// once if its calls are not to be held.
  void hold(const operation_id& operation);

  /// Lets the call go on, if there is one, and all further ones of this operation. Any thread.
  void release(const operation_id& operation);
  void release_all();

private:
  void let_go(const operation_id& operation);

  size_t threads_ = 0; ///< how many calls can be under way at once
  std::mutex mutex_;   // guards the members below
  std::condition_variable released_;
  std::optional<busy_end> end_;
  std::set<operation_id> to_hold_;
  std::set<operation_id> held_;
};

} // namespace tandem
