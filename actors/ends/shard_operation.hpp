/// One side of one operation as its shard sees it: the actor, its machine, its timer. Internal to the ends.
#pragma once

#include "../core/lane.hpp"
#include "../core/operation.hpp"
#include "../core/rare.hpp"
#include "../execution/strand.hpp"
#include "../execution/timer_wheel.hpp"
#include "../links/link.hpp"
#include "../serviced_subscription.hpp"
#include "event_backlog.hpp"
#include "operation_actor.hpp"
#include "operation_owner.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem {

/// The peer that an end of this side hands its tickets to.
template <class Side>
using link_peer = std::conditional_t<Side::is_front, rear_peer, fore_peer>;

/// Names a lane of an end: 0 for the joined link, others for the ports of a back.
using lane_id = uint64_t;

template <class Side>
struct lane_entry;

/// The members that only one of the two sides has.
template <class Side>
struct side_parts;

template <>
struct side_parts<core::front_side> {
  std::shared_ptr<serviced_ingestor> ingestor;
};

template <>
struct side_parts<core::back_side> {};

template <class Side>
class shard_operation final : public operation_actor, private timer_node {
public:
  shard_operation(caf::actor_config& config, std::shared_ptr<operation_owner<Side>> owner, const operation_id& id,
                  std::optional<tandem::trace_id> trace, std::string method, side_parts<Side> parts);
  ~shard_operation() override;

  // -- from any thread (operation_actor) --------------------------------------------------

  duration time_remaining() const override;
  void submit(core::customer_event&& event) override;
  void give(core::payload_given&& x) override;
  void large_bytes_gone() override;
  void bytes_sent(uint64_t bytes) noexcept override;
  void bytes_arrived(uint64_t bytes) override;
  bool is_ready() const override;
  void when_ready(std::function<void()> call) override;
  bool wait_until_ready(duration timeout) override;
  void add_callback(termination_callback callback) override;
  void annotate(std::string text) override;
  std::shared_ptr<const void> keep_receipt(std::shared_ptr<const void> receipt) override;
  void payload_consumed(const timed_payload& x) override;
  const char* name() const override;

  /// Later events must not overtake these.
  event_backlog waiting_events;

  /// The number of its lane. Set before customer code sees the operation.
  lane_id lane_number = 0;

  // -- in its shard only ------------------------------------------------------------------

  /// The entry of this operation, which has not ended, for get_operations (messages/commands.hpp).
  nlohmann::json describe() const;

  /// Publishes the deadline to time_remaining().
  void set_deadline(time_point deadline) {
    deadline_.store(deadline.time_since_epoch().count(), std::memory_order_relaxed);
  }

  /// Publishes that it has ended.
  void set_ended(outcome value, const std::string& details) {
    if (!details.empty())
      facts_.get().details = details;
    outcome_.store(static_cast<uint8_t>(value)); // before it is seen whether a thread waits for it (congestion)
  }

  /// Publishes how many payloads customer code may send. True if there are more than before.
  bool publish_allowed() noexcept {
    const auto now = machine->allowed();
    if (now <= allowed())
      return false;
    set_allowed(now);
    return true;
  }

  /// Publishes when it has to be told of payloads that were released. Returns how many are due already.
  uint64_t publish_release_due() noexcept;

  /// For its lane.
  core::lane_place& place() noexcept {
    return place_;
  }
  const core::lane_place& place() const noexcept {
    return place_;
  }

  /// For the wheel of its shard; a base, so that no pointer is needed from there to here.
  timer_node& timer() noexcept {
    return *this;
  }
  static shard_operation& of(timer_node& timer) noexcept {
    return static_cast<shard_operation&>(timer);
  }

  /// In a call of customer code: some of what it has sent waits for its turn.
  void set_sends_later() noexcept {
    sends_later_ = true;
  }
  /// Whether some did; no more from now on.
  bool take_sends_later() noexcept {
    return std::exchange(sends_later_, false);
  }

  std::optional<core::operation<Side>> machine; ///< there from the moment when the shard begins it
  lane_entry<Side>* lane = nullptr;             ///< while it is active: a lane goes after its operations
  std::shared_ptr<consumer> customer;
  std::vector<termination_callback> callbacks;

  /// What few operations need.
  struct rare_parts {
    std::vector<core::deliver> delivered_together; ///< with a work pool: for its next call
    std::shared_ptr<strand> callback_order;        ///< with a work pool: one callback at a time
    std::deque<std::function<void()>> ready_calls; ///< to be made when it can send, in turn
    uint32_t asks_held = 0;                        ///< of those: what the machine does not know of is in the way
  };

  core::rare<rare_parts> rare;
  side_parts<Side> parts;

protected:
  void receive(compat::envelope what) override;

private:
  caf::message answer_to(const caf::message& content);

  std::shared_ptr<operation_owner<Side>> owner_;
  core::lane_place place_;
};

extern template class shard_operation<core::front_side>;
extern template class shard_operation<core::back_side>;

} // namespace tandem
