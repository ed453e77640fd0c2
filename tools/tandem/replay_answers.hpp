/// What a back sends while a trace is played to it.
#pragma once

#include "../../actors/links/link.hpp"
#include "../../actors/replay/stand_ins.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace tandem::cli {

/// Stands for all the fronts of the trace: takes the tickets of the operations that are under way, and forgets all
/// others. accept() and rear_lost() are called by any thread, the rest by the one that plays.
class replay_answers final : public fore_peer {
public:
  using clock = std::chrono::steady_clock;

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;
  void rear_lost(const std::string& details) override;

  /// From now on the tickets of this operation are kept.
  void open(const operation_id& operation);

  /// No longer. Its tickets, as they came, but for allowances.
  std::vector<trace_entry> close(const operation_id& operation);

  struct state {
    size_t tickets = 0;       ///< how many came, but for allowances
    size_t allowances = 0;    ///< how many of those came
    bool is_ended = false;    ///< by an abortive one
    bool is_answered = false; ///< nothing more comes: the last was the completion, or an abortive one
    uint64_t allowed = 0;     ///< how many payloads allowances let through in all
  };

  /// Of an operation that is open.
  state of(const operation_id& operation) const;

  /// Waits until tickets come, but no longer than until then; the open operations that they belong to. Throws
  /// user_error if the connection is lost.
  std::set<operation_id> await(clock::time_point until);

private:
  struct answers {
    std::vector<trace_entry> tickets;
    size_t allowances = 0;
    uint64_t allowed = 0; ///< by those
  };

  mutable std::mutex mutex_; // guards the members below
  std::condition_variable changed_;
  std::map<operation_id, answers> came_;
  std::set<operation_id> news_;
  std::string lost_;
};

} // namespace tandem::cli
