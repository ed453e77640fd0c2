/// Calls of customer code: where they run, and what happens to their exceptions. Without a work pool they run in the
/// shard; with one, in its threads (S-STATS-7). Internal to the ends.
#pragma once

#include "call_watch.hpp"
#include "operation_owner.hpp"
#include "shard_operation.hpp"

#include <functional>
#include <memory>

namespace tandem {

/// Part of one shard; used by it only.
template <class Side>
class customer_calls {
public:
  using operation_type = shard_operation<Side>;
  using operation_ref = compat::light_ptr<operation_type>;

  /// Makes the consumer of an operation: the servicer, or the ingestor. Any thread.
  using factory = std::function<std::shared_ptr<consumer>(operation_type&, const side_parts<Side>&)>;

  /// `owner` has this as a member.
  customer_calls(operation_owner<Side>& owner, factory open) : owner_(owner), open_(std::move(open)) {
  }

  /// Has the consumer made.
  void open(operation_type& operation);

  /// Tells customer code that it can send: makes the oldest call that waits for that.
  void report_ready(operation_type& operation);

  /// Hands it a payload, or the end of the stream. True if the next delivery, which waits already, should come at once
  /// (call_extended), so that the pool gets both together: a way there and back for each costs a stream its pace.
  bool deliver(operation_type& operation, core::deliver&& x);

  /// The operation has ended (S-END-7).
  void run_callbacks(operation_type& operation);

  /// Runs a callback that was added after the end. Any thread, if the operation's shard has stopped.
  static void run_callback(end_context& end, strand* order, operation_ref operation, termination_callback callback);

  /// Of the calls that are made in the shard. Any thread.
  call_watch& watch() noexcept {
    return watch_;
  }

private:
  static constexpr size_t most_together = 64;

  void run(operation_type& operation, std::vector<termination_callback> callbacks);
  static void call_back(end_context& end, operation_ref operation, termination_callback callback);

  /// In the shard. `call` makes the customer_scope.
  template <class Call>
  void call_here(operation_type& operation, Call call);
  /// In the shard, or in a thread of the pool. `timed_by` has the clock if it is recorded how long payloads take; null
  /// if it is not.
  static void hand_over(operation_type& operation, consumer& customer, core::deliver& x, const end_context* timed_by);
  void call_in_pool(operation_type& operation, std::function<std::shared_ptr<consumer>()> call);

  operation_owner<Side>& owner_;
  factory open_;
  call_watch watch_;
};

extern template class customer_calls<core::front_side>;
extern template class customer_calls<core::back_side>;

} // namespace tandem
