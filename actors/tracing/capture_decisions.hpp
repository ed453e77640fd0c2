/// Which operations a recording takes, for tickets that do not say it themselves: only an operation's first ticket has
/// its name. Internal to recordings.
#pragma once

#include "trace_recorder.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace tandem {

/// Remembers the last operations. Not thread-safe.
class capture_decisions {
public:
  /// How many bytes of each payload of `operation` are kept; nothing: it is not recorded.
  void remember(const active_recording& recording, const operation_id& operation, std::optional<uint64_t> bytes) {
    // A decision that find() makes for unknown operations too is not remembered: with sampling, nearly all are such.
    if (recording.takes_all() || (!bytes && !takes_unknown(recording)))
      return;
    begin(recording);
    if (!decided_.insert_or_assign(operation, bytes).second)
      return;
    order_.push_back(operation);
    if (order_.size() > most) {
      decided_.erase(order_.front());
      order_.pop_front();
    }
  }

  /// How many bytes of each payload are kept; nothing: the operation is not recorded. An operation that is not
  /// remembered may be one to be left out: its payloads are not kept, and it is not recorded at all if only some
  /// operations are, by name or by sampling.
  std::optional<uint64_t> find(const active_recording& recording, const operation_id& operation) {
    if (recording.takes_all())
      return capture_filter::whole;
    begin(recording);
    if (const auto found = decided_.find(operation); found != decided_.end())
      return found->second;
    if (!takes_unknown(recording))
      return std::nullopt;
    return 0;
  }

private:
  static constexpr size_t most = 65536;

  static bool takes_unknown(const active_recording& recording) {
    return !recording.is_sampled() && recording.filter.takes_unknown();
  }

  /// Forgets the decisions of another recording.
  void begin(const active_recording& recording) {
    if (recording.generation == generation_)
      return;
    generation_ = recording.generation;
    decided_.clear();
    order_.clear();
  }

  uint64_t generation_ = 0;
  std::unordered_map<operation_id, std::optional<uint64_t>> decided_;
  std::deque<operation_id> order_;
};

} // namespace tandem
