/// A link that writes down every ticket that it passes on, in both directions (messages/TRACE.md). An end's own
/// recorder also tells when operations begin and end; this link records tickets anywhere between two ends.
///
///     auto recording = std::make_shared<recording_link>(
///       std::make_shared<trace_recorder>(trace_side::front, "orders"));
///     recording->recorder().start({.file = "calls.jsonl"});
///     join_links(front.link(), recording, connection);
#pragma once

#include "../links/relay_link.hpp"
#include "trace_recorder.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

class capture_decisions;

/// It records a ticket before it passes it on, so that a trace never shows an answer before its question; a ticket that
/// the next link then refuses is in the trace too. While its recorder is off, it only passes tickets on. Any thread.
class recording_link final : public relay_link {
public:
  /// Several links may share a recorder. Throws std::invalid_argument if it is null.
  explicit recording_link(std::shared_ptr<trace_recorder> recorder);
  ~recording_link() override;

  trace_recorder& recorder() const noexcept {
    return *recorder_;
  }

  void join_rear_link(std::shared_ptr<rear_peer> peer) override;
  void join_fore_link(std::shared_ptr<fore_peer> peer) override;
  void rear_lost(const std::string& details) override;
  void rear_ready() override;
  void rear_news(const link_news& x) override;
  void fore_lost(const std::string& details) override;
  void fore_news(const link_news& x) override;

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override;
  void intercept(std::vector<back_to_front_ticket>& tickets) override;

private:
  template <class Ticket>
  void record(const std::vector<Ticket>& tickets);
  void record_event(trace_event event, const std::string& details);
  void record_news(const link_news& x);
  std::optional<uint64_t> takes(const active_recording& recording, const front_to_back_ticket& ticket);
  std::optional<uint64_t> takes(const active_recording& recording, const back_to_front_ticket& ticket);

  std::shared_ptr<trace_recorder> recorder_;
  std::mutex mutex_; // keeps the records in the order of their times; guards the members below
  std::unique_ptr<capture_decisions> decisions_;
};

} // namespace tandem
