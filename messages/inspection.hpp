/// The inspect overloads of all types that Tandem registers with CAF.
#pragma once

#include "caf/inspect.hpp"
#include "caf/payload_apart.hpp"
#include "cluster_messages.hpp"
#include "commands.hpp"
#include "local_messages.hpp"
#include "opaque_payload.hpp"
#include "thrown.hpp"
#include "ticket.hpp"

namespace tandem {

/// Loading takes any number: a kind or a subscription that this build does not know must end its operation, as `check`
/// decides, and must not spoil the message that carries it.
inline bool from_integer(uint8_t number, ticket_kind& value) noexcept {
  value = static_cast<ticket_kind>(number);
  return true;
}

inline bool from_string(std::string_view text, ticket_kind& value) noexcept {
  auto parsed = parse_ticket_kind(text);
  value = parsed.value_or(ticket_kind{});
  return parsed.has_value();
}

inline bool from_integer(uint8_t number, subscription_kind& value) noexcept {
  value = static_cast<subscription_kind>(number);
  return true;
}

inline bool from_string(std::string_view text, subscription_kind& value) noexcept {
  auto parsed = parse_subscription_kind(text);
  value = parsed.value_or(subscription_kind{});
  return parsed.has_value();
}

template <compat::enum_inspector Inspector>
bool inspect(Inspector& f, ticket_kind& x) {
  return compat::inspect_enum(f, x);
}

template <compat::enum_inspector Inspector>
bool inspect(Inspector& f, subscription_kind& x) {
  return compat::inspect_enum(f, x);
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, operation_id& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("high", x.high), g.field("low", x.low));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, trace_id& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("bytes", x.bytes));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, sequence_number& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("value", x.value));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, front_to_back_ticket& x) {
  decltype(auto) g = compat::adapt(f);
  auto&& content = compat::apart(f, x.payload, x.fault, thrown_text); // S-CLUSTER-6
  return compat::without_exceptions(f, [&] {
    return g.object(x).fields(g.field("operation_id", x.operation), g.field("sequence_number", x.sequence_number),
                              g.field("kind", x.kind), g.field("name", x.name), g.field("subscription", x.subscription),
                              g.field("trace_id", x.trace_id), g.field("payload", content),
                              g.field("timeout", x.timeout), g.field("allowed", x.allowed),
                              g.field("details", x.details));
  });
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, back_to_front_ticket& x) {
  decltype(auto) g = compat::adapt(f);
  auto&& content = compat::apart(f, x.payload, x.fault, thrown_text); // S-CLUSTER-6
  return compat::without_exceptions(f, [&] {
    return g.object(x).fields(g.field("operation_id", x.operation), g.field("sequence_number", x.sequence_number),
                              g.field("kind", x.kind), g.field("payload", content), g.field("allowed", x.allowed),
                              g.field("details", x.details));
  });
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, commence& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("name", x.name), g.field("payload", x.payload), g.field("complete", x.complete),
                            g.field("timeout", x.timeout), g.field("subscription", x.subscription),
                            g.field("trace_id", x.trace_id), g.field("wait_for_link", x.wait_for_link));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, service_request& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("name", x.name), g.field("trace_id", x.trace_id),
                            g.field("operation", x.operation));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, consume& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("payload", x.payload));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, terminate& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, consume_and_terminate& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("payload", x.payload));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, allow& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("payloads", x.payloads));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, await_ready& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, ready& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, cancel& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, fail& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("details", x.details));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, set_timeout& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("timeout", x.timeout));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, get_stats& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, stats& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("terminated", x.terminated), g.field("ongoing", x.ongoing),
                            g.field("dropped", x.dropped), g.field("late", x.late), g.field("refused", x.refused));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, open_link& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("version", x.version), g.field("node", x.node), g.field("link", x.link));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, link_opened& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("node", x.node), g.field("link", x.link));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, drain_link& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, end_link& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("details", x.details));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, opaque_payload& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("type", x.type), g.field("size", x.size));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, run_shard& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, timer_due& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, grace_over& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("half", x.half), g.field("wait", x.wait));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, get_operations& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("most", x.most));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, start_recording& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("file", x.file), g.field("node", x.node), g.field("capture", x.capture),
                            g.field("sample", x.sample), g.field("production", x.production), g.field("key", x.key),
                            g.field("records_per_second", x.records_per_second), g.field("records", x.records),
                            g.field("file_bytes", x.file_bytes), g.field("files", x.files),
                            g.field("consumption", x.consumption));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, stop_recording& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, get_recording& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, recording_status& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("on", x.on), g.field("file", x.file), g.field("written", x.written),
                            g.field("dropped", x.dropped), g.field("problem", x.problem));
}

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, get_flight_record& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields();
}

} // namespace tandem
