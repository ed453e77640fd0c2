/// A link that joins one front to many backs: each operation goes to one of them, and stays there. Towards the front it
/// is a rear link; towards each back it is a fore link, joined to the link from connect() or back_end::make_port().
///
///     auto balanced = balanced_link::make({.policy = balance::fewest_in_flight});
///     for (auto host : {"alpha", "beta"})
///       balanced->add(connect(system, host, 4242), host);
///     front.join_rear_link(balanced);
///     balanced->join_fore_link(front.link());
#pragma once

#include "balance.hpp"
#include "link_address.hpp"
#include "link_direction.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

struct balanced_options {
  balance policy = balance::round_robin;
  /// For consistent_hash: the key of an operation, from its first ticket. Called by any thread, by several at a time,
  /// and never under a lock; if it throws, the operation ends with transmission failure. Empty: the trace id if there
  /// is one, else the operation_id, which spreads operations at random.
  std::function<std::string(const front_to_back_ticket&)> key = {};
  /// A back that has refused an operation (S-END-12) is spared for so long: it gets new ones only if no other back
  /// takes any, and after that one at a time, until it takes one. So what is tried again goes elsewhere, by key too.
  /// Zero: it is not spared.
  duration refusal_pause = std::chrono::milliseconds(100);
};

/// One back, as status() lists it.
struct back_status {
  back_id id;
  std::string name;
  bool ready;       ///< its link is not lost
  bool draining;    ///< it gets no new operations: drain() was called, or it says so itself
  size_t in_flight; ///< operations that were assigned to it and of which more tickets can come, in either direction
};

class balance_table;
struct balance_member;

/// Any thread; calls no peer and no customer code under a lock. Keeps its backs' links alive, but not the front.
///
/// An operation is assigned by its first ticket. When the link to a back is lost, only the operations of that back end
/// with transmission failure (S-END-8); one with subscription none, whose front takes no tickets (S-SEND-6), ends when
/// its next ticket is refused. While there is no back, or every back is lost, the front is told that its link is lost:
/// operations that are willing to wait do so (S-SEND-9). While backs are ready but all of them drain, new operations
/// are refused, also those willing to wait: to tell the front of a loss would end the operations that still run.
///
/// A back that says that it is draining, because it was stopped in good order, is treated as by drain(), until its link
/// is ready again (S-END-14): no operation is lost, or refused, because a back is restarted.
///
/// A first ticket that is repeated long after the end of its operation (4,096 others later, or after it was aborted) is
/// taken for a new operation, and may go to a back that does not remember it (S-RECV-6); and an operation with
/// subscription none whose last ticket never comes is never forgotten. So a link that loses or repeats tickets must not
/// stand between the front and this link.
class balanced_link final : public rear_link, public std::enable_shared_from_this<balanced_link> {
public:
  /// Makes one without backs. Throws std::invalid_argument if the policy is not one of `balance`.
  static std::shared_ptr<balanced_link> make(balanced_options options = {});

  ~balanced_link() override;

  // -- backs ----------------------------------------------------------------------------------

  /// From now on `back` gets operations, as soon and as long as its link is not lost. This link shares it, and joins
  /// it; it must not be joined to any other fore link. Consistent hashing uses the name: give a back that returns the
  /// same one. Throws std::invalid_argument if `back` is null, or if `name` is empty or that of another back, and
  /// passes on an exception of back->join_fore_link; then nothing was added.
  back_id add(std::shared_ptr<rear_link> back, std::string name);

  /// This back gets no new operations; those that run go on. False if there is no such back (any more). The same holds
  /// for the two below.
  bool drain(back_id id);

  /// Undoes drain.
  bool resume(back_id id);

  /// Forgets this back: its operations end at the front with transmission failure, and it is told that its fore link is
  /// lost. If another thread is just handing tickets to it, that thread tells it.
  bool remove(back_id id);

  /// All backs, in the order in which they were added.
  std::vector<back_status> status() const;

  // -- rear link ------------------------------------------------------------------------------

  /// Refuses a ticket that neither belongs to an operation under way nor is the first of one, and a first ticket while
  /// no back can take it. Refusals of a back are passed on.
  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  /// Throws std::invalid_argument if `peer` is null.
  void join_fore_link(std::shared_ptr<fore_peer> peer) override;
  /// Every back is told, and no operation is under way any more.
  void fore_lost(const std::string& details) override;
  caf::actor handle(caf::actor_system& system) override;

private:
  class way_back;
  struct part;

  explicit balanced_link(balanced_options options);

  std::vector<refusal> hand_over(part& x);
  std::vector<refusal> to_front(back_id from, std::vector<back_to_front_ticket>&& tickets);
  bool set_draining(back_id id, bool value);
  void back_lost(back_id id, const std::string& details);
  void back_ready(back_id id);
  void back_draining(back_id id, std::shared_ptr<void> heeded);
  void back_news(back_id id, const link_news& x);
  void tell_front();

  const balanced_options options_;
  link_direction<fore_peer> to_front_;
  link_address address_;

  mutable std::mutex mutex_; // for all below
  std::unique_ptr<balance_table> table_;
  std::string lost_details_ = "no back has been added";
  std::optional<bool> told_lost_ = false; // the last notice to the front; nothing: a new front, tell it in any case
  bool told_congested_ = false;
  bool telling_ = false; // a thread is telling the front, and will tell it of later changes too
};

} // namespace tandem
