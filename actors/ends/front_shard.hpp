/// A shard of a front end. Internal to it.
#pragma once

#include "shard.hpp"

namespace tandem {

class front_shard final : public shard<core::front_side> {
public:
  /// `front` is the high half of all operation ids of the end.
  front_shard(std::shared_ptr<end_context> end, uint32_t index, uint64_t front);

  /// A fresh id of an operation of this shard. Any thread.
  operation_id make_id();

  /// The operation begins. In this shard only. With `waits` it waits for the link, if that is gone now (S-SEND-9).
  void begin(operation_ref operation, const core::settings& setup, core::commencement x, bool waits);

protected:
  void receive_unknown(back_to_front_ticket&& ticket, lane_id from) override;
  std::shared_ptr<consumer> open_customer(operation_type& operation,
                                          const side_parts<core::front_side>& parts) override;
  void abort_for_stop(operation_type& operation) override;

private:
  uint64_t front_;
  std::atomic<uint64_t> issued_{0};
};

} // namespace tandem
