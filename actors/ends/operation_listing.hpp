/// The open operations of an end as JSON, put together by its shards, each for itself. Internal to the ends.
///
/// | field | meaning |
/// | --- | --- |
/// | end, side | the end's name in traces, "front" or "back" |
/// | ongoing | how many operations are open |
/// | operations | the oldest of them, oldest first, of each: |
/// | operation_id, name, subscription, trace_id, parent, peer | as in a trace (messages/TRACE.md) |
/// | state | "output open, input closing": of this side, as PROTOCOL.md has it |
/// | age, time_left | seconds |
/// | next_sent, next_received | the sequence number of the next ticket in each direction |
/// | held | tickets that are held ahead of their turn (S-RECV-1) |
/// | waiting | payloads that wait for customer code |
/// | waits_for_link | true while its tickets wait for the link (S-SEND-9) |
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

/// Shards add what they have; whoever is last calls `done`. Any thread.
class operation_listing {
public:
  using callback = std::function<void(nlohmann::json)>;

  operation_listing(nlohmann::json head, size_t shards, size_t most, callback done)
    : result_(std::move(head)), missing_(shards), most_(most), done_(std::move(done)) {
  }

  /// How many operations are wanted.
  size_t most() const noexcept {
    return most_;
  }

  /// What one shard has, at most most() of them, the oldest.
  void add(std::vector<nlohmann::json> operations);

private:
  std::mutex mutex_;
  nlohmann::json result_;
  std::vector<nlohmann::json> operations_;
  size_t missing_;
  size_t most_;
  callback done_;
};

} // namespace tandem
