/// Puts the records of one side of a trace together, operation by operation. Internal to operation_source.
#pragma once

#include "recorded_operation.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace tandem {

class side_collector {
public:
  /// Of what `side` recorded, to be played at `played`.
  side_collector(trace_side side, trace_side played) : side_(side), played_(played) {
  }

  /// A record of this side. `bytes` is the length of its line. Moves from `entry`.
  void take(trace_entry& entry, uint64_t line_number, uint64_t bytes);

  /// About how many bytes of memory the records take that were taken and not given out.
  uint64_t held() const noexcept {
    return held_;
  }

  /// True if there is no operation.
  bool is_empty() const noexcept {
    return operations_.empty();
  }

  /// Gives out all operations.
  std::vector<recorded_operation> take_all();

  /// Gives out those that have ended, and the oldest others, as unfit, until at most `keep` bytes are held.
  std::vector<recorded_operation> take_ended(uint64_t keep);

private:
  struct collected {
    recorded_operation operation;
    uint64_t bytes = 0;
    bool has_begun = false; ///< an end recorded it, which also records that it has ended; a link does not
    std::string end;        ///< the name of that end

    bool has_ended() const;
    void keep_one_recorder();
  };

  collected& operation_of(const trace_entry& entry);
  duration time_of(const trace_entry& entry) const;
  void take_ticket(recorded_operation& x, trace_entry& entry, uint64_t line_number);
  void give_out(collected&& x, std::vector<recorded_operation>& to);
  void judge(recorded_operation& x) const;
  bool has_beginning(const recorded_operation& x) const;

  trace_side side_;
  trace_side played_;
  std::optional<int64_t> first_; ///< the time of the first record
  bool has_gaps_ = false;
  uint64_t held_ = 0;
  std::vector<collected> operations_; ///< in the order of their beginnings
  std::map<operation_id, size_t> places_;
  // The operations that were given out last, while there are others: what comes of them still is late.
  std::set<operation_id> given_;
  std::deque<operation_id> given_order_;
};

} // namespace tandem
