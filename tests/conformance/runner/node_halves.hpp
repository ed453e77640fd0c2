/// The test link where the ends are at two nodes: a half at each, with the link between the nodes in the middle. Each
/// half has the channel of the tickets that its end sends.
///
///     front ─▶ front_half ─ channel ─▶ connect()ed link ═▶ published connection ─▶ back_half ─▶ back
///     front ◀─ front_half ◀─ connect()ed link ◀═ published connection ◀─ channel ─ back_half ◀─ back
#pragma once

#include "../../../actors/links/link_address.hpp"
#include "channel.hpp"
#include "traffic.hpp"

#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::conformance {

/// An object that takes these tickets.
template <class Ticket>
using peer_of = std::conditional_t<std::is_same_v<Ticket, front_to_back_ticket>, rear_peer, fore_peer>;

template <class Ticket>
using acceptor_ptr = std::shared_ptr<peer_of<Ticket>>;

/// Into the link between the nodes.
template <class Ticket>
std::vector<refusal> send_counted(traffic& counts, peer_of<Ticket>& to, std::vector<Ticket>&& tickets) {
  const auto n = tickets.size();
  counts.enter(n);
  try {
    return to.accept(std::move(tickets));
  } catch (...) {
    counts.leave(n);
    throw;
  }
}

/// The work of a half: with the tickets that its end sends, `Outgoing`, and with those that come from the other node.
template <class Outgoing, class Incoming>
class node_half {
public:
  node_half(std::shared_ptr<traffic> counts, std::shared_ptr<channel<Outgoing>> out, acceptor_ptr<Incoming> end)
    : counts_(std::move(counts)), out_(std::move(out)), end_(std::move(end)) {
  }

  std::vector<refusal> send(std::vector<Outgoing>&& tickets) {
    return out_->accept(std::move(tickets));
  }

  /// Where the channel leads from now on; null: nowhere. The link between the nodes holds this half, and this half
  /// holds it: a caller that attaches has to detach.
  void attach(const acceptor_ptr<Outgoing>& between_nodes) {
    if (between_nodes == nullptr)
      return out_->to(nullptr);
    out_->to([counts = counts_, between_nodes](std::vector<Outgoing>&& tickets) {
      return send_counted(*counts, *between_nodes, std::move(tickets));
    });
  }

  void receive(std::vector<Incoming>&& tickets) {
    const auto n = tickets.size();
    if (end_ != nullptr)
      end_->accept(std::move(tickets));
    counts_->leave(n); // after the end has them: they are its work now
  }

private:
  std::shared_ptr<traffic> counts_;
  std::shared_ptr<channel<Outgoing>> out_;
  acceptor_ptr<Incoming> end_; // null: they go nowhere
};

/// The front's half: the front is joined to it, and the link to the other node.
class front_half final : public fore_peer, public rear_peer {
public:
  front_half(std::shared_ptr<traffic> counts, std::shared_ptr<channel<front_to_back_ticket>> out,
             std::shared_ptr<fore_peer> front)
    : half_(std::move(counts), std::move(out), front), front_(std::move(front)) {
  }

  /// `to_back` is what connect() returned, or null.
  void attach(const acceptor_ptr<front_to_back_ticket>& to_back) {
    half_.attach(to_back);
  }

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    return half_.send(std::move(tickets));
  }
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    half_.receive(std::move(tickets));
    return {};
  }
  void rear_lost(const std::string& details) override {
    if (front_ != nullptr)
      front_->rear_lost(details);
  }

private:
  node_half<front_to_back_ticket, back_to_front_ticket> half_;
  std::shared_ptr<fore_peer> front_;
};

/// The back's half: the back is joined to it, and it is the port that is published.
class back_half final : public fore_peer, public rear_link, public std::enable_shared_from_this<back_half> {
public:
  back_half(std::shared_ptr<traffic> counts, std::shared_ptr<channel<back_to_front_ticket>> out,
            std::shared_ptr<rear_peer> back)
    : half_(std::move(counts), std::move(out), back), back_(std::move(back)) {
  }

  /// The connection that publish() made; null while the front is not connected.
  acceptor_ptr<back_to_front_ticket> to_front() const {
    std::lock_guard guard{mutex_};
    return to_front_;
  }

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    return half_.send(std::move(tickets));
  }
  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    half_.receive(std::move(tickets));
    return {};
  }
  caf::actor handle(caf::actor_system& system) override {
    return address_.get(system, *this);
  }
  /// publish() joins the connection, before connect() returns at the other node.
  void join_fore_link(std::shared_ptr<fore_peer> connection) override {
    attach(std::move(connection));
  }
  void fore_lost(const std::string& details) override {
    attach(nullptr);
    if (back_ != nullptr)
      back_->fore_lost(details);
  }

private:
  void attach(acceptor_ptr<back_to_front_ticket> connection) {
    half_.attach(connection);
    std::lock_guard guard{mutex_};
    to_front_.swap(connection);
  }

  node_half<back_to_front_ticket, front_to_back_ticket> half_;
  std::shared_ptr<rear_peer> back_;
  link_address address_;
  mutable std::mutex mutex_;
  acceptor_ptr<back_to_front_ticket> to_front_;
};

} // namespace tandem::conformance
