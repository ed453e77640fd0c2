/// A link that writes down every ticket it passes on, in both directions, as a line of JSON (messages/TRACE.md).
///
///     auto recording = std::make_shared<recording_link>(
///       std::make_shared<trace_writer>("calls.jsonl", trace_header{...}), "front", "orders");
///     join_links(front.link(), recording, connection);
#pragma once

#include <tandem/actors/links/passing_link.hpp>
#include <tandem/messages/trace/trace_writer.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace tandem {

/// The header for a trace that begins now; `side` is "front" or "back".
trace_header make_trace_header(std::string node, std::string side, std::string link);

/// A ticket is written before it is passed on, so that a trace never shows an answer before its question; one that the
/// next link then refuses is in the trace too. If writing fails, recording ends, and the tickets go on.
class recording_link final : public passing_link {
public:
  /// Several links may share one writer.
  recording_link(std::shared_ptr<trace_writer> writer, const std::string& side, std::string link);

  /// Why recording ended before its time; nothing if it did not. Any thread.
  std::optional<std::string> error() const;

protected:
  void on_the_way(std::vector<front_to_back_ticket>& tickets) override;
  void on_the_way(std::vector<back_to_front_ticket>& tickets) override;

private:
  template <class Ticket>
  void record(const std::vector<Ticket>& tickets);

  std::shared_ptr<trace_writer> writer_;
  trace_side side_;
  std::string link_;
  mutable std::mutex mutex_; // a record's number and its place in the file go together
  std::optional<std::string> error_;
};

} // namespace tandem
