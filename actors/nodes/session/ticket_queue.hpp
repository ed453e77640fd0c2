/// Tickets as bytes that wait for the connection to another node, and whose turn is next (S-PORT-4): abortive tickets
/// first, then one operation after the other, so that none has to wait behind the backlog of another. Makes frames of
/// them. Pure: no lock, no socket. Internal to nodes/.
///
///     ticket_queue queue;
///     queue.push(batch);
///     while (auto content = queue.next_frame(session.is_full())) session.give(content, content->size());
#pragma once

#include "../../../messages/operation_id.hpp"
#include "../../../messages/ticket_codec.hpp"

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem {

/// What a frame carries. A piece of a payload stays where the payload is.
struct frame_content {
  std::string bytes;
  std::string_view piece;            ///< comes after `bytes`
  std::shared_ptr<const void> owner; ///< of the piece

  size_t size() const noexcept {
    return bytes.size() + piece.size();
  }
};

using frame_ptr = std::shared_ptr<const frame_content>;

/// Tickets that were given together, in order.
struct ticket_batch {
  struct entry {
    operation_id operation;
    bool is_first = false;    ///< nothing of its operation went before
    bool is_abortive = false; ///< takes effect ahead of its turn (S-RECV-3), and is the last of its operation
    size_t end = 0;           ///< where its item ends in `bytes`; it begins where the one before ends
    large_payload payload = {};
    uint64_t transfer = 0; ///< of that payload
  };

  std::string bytes;
  std::vector<entry> entries;
};

class ticket_queue {
public:
  void push(ticket_batch&& x);

  /// An item that is no ticket, and goes ahead of all payloads.
  void push_control(std::string item);

  /// The next frame; null if nothing may go now. `only_control`: abortive tickets alone.
  frame_ptr next_frame(bool only_control);

  /// The other side has aborted this operation: what waits is of no use to it.
  void forget(const operation_id& operation);

  bool empty() const noexcept {
    return whole_.entries.empty() && control_.empty() && by_operation_.empty();
  }

  /// Whether a first ticket waits, or a part of its payload. Takes a while.
  bool has_first() const;

  /// How many bytes wait.
  size_t bytes() const noexcept {
    return bytes_;
  }

private:
  /// So many payloads are under way in pieces at a time: the other side has memory for no more (S-PORT-5).
  static constexpr size_t most_transfers = 16;
  /// A lane's turn is over when it has sent so many bytes.
  static constexpr int64_t turn = int64_t{16} << 10;
  /// A frame with so many bytes is full; one that has a larger ticket has nothing else. A frame of which the end did
  /// not arrive has to go again, so they are short, and a bad connection still carries some.
  static constexpr size_t full = size_t{4} << 10;

  /// A ticket that waits; with a large payload, until the last piece of that is gone.
  struct waiting {
    std::shared_ptr<const std::string> owner; ///< of the item
    std::string_view item;                    ///< empty once it is gone
    bool is_first = false;
    large_payload payload;
    uint64_t transfer = 0;

    size_t bytes() const noexcept {
      return item.size() + payload.bytes.size();
    }
    bool is_large() const noexcept {
      return !payload.bytes.empty();
    }
    /// Its payload is announced.
    bool is_under_way() const noexcept {
      return item.empty();
    }
  };

  /// The tickets of one operation; mostly there is one.
  struct lane {
    operation_id operation;
    std::vector<waiting> tickets = {};
    size_t next = 0;    ///< of them
    int64_t credit = 0; ///< bytes that may still go in this turn; if negative, it has had more than its share
    std::list<lane>* at = nullptr; ///< where it is

    waiting& front() {
      return tickets[next];
    }
    /// False if that was the last.
    bool pop();
  };
  using lane_list = std::list<lane>;

  static bool is_simple(const ticket_batch& x);
  bool add_to_whole(ticket_batch& x);
  frame_ptr next_of_whole();
  size_t whole_goes_from() const;
  void forget_what_went();
  void spread_whole();
  void spread(ticket_batch&& x);
  void put(const operation_id& operation, waiting&& x);
  void abort(const operation_id& operation, waiting&& x);
  void drop(lane_list::iterator x);
  void drop_transfer(const waiting& x);
  void transfer_ended();
  void move(lane_list::iterator x, lane_list& to);
  lane_list* list_with_turn(const frame_content& frame);
  bool take_turn(frame_content& frame, lane_list::iterator x);
  bool send_piece(frame_content& frame, waiting& x, int64_t& credit);
  bool send_item(frame_content& frame, const waiting& x);

  /// What waits, if it may go as it is: then the rest is empty. As much as a turn, for nearly always all goes at once.
  ticket_batch whole_;
  size_t next_of_whole_ = 0; ///< of its entries
  std::deque<waiting> control_;
  lane_list fresh_;   ///< of operations of which nothing waited before: they go first, for half of a frame
  lane_list others_;  ///< in the order of their turns
  lane_list blocked_; ///< until fewer payloads are under way
  absl::flat_hash_map<operation_id, lane_list::iterator> by_operation_;
  size_t transfers_ = 0; ///< under way
  size_t bytes_ = 0;
};

} // namespace tandem
