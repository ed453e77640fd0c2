/// The tables of a balanced_link: its backs, and which of them has which operation. No lock, no call to any peer.
/// Internal to balanced_link.
#pragma once

#include "../../messages/time.hpp"
#include "balance.hpp"
#include "link.hpp"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tandem {

/// What threads that hand tickets to a back have in common: when the last of them is done, the back can be told that no
/// first ticket is on its way to it (S-END-14).
struct balance_passage {
  std::shared_ptr<void> heeded;
};

/// One back of a balanced_link. Each thread that hands tickets to it shares it.
struct balance_member : std::enable_shared_from_this<balance_member> {
  balance_member(back_id id, std::string name, std::shared_ptr<rear_link> link, std::shared_ptr<fore_peer> way_back);

  /// Tells the back that it was removed, if it was: no tickets are on their way to it any more, so none can follow the
  /// notice and begin an operation that nobody would end.
  ~balance_member();

  bool ready() const {
    return joined && !lost;
  }

  bool takes_operations() const {
    return ready() && !draining && !leaving;
  }

  const back_id id;
  const std::string name;
  const uint64_t hash; ///< of the name
  const std::shared_ptr<rear_link> link;
  const std::shared_ptr<fore_peer> way_back; ///< kept here, because links do not keep what is towards the front

  bool joined = false;
  bool lost = false;
  bool draining = false;  ///< the owner of the link wants that
  bool leaving = false;   ///< the back says that it is draining
  bool congested = false; ///< so says its link
  bool refuses = false;   ///< it has refused an operation, and taken none that came to it later
  time_point refused_at{};
  time_point spared_until{}; ///< if it refuses
  std::shared_ptr<balance_passage> passage = std::make_shared<balance_passage>();
  size_t in_flight = 0;
  std::string removed; ///< why, if it was
};

class balance_table {
public:
  /// A back that has refused an operation gets one at most in each `pause`, until it takes one, if others are there.
  balance_table(balance policy, duration pause);

  // -- backs ----------------------------------------------------------------------------------

  back_id next_id() {
    return {++last_id_};
  }

  void add(std::shared_ptr<balance_member> x);

  /// Null if there is none.
  balance_member* find(back_id id) const;
  balance_member* find(const std::string& name) const;

  /// Takes a back out, for the caller to drop without the lock. It must have no operations. Null if there is no such
  /// back.
  std::shared_ptr<balance_member> take(back_id id);

  const std::vector<std::shared_ptr<balance_member>>& members() const {
    return members_;
  }

  /// True if one is ready, even if it drains.
  bool any_ready() const;

  /// True if one is ready and congested.
  bool any_congested() const;

  // -- tickets --------------------------------------------------------------------------------

  /// The back that `ticket` goes to; null, and why, if it has to be refused. `key` is the hash of the operation's key,
  /// and of use with a first ticket only. Operations that it ends stay known until forget_ended().
  balance_member* route(const front_to_back_ticket& ticket, uint64_t key, time_point now, std::string& reason);

  /// To be called at the end of each batch that was routed. Within a batch all tickets of one operation go to one back,
  /// also those behind an abortive one: that back judges them.
  void forget_ended();

  /// Notes a ticket from `from`; false if another back has its operation.
  bool note(const back_to_front_ticket& ticket, balance_member& from, time_point now);

  /// `from` or the front refused a ticket of this operation: no further tickets of it come.
  void drop(const operation_id& operation, const balance_member& from);

  /// Drops the operations of `of`, and returns what tells the front.
  std::vector<back_to_front_ticket> fail(balance_member& of, const std::string& details);

  void drop_all();

private:
  struct assignment {
    balance_member* to;
    subscription_kind subscription;
    bool front_done = false;
    bool back_done = false;
    bool aborted = false;
    bool finished = false;     ///< ended, but the front may still abort it
    sequence_number next = {}; ///< above all that the front was sent
    time_point begun = {};

    bool ended() const {
      return aborted || (front_done && (back_done || subscription == subscription_kind::none));
    }
  };
  using assignments = std::unordered_map<operation_id, assignment>;

  balance_member* choose(uint64_t key, time_point now);
  bool is_better(const balance_member& x, const balance_member& than, uint64_t key, time_point now) const;
  std::string why_none() const;
  void end(assignments::iterator i);
  void erase(assignments::iterator i);

  static constexpr size_t most_finished = 4096;

  const balance policy_;
  const duration pause_;
  uint64_t last_id_ = 0;
  size_t turn_ = 0; // index of the next in the rotation
  std::vector<std::shared_ptr<balance_member>> members_;
  assignments assignments_;
  std::vector<operation_id> ended_;
  std::deque<operation_id> finished_; // oldest first
};

/// Hashes that are the same in every process, so that several fronts send a key to the same back.
uint64_t balance_hash(const void* bytes, size_t size);

} // namespace tandem
