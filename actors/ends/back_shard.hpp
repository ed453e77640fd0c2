/// A shard of a back end. Internal to it.
#pragma once

#include "../servicer.hpp"
#include "ended_memory.hpp"
#include "shard.hpp"

namespace tandem {

class back_shard final : public shard<core::back_side> {
public:
  back_shard(std::shared_ptr<end_context> end, uint32_t index, std::shared_ptr<servicer> services,
             const end_options& options);

  /// Why a back that has stopped refuses operations.
  static constexpr const char* has_stopped = "the back has stopped";

  /// From now on (S-END-12).
  void refuse_new() {
    refuses_new_ = true;
  }

protected:
  void receive_unknown(front_to_back_ticket&& ticket, lane_id from) override;
  std::shared_ptr<consumer> open_customer(operation_type& operation, const side_parts<core::back_side>& parts) override;
  void forget(operation_type& operation) override;
  void abort_for_stop(operation_type& operation) override;

private:
  /// S-END-12.
  void refuse(const front_to_back_ticket& ticket, lane_id from, const std::string& why);

  std::shared_ptr<servicer> services_;
  duration default_timeout_;
  duration maximum_timeout_;
  uint64_t maximum_operations_;
  ended_memory ended_;
  bool refuses_new_ = false;
};

} // namespace tandem
