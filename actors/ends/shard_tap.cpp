#include "shard_tap.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tandem {

namespace {

/// The most records that a round keeps: a long round hands them over in between.
constexpr size_t most_in_batch = 512;

} // namespace

shard_tap::shard_tap(std::shared_ptr<trace_recorder> recorder, size_t flight_records)
  : recorder_(std::move(recorder)), round_(recorder_->add_collector()), flight_(recorder_->side(), flight_records) {
}

void shard_tap::open() {
  ++*round_;
  active_ = recorder_->active();
  if (active_ == nullptr) {
    ++*round_; // it was stopped just now
    recorder_->ended();
    return;
  }
  generation_ = static_cast<uint32_t>(active_->generation);
  enter();
}

void shard_tap::close() {
  hand_over();
  active_ = nullptr;
  leave();
  ++*round_;
  recorder_->ended();
}

bool shard_tap::is_for(const trace_recorder& recorder) const {
  return recorder_.get() == &recorder;
}

void shard_tap::hand_over() {
  const auto offset = recorder_->wall_offset();
  if (lost_ > 0)
    active_->sink->lose(active_->source, std::exchange(lost_, 0), now_, offset);
  if (records_.empty())
    return;
  const size_t usual = records_.size();
  active_->sink->take({active_->source, std::exchange(records_, {}), offset});
  records_.reserve(std::min(usual, most_in_batch));
}

void shard_tap::decide(operation_actor& x) {
  const auto bytes = active_->takes(x.method(), x.operation(), x.trace_id());
  // Some operations whole are worth more than pieces of all.
  const bool declined = bytes && !active_->sink->has_room();
  const auto few = static_cast<uint32_t>(std::min<uint64_t>(bytes.value_or(0), UINT32_MAX));
  x.capture = {few, generation_, bytes && !declined, declined};
}

captured& shard_tap::add(captured x, trace_event event, int64_t when) {
  if (records_.size() >= most_in_batch)
    hand_over();
  auto& result = records_.emplace_back(std::move(x));
  result.event = event;
  result.side = recorder_->side();
  result.monotonic_ns = when;
  return result;
}

void shard_tap::record_begun(const operation_actor& x, int64_t when, subscription_kind subscription, duration allowed,
                             std::optional<duration> maximum) {
  auto& record = add({}, trace_event::begun, when);
  record.operation = x.operation();
  auto& rest = record.add_rest();
  rest.name = x.method();
  rest.subscription = subscription;
  rest.trace_id = x.trace_id();
  rest.timeout = allowed;
  rest.maximum_timeout = maximum;
  rest.parent = x.parent();
  rest.peer = to_string(x.peer());
}

void shard_tap::record_ended(const operation_actor& x, outcome value, const std::string& details) {
  auto& record = add({}, trace_event::ended, exact_now());
  record.operation = x.operation();
  record.ended = value;
  if (!details.empty())
    record.add_rest().details = details;
}

void shard_tap::record_annotation(const operation_actor& x, const std::string& text) {
  auto& record = add({}, trace_event::annotation, exact_now());
  record.operation = x.operation();
  record.add_rest().text = text;
}

void shard_tap::record_consumed(const operation_actor& x, const timed_payload& what, duration took) {
  auto& record = add({}, trace_event::consumed, exact_now());
  record.operation = x.operation();
  record.sequence_number = what.sequence_number;
  auto& rest = record.add_rest();
  rest.began_ns = what.began.time_since_epoch().count();
  rest.took_ns = took.count();
}

void shard_tap::record_stray(trace_event event, const front_to_back_ticket& ticket) {
  const auto bytes = ticket.name ? active_->takes(*ticket.name, ticket.operation, ticket.trace_id)
                                 : decisions_.find(*active_, ticket.operation);
  if (bytes)
    record(event, now_, ticket, *bytes);
}

void shard_tap::record_stray(trace_event event, const back_to_front_ticket& ticket) {
  if (const auto bytes = decisions_.find(*active_, ticket.operation))
    record(event, now_, ticket, *bytes);
}

void shard_tap::write_failure(const operation_actor& x) {
  const auto failures = recorder_->failures();
  if (failures == nullptr || !failures->takes(x.method(), x.operation(), x.trace_id()))
    return;
  failures->sink->take({failures->source, flight_.records(&x.operation()), recorder_->wall_offset()});
}

void shard_tap::joined(const std::string& peer) {
  if (!active_)
    return;
  auto& record = add({}, trace_event::joined, exact_now());
  if (!peer.empty())
    record.add_rest().peer = peer;
}

void shard_tap::lost(const std::string& details) {
  if (active_)
    add({}, trace_event::lost, exact_now()).add_rest().details = details;
}

void shard_tap::news(const std::string& peer, const link_news& x) {
  if (!active_)
    return;
  auto& rest = add({}, event_of(x), exact_now()).add_rest();
  rest.peer = peer;
  rest.details = x.details;
}

} // namespace tandem
