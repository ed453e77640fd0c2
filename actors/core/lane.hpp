/// Tickets on their way from the operations of an end to one link, as a pure machine.
///
///   unjoined ──join──▶ joined ──lose──▶ lost
///                         ◀──join, ready──┘
///
/// | state    | a ticket                                          | take                       | lose               |
/// | -------- | ------------------------------------------------- | -------------------------- | ------------------ |
/// | unjoined | is kept (S-STATS-4)                               | nothing: they wait         | lost               |
/// | joined   | is kept until the take                            | a batch, for the link      | lost               |
/// | lost     | the same; of an operation that waits: held back   | a batch, to be refused     | for another reason |
///
/// At the moment when a link is lost, tickets may be kept. Those of patient operations (S-SEND-9) whose first ticket is
/// among them are held back; the others are dropped, since their operations end (S-SEND-7). The same happens to the
/// tickets that a link gives back, since it may throw before it says that it is lost. With join and ready, the tickets
/// that were held back go out, in order.
///
/// A batch has no more tickets than others can wait for. Tickets that find no room in the next one are lined up by
/// operation, and operations take turns (S-STATS-9); an abortive ticket waits for none of that.
///
/// How to use it: put() the tickets that an operation sends, take() them when the time has come to hand them over, and
/// give_back() and refuse() those that the link did not take, one batch at a time. One caller at a time.
#pragma once

#include "../../messages/ticket.hpp"
#include "turns.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tandem::core {

/// The lane's part of each of its operations.
struct lane_place {
  bool is_patient = false; ///< will wait for the lane's link (S-SEND-9)
  bool waits = false;      ///< waits for it now
  uint32_t held_back = 0;  ///< how many of its tickets wait there
};

/// `Operation` is a pointer that keeps an operation; it has `operation()`, its id, `place()`, its lane_place, and
/// `ended()`, true in a boolean context once it has ended. `Link` is what tickets are handed to; the lane never looks
/// into it.
template <class Side, class Operation, class Link>
class lane {
public:
  using ticket = typename Side::outgoing;

  /// Tickets to be handed over at once, in order.
  struct batch {
    std::optional<Link> link; ///< nothing: the link is lost, and they are to be refused
    std::string lost;         ///< why, then
    std::vector<ticket> tickets;
    std::vector<Operation> finishing; ///< whose last ticket is among them
    uint64_t joins = 0;               ///< how often the lane had been joined before
  };

  /// So many tickets make a batch, and so many of one operation a turn, where several wait.
  explicit lane(size_t full = 256, size_t turn = 16) : waiting_(turn), full_(full) {
  }

  // -- operations --------------------------------------------------------------------------

  /// An operation begins that is willing to wait for the link. Before its first ticket.
  void begin_patient(Operation& operation) {
    auto& place = operation->place();
    place.is_patient = true;
    place.waits = std::holds_alternative<lost_state>(state_);
  }

  /// A ticket of an operation; with `last`, its last. True if the lane has something to take now, and had not before.
  bool put(Operation operation, ticket&& x, bool last) {
    if (operation->place().waits) {
      hold_back({std::move(operation), std::move(x), last, false});
      return false;
    }
    return put(std::move(x), last ? std::move(operation) : Operation{});
  }

  /// A ticket of no operation of this end; or the last one of `finishing`.
  bool put(ticket&& x, Operation finishing = {}) {
    if (!has_room_for(x)) {
      const operation_id operation = x.operation;
      waiting_.add(operation, {std::move(x), std::move(finishing)});
      return false;
    }
    if (outbox_.empty())
      outbox_.reserve(usual_);
    if (finishing)
      finishing_.push_back(std::move(finishing));
    outbox_.push_back(std::move(x));
    return outbox_.size() == 1;
  }

  /// An operation that had tickets held back has ended. They go when half of all wait in vain (S-END-9).
  void forget(const Operation& operation) {
    in_vain_ += operation->place().held_back;
    if (2 * in_vain_ < held_back_.size())
      return;
    std::erase_if(held_back_, [](const held& x) { return static_cast<bool>(x.operation->ended()); });
    in_vain_ = 0;
  }

  // -- handing over ------------------------------------------------------------------------

  /// How many tickets the next batch has.
  size_t size() const noexcept {
    return outbox_.size();
  }

  /// The next batch has as many tickets as a batch should have; more wait for the one after that.
  bool is_full() const noexcept {
    return outbox_.size() >= full_;
  }

  /// The tickets to hand over now; nothing while the lane is not joined, or if there is none.
  std::optional<batch> take() {
    if (std::holds_alternative<unjoined_state>(state_) || outbox_.empty())
      return std::nullopt;
    usual_ = outbox_.size();
    std::optional<batch> result{std::in_place};
    if (auto* joined = std::get_if<joined_state>(&state_))
      result->link = joined->link;
    else
      result->lost = std::get<lost_state>(state_).details;
    result->tickets.swap(outbox_);
    result->finishing.swap(finishing_);
    result->joins = joins_;
    refill();
    return result;
  }

  /// The link has taken none of these. `find` gives the operation of an id, or null. Afterwards the operations of
  /// which tickets are held back wait; the others end. Then call resume().
  template <class Find>
  void give_back(std::vector<ticket>&& tickets, Find find) {
    for (auto& x : tickets)
      if (auto operation = find(x.operation))
        keep_if_patient(std::move(operation), std::move(x));
  }

