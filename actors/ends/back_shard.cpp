#include "back_shard.hpp"

#include <algorithm>

namespace tandem {

back_shard::back_shard(std::shared_ptr<end_context> end, uint32_t index, std::shared_ptr<servicer> services,
                       const end_options& options)
  : shard(std::move(end), index),
    services_(std::move(services)),
    default_timeout_(options.default_timeout),
    maximum_timeout_(options.maximum_timeout),
    maximum_operations_(options.maximum_operations),
    ended_(options.remembered_operations) {
}

void back_shard::receive_unknown(front_to_back_ticket&& ticket, lane_id from) {
  if (ticket.kind == ticket_kind::allowance)
    return tap_.stray(trace_event::received, ticket); // S-FLOW-12
  if (ended_.contains(ticket.operation)) {
    tap_.stray(trace_event::received, ticket);
    return count(late_); // S-RECV-5, S-RECV-6
  }
  if (!is_first(ticket.kind)) {
    tap_.stray(trace_event::received, ticket);
    return count(dropped_); // S-RECV-5
  }
  if (stopping())
    return refuse(ticket, from, has_stopped);
  if (refuses_new_)
    return refuse(ticket, from, "the back is draining");
  auto* limit = lanes_.limit_of(from);
  const bool session_is_full = limit != nullptr && limit->held.is_over();
  if (session_is_full || end().held().is_over()) { // S-FLOW-16
    const auto& held = session_is_full ? limit->held : end().held();
    return refuse(ticket, from,
                  "the operations under way hold " + std::to_string(held.all()) + " bytes of payloads; "
                    + (session_is_full ? "limits.waiting_bytes_per_session" : "waiting_bytes") + " is "
                    + std::to_string(held.most()));
  }
  if (limit != nullptr && !limit->operation_may_begin())
    return refuse(ticket, from,
                  "the session has as many operations under way as it may, limits.operations_per_session is "
                    + std::to_string(limit->most())); // S-PORT-9
  if (!end().operation_may_begin(maximum_operations_)) {
    if (limit != nullptr)
      limit->operation_ended();
    return refuse(ticket, from, "the back runs as many operations as it may, " + std::to_string(maximum_operations_));
  }
  const auto settings
    = core::settings_for(ticket, end().options().held_tickets, default_timeout_, maximum_timeout_, now(), end().flow());
  auto operation
    = compat::make_light_actor<operation_type>(end().system(), shared_from_this(), ticket.operation, ticket.trace_id,
                                               ticket.name.value_or(""), side_parts<core::back_side>{});
  operation->set_subscription(settings.subscription);
  operation->set_most_large_bytes(settings.flow.window_bytes);
  auto record = [&](operation_type& begun, const front_to_back_ticket& first) {
    tap_.received(begun, first);
    record_begun(begun, settings, std::min(first.timeout.value_or(default_timeout_), maximum_timeout_),
                 maximum_timeout_);
  };
  adopt(std::move(operation), from, false, settings, std::move(ticket), record);
}

void back_shard::refuse(const front_to_back_ticket& ticket, lane_id from, const std::string& why) {
  tap_.stray(trace_event::received, ticket);
  count(refused_);
  ended_.add(ticket.operation); // S-RECV-6: it will not begin later either
  if (ticket.subscription && core::back_side::sends(*ticket.subscription) == core::share::nothing)
    return;
  back_to_front_ticket answer;
  answer.operation = ticket.operation;
  answer.kind = ticket_kind::refusal;
  answer.details = std::string{refused_prefix} + why;
  lanes_.answer(from, std::move(answer));
}

std::shared_ptr<consumer> back_shard::open_customer(operation_type& operation, const side_parts<core::back_side>&) {
  const operation_ptr handle{&operation};
  return services_->service(operation.method(), operation_context{handle}, output_consumer{handle});
}

void back_shard::forget(operation_type& operation) {
  ended_.add(operation.operation());
  if (operation.lane->limit)
    operation.lane->limit->operation_ended();
}

/// S-END-11.
void back_shard::abort_for_stop(operation_type& operation) {
  apply_event(operation, core::failure_requested{"the back end was stopped"});
}

} // namespace tandem
