/// Compares the tickets of one operation that one side sent with those that the other received.
#pragma once

#include "../reading/trace_input.hpp"
#include "check_rules.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

/// A ticket, as it is kept until the other side's record of it comes: enough to tell whether it is the same.
struct ticket_digest {
  ticket_digest(const placed_entry& x);

  uint64_t number;
  int64_t wall_ns; ///< by the common clock
  uint64_t line;
  uint64_t payload_size;
  int64_t timeout_ns; ///< -1: none
  uint64_t allowed;   ///< UINT64_MAX: none
  uint32_t file;
  uint32_t name; ///< hashes from here on; 0: there is none
  uint32_t trace_id;
  uint32_t details;
  uint32_t payload; ///< 1: there is one, but the trace does not have all of it
  ticket_kind kind;
  uint8_t subscription; ///< 0: none
};

/// "name, payload": the fields in which the two differ. Empty: they are the same, as far as can be told.
std::string differing_fields(const ticket_digest& sent, const ticket_digest& received);

/// Tickets meet in any order: the clocks of two nodes differ, so that a ticket may seem to arrive before it was sent.
class ticket_exchange {
public:
  /// The tickets of one direction that have no counterpart yet.
  struct direction {
    std::vector<ticket_digest> sent;
    std::vector<ticket_digest> received;
    /// The highest number received that is not abortive, plus one: the link keeps these in order.
    uint64_t arrived = 0;
  };

  /// At most so many tickets wait for their counterparts; past that nothing is said about the operation.
  static constexpr size_t most_waiting = 4096;

  /// Compares it with its counterpart, if that was there; the fields that differ, if any do. Changes `waiting` by the
  /// number of tickets that wait for their counterparts.
  std::string take(const placed_entry& x, int64_t& waiting);

  /// Where a ticket travels: 0 from front to back, 1 from back to front.
  const direction& at(size_t which) const noexcept {
    return directions_[which];
  }
  bool overflowed() const noexcept {
    return overflowed_;
  }
  size_t waiting() const noexcept;
  void clear(int64_t& waiting);
  /// From now on nothing is kept, or said about the operation.
  void give_up(int64_t& waiting);

private:
  std::array<direction, 2> directions_;
  bool overflowed_ = false;
};

} // namespace tandem::cli
