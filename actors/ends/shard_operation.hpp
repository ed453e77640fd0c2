/// One side of one operation as its shard sees it: the actor, its machine, its timer. Internal to the ends.
#pragma once

#include "../core/operation.hpp"
#include "../serviced_subscription.hpp"
#include "../thread_pool.hpp"
#include "operation_actor.hpp"
#include "timer_wheel.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

template <class Side>
class shard;
template <class Side>
struct lane;

/// What the two sides have beside what they share.
template <class Side>
struct side_parts;

template <>
struct side_parts<core::front_side> {
  std::shared_ptr<serviced_ingestor> ingestor;
};

template <>
struct side_parts<core::back_side> {};

template <class Side>
class shard_operation final : public operation_actor {
public:
  shard_operation(caf::actor_config& config, std::shared_ptr<shard<Side>> owner, const operation_id& id,
                  std::optional<tandem::trace_id> trace, std::string method, side_parts<Side> parts);
  ~shard_operation() override;

  // -- from any thread (operation_actor) --------------------------------------------------

  duration time_remaining() const override;
  void give(core::payload_given event) override;
  void request(core::failure_requested event) override;
  void request(core::cancel_requested event) override;
  void request(core::timeout_given event) override;
  void add_callback(termination_callback callback) override;
  void annotate(std::string text) override;
  const char* name() const override;

  /// For operation_listing.hpp. In its shard only; it has not ended.
  nlohmann::json describe() const;

protected:
  void receive(compat::envelope what) override;
  caf::message receive_timeout(duration timeout);

private:
  friend class shard<Side>;

  /// Publishes the deadline to time_remaining().
  void set_deadline(time_point deadline) {
    deadline_.store(deadline.time_since_epoch().count(), std::memory_order_relaxed);
  }

  std::shared_ptr<shard<Side>> owner_;
  std::atomic<uint32_t> queued_{0}; // events in the shard's inbox: later ones must not overtake them

  // Of the shard only.
  std::optional<core::operation<Side>> machine_; // from the moment when its shard begins it
  struct timer : timer_node {
    shard_operation* owner = nullptr;
  };
  timer timer_;
  lane<Side>* lane_ = nullptr; // outlives the operation: a lane goes after its operations
  bool is_patient_ = false;    // will wait for the lane's link (S-SEND-9)
  bool waits_ = false;         // waits for it now
  uint32_t waiting_ = 0;       // how many of its tickets wait there
  std::shared_ptr<consumer> customer_;
  std::vector<termination_callback> callbacks_;
  std::shared_ptr<strand> callback_order_; // with a work pool: one callback at a time

public:
  side_parts<Side> parts;
};

extern template class shard_operation<core::front_side>;
extern template class shard_operation<core::back_side>;

} // namespace tandem
