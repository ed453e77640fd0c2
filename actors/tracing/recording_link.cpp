#include "recording_link.hpp"
#include "capture_decisions.hpp"
#include "captured.hpp"
#include "trace_sink.hpp"

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem {

recording_link::recording_link(std::shared_ptr<trace_recorder> recorder)
  : recorder_(std::move(recorder)), decisions_(std::make_unique<capture_decisions>()) {
  if (recorder_ == nullptr)
    throw std::invalid_argument{"recording_link: recorder must not be null"};
}

recording_link::~recording_link() = default;

void recording_link::join_rear_link(std::shared_ptr<rear_peer> peer) {
  relay_link::join_rear_link(std::move(peer));
  if (recorder_->side() == trace_side::front)
    record_event(trace_event::joined, {});
}

void recording_link::join_fore_link(std::shared_ptr<fore_peer> peer) {
  relay_link::join_fore_link(std::move(peer));
  if (recorder_->side() == trace_side::back)
    record_event(trace_event::joined, {});
}

void recording_link::rear_lost(const std::string& details) {
  record_event(trace_event::lost, details);
  relay_link::rear_lost(details);
}

void recording_link::rear_ready() {
  record_event(trace_event::joined, {});
  relay_link::rear_ready();
}

void recording_link::rear_news(const link_news& x) {
  record_news(x);
  relay_link::rear_news(x);
}

void recording_link::fore_news(const link_news& x) {
  record_news(x);
  relay_link::fore_news(x);
}

void recording_link::fore_lost(const std::string& details) {
  record_event(trace_event::lost, details);
  relay_link::fore_lost(details);
}

void recording_link::intercept(std::vector<front_to_back_ticket>& tickets) {
  record(tickets);
}

void recording_link::intercept(std::vector<back_to_front_ticket>& tickets) {
  record(tickets);
}

template <class Ticket>
void recording_link::record(const std::vector<Ticket>& tickets) {
  const auto recording = recorder_->active();
  if (recording == nullptr)
    return;
  constexpr bool to_back = std::is_same_v<Ticket, front_to_back_ticket>;
  const auto event = to_back == (recorder_->side() == trace_side::front) ? trace_event::sent : trace_event::received;
  captured_batch batch{recording->source, {}, recorder_->wall_offset()};
  batch.records.reserve(tickets.size());
  std::lock_guard guard{mutex_};
  const auto now = recorder_->monotonic_now();
  for (const auto& ticket : tickets) {
    const auto bytes = takes(*recording, ticket);
    if (!bytes)
      continue;
    auto& x = batch.records.emplace_back(capture(ticket));
    x.event = event;
    x.side = recorder_->side();
    x.monotonic_ns = now;
    x.payload_bytes = *bytes;
  }
  if (!batch.records.empty())
    recording->sink->take(std::move(batch));
}

void recording_link::record_event(trace_event event, const std::string& details) {
  const auto recording = recorder_->active();
  if (recording == nullptr)
    return;
  captured_batch batch{recording->source, {}, recorder_->wall_offset()};
  auto& x = batch.records.emplace_back();
  x.event = event;
  x.side = recorder_->side();
  x.monotonic_ns = recorder_->monotonic_now();
  if (!details.empty())
    x.add_rest().details = details;
  recording->sink->take(std::move(batch));
}

void recording_link::record_news(const link_news& x) {
  if (!x.is_about_congestion())
    record_event(event_of(x), x.details);
}

std::optional<uint64_t> recording_link::takes(const active_recording& recording, const front_to_back_ticket& ticket) {
  if (!ticket.name)
    return decisions_->find(recording, ticket.operation);
  const auto result = recording.takes(*ticket.name, ticket.operation, ticket.trace_id);
  decisions_->remember(recording, ticket.operation, result);
  return result;
}

std::optional<uint64_t> recording_link::takes(const active_recording& recording, const back_to_front_ticket& ticket) {
  return decisions_->find(recording, ticket.operation);
}

} // namespace tandem
