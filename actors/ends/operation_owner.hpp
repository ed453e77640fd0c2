/// A shard, as its parts see it: operations, lanes and calls of customer code know only this interface. Internal to the
/// ends.
#pragma once

#include "../compat/light_ptr.hpp"
#include "../core/events.hpp"
#include "../core/sides.hpp"
#include "../operation_context.hpp"

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace tandem {

class end_context;
struct timed_payload;
template <class Side>
class shard_operation;

/// The result of a call of customer code.
using call_result = std::variant<core::customer_returned, core::customer_threw>;

/// The result of handing tickets over.
using link_result = std::variant<core::last_ticket_taken, core::transmission_failed>;

template <class Side>
class operation_owner : public std::enable_shared_from_this<operation_owner<Side>> {
public:
  using operation_type = shard_operation<Side>;
  using operation_ref = compat::light_ptr<operation_type>;

  virtual ~operation_owner() = default;

  // -- any thread ----------------------------------------------------------------------------

  /// An event for an operation of this shard: handled at once if the caller is this shard, else queued.
  virtual void submit(operation_type& operation, core::customer_event&& event) = 0;
  virtual void give(operation_type& operation, core::payload_given&& x) = 0;

  /// Runs `job` in this shard, ahead of what waits for its turn there. False if the shard has stopped.
  virtual bool post(std::function<void()> job) = 0;

  /// A call of customer code in the work pool is over. `opened` is the consumer that it returned, if it had to return
  /// one.
  virtual void call_ended(operation_ref operation, call_result result, std::shared_ptr<consumer> opened) = 0;

  virtual void add_callback(operation_ref operation, termination_callback callback) = 0;

  /// `call` is made when the operation can send (S-FLOW-8).
  virtual void ask_ready(operation_ref operation, std::function<void()> call) = 0;

  /// Half of its large payloads are gone, for which some waited.
  virtual void bytes_gone(operation_ref operation) = 0;

  virtual void annotate(operation_ref operation, std::string text) = 0;

  /// Records that customer code has consumed a payload just now.
  virtual void payload_consumed(operation_ref operation, const timed_payload& x) = 0;

  virtual end_context& end() const noexcept = 0;

  // -- in this shard only --------------------------------------------------------------------

  /// Whether it is recorded how long customer code takes for the operation's payloads.
  virtual bool is_timed(operation_type& operation) = 0;

  /// A call of customer code that was made in this shard is over.
  virtual void returned(operation_type& operation) = 0;
  virtual void threw(operation_type& operation, core::customer_threw&& x) = 0;

  virtual void apply(operation_type& operation, link_result result) = 0;

  /// Null if this shard has no operation with this id.
  virtual operation_ref find(const operation_id& id) const = 0;

  /// Visits all operations; `f` may end them.
  virtual void for_each(const std::function<void(operation_type&)>& f) = 0;
};

} // namespace tandem
