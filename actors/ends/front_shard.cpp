#include "front_shard.hpp"

namespace tandem {

front_shard::front_shard(std::shared_ptr<end_context> end, uint32_t index, uint64_t front)
  : shard(std::move(end), index), front_(front) {
}

operation_id front_shard::make_id() {
  return {front_, issued_.fetch_add(1, std::memory_order_relaxed) << 8 | index_};
}

void front_shard::begin(operation_ref operation, const core::settings& setup, core::commencement x, bool waits) {
  auto keep = operation;
  adopt(std::move(operation), 0, waits, setup, std::move(x), [&](operation_type& begun, const core::commencement& how) {
    record_begun(begun, setup, how.timeout.value_or(setup.default_timeout));
  });
  if (stopping())
    abort_for_stop(*keep);
}

/// S-RECV-5: the id alone tells whether this front ever had the operation.
void front_shard::receive_unknown(back_to_front_ticket&& ticket, lane_id) {
  const auto& id = ticket.operation;
  tap_.stray(trace_event::received, ticket);
  if (ticket.kind == ticket_kind::allowance)
    return; // S-FLOW-12
  const bool ours
    = id.high == front_ && (id.low & 0xff) == index_ && id.low >> 8 < issued_.load(std::memory_order_relaxed);
  count(ours ? late_ : dropped_);
}

std::shared_ptr<consumer> front_shard::open_customer(operation_type& operation,
                                                     const side_parts<core::front_side>& parts) {
  return parts.ingestor->consumer(operation_context{operation_ptr{&operation}});
}

/// S-END-11.
void front_shard::abort_for_stop(operation_type& operation) {
  apply_event(operation, core::cancel_requested{"the front end was stopped"});
}

} // namespace tandem
