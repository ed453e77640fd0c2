/// The lanes of a shard: tickets on their way to the links of an end, and what happens when links come and go.
/// core/lane.hpp decides; the code here carries it out. Internal to the ends.
#pragma once

#include "../core/lane.hpp"
#include "../links/link.hpp"
#include "lane_limit.hpp"
#include "operation_owner.hpp"
#include "shard_operation.hpp"
#include "shard_tap.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tandem {

/// One lane of a shard; a batch that is under way keeps it.
template <class Side>
struct lane_entry : std::enable_shared_from_this<lane_entry<Side>> {
  using link_ptr = std::shared_ptr<link_peer<Side>>;

  core::lane<Side, compat::light_ptr<shard_operation<Side>>, link_ptr> lane;
  std::shared_ptr<const node_description> peer; ///< operation_context::peer; null if it is not known
  std::shared_ptr<lane_limit> limit;            ///< of its ongoing operations; null if there is none
  held_by_shard held;                           ///< by its operations in this shard
  std::shared_ptr<strand> order;                ///< with a transmission pool: keeps the order there
  bool is_under_way = false;                    ///< and a batch is there
};

/// Part of one shard; used by it only.
template <class Side>
class lanes {
public:
  using outgoing = typename Side::outgoing;
  using operation_type = shard_operation<Side>;
  using operation_ref = compat::light_ptr<operation_type>;
  using entry = lane_entry<Side>;

  /// `tells`: this shard is the one that records when links come and go.
  lanes(operation_owner<Side>& owner, shard_tap& tap, bool tells) : owner_(owner), tap_(tap), tells_(tells) {
  }

  /// An operation begins in this lane; with `waits`, it is willing to wait for the link (S-SEND-9).
  void begin(operation_type& operation, lane_id id, bool waits);

  /// A ticket of an operation; with `last`, its last.
  void put(operation_type& operation, outgoing&& ticket, bool last) {
    auto* to = operation.lane;
    if (!operation.place().waits)
      tap_.sent(operation, ticket);
    if (to->lane.put(operation_ref{&operation}, std::move(ticket), last))
      dirty_.push_back(to);
  }

  /// A ticket of an operation that this shard does not have.
  void answer(lane_id to, outgoing&& ticket);

  /// An operation has ended (S-END-9).
  void forget(operation_type& operation) {
    if (operation.place().held_back > 0)
      operation.lane->lane.forget(operation_ref{&operation});
  }

  /// Hands over the tickets that wait, a batch of each lane.
  void flush();

  /// True if there are tickets to hand over.
  bool has_more() const noexcept {
    return !dirty_.empty();
  }

  /// True if it is time to flush, since so many tickets wait.
  bool is_full() const {
    return !dirty_.empty() && dirty_.front()->lane.is_full();
  }

  // -- links come and go ---------------------------------------------------------------------

  /// The lane is joined (again); tickets that waited go out.
  void join(lane_id id, std::shared_ptr<link_peer<Side>> link);

  /// The lane's link, which was lost, takes tickets again; those that waited for it go out (S-SEND-9).
  void ready(lane_id id);

  /// The lane's link was interrupted or resumed.
  void news(lane_id id, const link_news& x);

  /// The lane's link is gone: its operations end with transmission failure.
  void lose(lane_id id, const std::string& details);

  /// As lose, and the lane will not be used again.
  void close(lane_id id, const std::string& details);

  /// Names the lane's peer and its limit, which may be null, for operations that begin later.
  void name_peer(lane_id id, std::shared_ptr<const node_description> peer, std::shared_ptr<lane_limit> limit) {
    auto& x = at(id);
    x.peer = std::move(peer);
    x.limit = std::move(limit);
  }

  /// Of the lane's operations; null if there is none.
  lane_limit* limit_of(lane_id id) {
    return at(id).limit.get();
  }

  /// Hands over what waits for a batch that is under way, and lets go of all links.
  void clear();

private:
  using batch = typename decltype(entry::lane)::batch;

  /// The result of handing over a batch.
  struct handed_over {
    std::vector<refusal> refused;
    std::vector<outgoing> returned; ///< all of them, if the link is lost or threw
    uint64_t joins = 0;             ///< batch::joins
  };

  entry& at(lane_id id);
  void flush(entry& x);
  static handed_over hand_over(batch&& x);
  void finish(entry& from, std::vector<operation_ref> finishing, handed_over result);
  void tell_joined(const entry& x);

  /// Records tickets that were held back as they go out.
  auto recorder() {
    return [this](operation_type& operation, const outgoing& ticket) { tap_.sent(operation, ticket); };
  }

  operation_owner<Side>& owner_;
  shard_tap& tap_;
  const bool tells_;
  std::unordered_map<lane_id, std::shared_ptr<entry>> entries_;
  std::vector<entry*> dirty_; // those with something to hand over
};

extern template class lanes<core::front_side>;
extern template class lanes<core::back_side>;

} // namespace tandem
