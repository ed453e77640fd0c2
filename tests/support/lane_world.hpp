/// A front's lane (actors/core/lane.hpp) with operations to put tickets on it, and a link that is a word.
#pragma once

#include "../../actors/core/lane.hpp"
#include "../../actors/core/sides.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tandem_test {

/// An operation, as a lane sees it.
struct lane_operation {
  std::string name;
  tandem::operation_id id;
  uint64_t next = 0; ///< sequence number
  bool has_ended = false;
  tandem::core::lane_place lane_place = {};

  tandem::core::lane_place& place() {
    return lane_place;
  }
  const tandem::operation_id& operation() const {
    return id;
  }
  bool ended() const {
    return has_ended;
  }
};

/// Uses a lane as the ends do (actors/ends/lanes.cpp). Tickets are written as the operation's name with the sequence
/// number, "a0".
template <class Side>
class basic_lane_world {
public:
  using operation = std::shared_ptr<lane_operation>;
  using lane_type = tandem::core::lane<Side, operation, std::string>;

  /// `full` and `turn` as the lane has them.
  explicit basic_lane_world(size_t full = 256, size_t turn = 16) : lane(full, turn) {
  }

  operation begin(std::string name, bool patient = false);

  /// A ticket of this operation: the first is a commencement. True if there is something to take, and was not before.
  bool put(const operation& x, bool last = false);
  /// An abortive one.
  bool put_cancellation(const operation& x);

  void end(const operation& x);

  /// The tickets to be handed over, which are then under way.
  std::optional<typename lane_type::batch> take();

  /// The link took all of them: the operations that end, since their last ticket was among them.
  std::string taken(typename lane_type::batch x);
  /// It took none of them: the operations that end.
  std::string given_back(typename lane_type::batch x);

  /// True as the lane says.
  bool join(std::string link);
  bool ready();

  /// The operations that end.
  std::string lose(std::string details = "gone");

  /// The tickets that `sent` was told of since this was called last.
  std::string told();

  std::string written(const std::vector<typename lane_type::ticket>& tickets) const;

  lane_type lane;
  std::vector<operation> operations;

private:
  bool put(const operation& x, tandem::ticket_kind kind, bool last);
  operation find(const tandem::operation_id& id) const;
  std::string finish(const std::vector<operation>& finishing);
  auto teller() {
    return [this](lane_operation& x, const typename lane_type::ticket& ticket) {
      told_ += (told_.empty() ? "" : " ") + x.name + std::to_string(ticket.sequence_number.value);
    };
  }

  std::string told_;
};

using lane_world = basic_lane_world<tandem::core::front_side>;
extern template class basic_lane_world<tandem::core::front_side>;
extern template class basic_lane_world<tandem::core::back_side>;

} // namespace tandem_test
