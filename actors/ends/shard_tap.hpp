/// The tap of a shard for its end's recorder and its own flight recorder. It collects the records of a round and hands
/// them over at the round's end, so that recording takes no lock for each ticket, and none at all while it is off.
/// Internal to the ends.
#pragma once

#include "../links/link_news.hpp"
#include "../tracing/capture_decisions.hpp"
#include "../tracing/collector.hpp"
#include "../tracing/flight_ring.hpp"
#include "../tracing/trace_recorder.hpp"
#include "../tracing/trace_sink.hpp"
#include "operation_actor.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

/// Used by its shard only. The calls follow TRACE.md's events.
class shard_tap final : public collector {
public:
  shard_tap(std::shared_ptr<trace_recorder> recorder, size_t flight_records);

  /// A round of the shard begins, whose time is `now`.
  void begin_round(time_point now) {
    now_ = std::max(now_, now.time_since_epoch().count());
    if (recorder_->generation() & 1)
      open();
  }
  void end_round() {
    if (active_)
      close();
  }

  /// `allowed`: how long the operation may take at this side; `maximum`: no later ticket allows more.
  void begun(operation_actor& x, time_point beginning, subscription_kind subscription, duration allowed,
             std::optional<duration> maximum = std::nullopt) {
    const auto when = beginning.time_since_epoch().count();
    flight_.begun(when, x.operation(), x.method(), subscription, x.trace_id(), allowed);
    if (takes(x))
      record_begun(x, when, subscription, allowed, maximum);
  }

  template <class Ticket>
  void sent(operation_actor& x, const Ticket& ticket) {
    flight_.ticket(trace_event::sent, now_, ticket);
    if (takes(x))
      record(trace_event::sent, exact_now(), ticket, x.capture.bytes);
  }

  template <class Ticket>
  void received(operation_actor& x, const Ticket& ticket) {
    flight_.ticket(trace_event::received, now_, ticket);
    if (takes(x))
      record(trace_event::received, now_, ticket, x.capture.bytes);
  }

  /// A ticket of an operation that this shard does not have, any more or yet.
  template <class Ticket>
  void stray(trace_event event, const Ticket& ticket) {
    flight_.ticket(event, now_, ticket);
    if (active_)
      record_stray(event, ticket);
  }

  void ended(operation_actor& x, outcome value, const std::string& details) {
    flight_.ended(now_, x.operation(), value, details);
    if (takes(x))
      record_ended(x, value, details);
    if (active_)
      decisions_.remember(*active_, x.operation(), x.capture.taken ? std::optional{x.capture.bytes} : std::nullopt);
    if (value != outcome::completed && recorder_->has_failures())
      write_failure(x);
  }

  void annotated(operation_actor& x, const std::string& text) {
    flight_.annotation(now_, x.operation(), text);
    if (takes(x))
      record_annotation(x, text);
  }

  /// Whether it is recorded how long customer code takes for the payloads of this operation.
  bool times(operation_actor& x) {
    return active_ && active_->consumption && takes(x);
  }

  /// A payload, of which that was so when it was delivered.
  void consumed(const operation_actor& x, const timed_payload& what, duration took) {
    if (active_ && active_->consumption && x.capture.generation == generation_ && x.capture.taken)
      record_consumed(x, what, took);
  }

  void joined(const std::string& peer);
  void lost(const std::string& details);

  /// The link was interrupted or resumed.
  void news(const std::string& peer, const link_news& x);

  const flight_ring& flight() const noexcept {
    return flight_;
  }

private:
  /// Whether the operation is recorded, decided once in each recording.
  bool takes(operation_actor& x) {
    if (!active_)
      return false;
    if (x.capture.generation != generation_)
      decide(x);
    lost_ += x.capture.declined;
    return x.capture.taken;
  }

  /// The time now, and not that of the round.
  int64_t exact_now() {
    return now_ = std::max(now_, recorder_->monotonic_now());
  }

  void open();
  void close() override;
  bool is_for(const trace_recorder& recorder) const override;
  void decide(operation_actor& x);
  captured& add(captured x, trace_event event, int64_t when);
  void hand_over();
  void record_begun(const operation_actor& x, int64_t when, subscription_kind subscription, duration allowed,
                    std::optional<duration> maximum);
  void record_ended(const operation_actor& x, outcome value, const std::string& details);
  void record_annotation(const operation_actor& x, const std::string& text);
  void record_consumed(const operation_actor& x, const timed_payload& what, duration took);
  void write_failure(const operation_actor& x);

  template <class Ticket>
  void record(trace_event event, int64_t when, const Ticket& ticket, uint64_t bytes) {
    add(capture(ticket), event, when).payload_bytes = bytes;
  }
  void record_stray(trace_event event, const front_to_back_ticket& ticket);
  void record_stray(trace_event event, const back_to_front_ticket& ticket);

  std::shared_ptr<trace_recorder> recorder_;
  std::shared_ptr<collecting_round> round_;
  capture_decisions decisions_; ///< about operations that ended
  flight_ring flight_;
  int64_t now_ = 0; ///< never goes back, so that the records of an operation are in the order of their times
  uint32_t generation_ = 0;
  std::shared_ptr<const active_recording> active_; ///< in a round, if something is recorded
  std::vector<captured> records_;
  uint64_t lost_ = 0; ///< records of this round that found no room
};

} // namespace tandem