  /// The link has not taken tickets of these operations, a set of ids; after give_back(), if it gave them back. Tickets
  /// of theirs that have been kept meanwhile are held back, too, if the operations wait, and dropped if not.
  template <class Set, class Find>
  void refuse(const Set& ids, Find find) {
    const auto drop = [&](ticket& x) {
      auto operation = find(x.operation);
      if (operation && operation->place().waits)
        keep_if_patient(std::move(operation), std::move(x));
    };
    for (auto& x : std::exchange(outbox_, {}))
      if (ids.contains(x.operation))
        drop(x);
      else
        outbox_.push_back(std::move(x));
    std::erase_if(finishing_, [&](const Operation& x) { return x->place().waits || ids.contains(x->operation()); });
    for (const auto& id : ids)
      waiting_.remove(id, [&](waiting& x) { drop(x.content); });
    refill();
  }

  /// Tickets that are held back go out, if the link came back while the batch with these `joins` was under way; if not,
  /// they would meet the link that has just not taken it. `sent` is told of each ticket, with its operation, that was
  /// not on its way before. True as put().
  template <class Sent>
  bool resume(uint64_t joins, Sent sent) {
    return std::holds_alternative<joined_state>(state_) && joins != joins_ && !held_back_.empty() && release(sent);
  }

  // -- links come and go ---------------------------------------------------------------------

  /// From now on tickets go to `link`. Those that waited go out; `sent` as in resume(). True if there is
  /// something to take.
  template <class Sent>
  bool join(Link link, Sent sent) {
    state_ = joined_state{std::move(link)};
    ++joins_;
    release(sent);
    return !outbox_.empty();
  }

  /// The link, which was lost, or threw before it said so, takes tickets again. As join().
  template <class Sent>
  bool ready(Sent sent) {
    if (auto* lost = std::get_if<lost_state>(&state_); lost != nullptr && lost->link)
      return join(Link{std::move(*lost->link)}, sent);
    if (std::holds_alternative<joined_state>(state_))
      release(sent);
    return !std::holds_alternative<unjoined_state>(state_) && !outbox_.empty();
  }

  /// The link is gone. Operations of this lane that do not wait afterwards end. False if it was gone already.
  template <class Find>
  bool lose(std::string details, Find find) {
    const bool was_lost = std::holds_alternative<lost_state>(state_);
    std::optional<Link> link;
    if (auto* joined = std::get_if<joined_state>(&state_))
      link = std::move(joined->link);
    else if (auto* lost = std::get_if<lost_state>(&state_))
      link = std::move(lost->link);
    if constexpr (!Side::is_front)
      link.reset(); // a front's comes back by itself; a back's is joined anew
    state_ = lost_state{std::move(details), std::move(link)};
    const auto drop = [&](ticket& x) {
      if (auto operation = find(x.operation))
        keep_if_patient(std::move(operation), std::move(x));
    };
    for (auto& x : std::exchange(outbox_, {})) // begun just now, and not handed over yet
      drop(x);
    while (!waiting_.empty()) {
      auto x = std::move(waiting_.next());
      waiting_.done(1);
      drop(x.content);
    }
    finishing_.clear();
    return !was_lost;
  }

  /// "unjoined", "joined", "lost".
  const char* state_name() const noexcept {
    static constexpr const char* names[] = {"unjoined", "joined", "lost"};
    return names[state_.index()];
  }

private:
  struct unjoined_state {};
  struct joined_state {
    Link link;
  };
  struct lost_state {
    std::string details;
    std::optional<Link> link; ///< that may come back
  };

  /// A ticket that waits for the link.
  struct held {
    Operation operation;
    ticket x;
    bool last;
    bool was_sent; ///< it was on its way before
  };

  /// A ticket that found no room in the next batch.
  struct waiting {
    ticket content;
    Operation finishing; ///< whose last ticket it is; or null
  };

  /// Abortive tickets find room always (S-RECV-3), unless the ticket that begins their operation waits (S-SEND-2).
  bool has_room_for(const ticket& x) const {
    if (waiting_.empty() && !is_full())
      return true;
    const auto* oldest = waiting_.oldest(x.operation);
    return is_abortive(x.kind) && (oldest == nullptr || !is_first(oldest->content.kind));
  }

  /// The next batch gets what waits, in turns.
  void refill() {
    for (; !waiting_.empty() && !is_full(); waiting_.done(1)) {
      auto& [content, finishing] = waiting_.next();
      if (finishing)
        finishing_.push_back(std::move(finishing));
      outbox_.push_back(std::move(content));
    }
  }

  void hold_back(held x) {
    ++x.operation->place().held_back;
    held_back_.push_back(std::move(x));
  }

  void keep_if_patient(Operation operation, ticket&& x) {
    auto& place = operation->place();
    place.waits = place.waits || (place.is_patient && is_first(x.kind));
    const bool last = is_last(x.kind) || is_abortive(x.kind);
    if (place.waits)
      hold_back({std::move(operation), std::move(x), last, true});
  }

  /// True as put().
  template <class Sent>
  bool release(Sent sent) {
    const bool was_empty = outbox_.empty();
    in_vain_ = 0;
    for (auto& x : std::exchange(held_back_, {})) {
      auto& place = x.operation->place();
      place.waits = false;
      place.held_back = 0;
      if (x.operation->ended())
        continue; // the back need not hear of it
      if (!x.was_sent)
        sent(*x.operation, x.x);
      put(std::move(x.x), x.last ? std::move(x.operation) : Operation{});
    }
    return was_empty && !outbox_.empty();
  }

  std::variant<unjoined_state, joined_state, lost_state> state_;
  std::vector<ticket> outbox_; // the next batch
  std::vector<Operation> finishing_;
  turns<operation_id, waiting> waiting_;
  size_t full_;
  uint64_t joins_ = 0;
  size_t usual_ = 0; // how many tickets the last batch had: room for as many is made at once
  std::vector<held> held_back_;
  size_t in_vain_ = 0; // how many of these belong to operations that have ended meanwhile
};

} // namespace tandem::core
