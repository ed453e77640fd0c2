/// One side of a session between two nodes, with the tickets of its two directions. connect() uses it at the front's
/// node and publish() at the back's. Internal to nodes/.
#pragma once

#include "large_payloads.hpp"
#include "session_carrier.hpp"

#include <caf/actor_system.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

template <class Outgoing, class Incoming>
class node_session final : public session_carrier {
public:
  /// All are called in the network thread, and must return promptly.
  struct callbacks {
    /// Tickets came. Returns what could not be taken of them, which the other side is told. May throw: then none was.
    std::function<std::vector<refusal>(std::vector<Incoming>&&)> received;
    /// The other side is draining, going away, or ready again.
    std::function<void(core::session_notice)> heard = {};
    std::function<void(const link_news&)> news;
    /// The session is over; `details` is for people. `in_order`: one of the sides wanted that.
    std::function<void(const std::string& details, bool in_order)> ended;
  };

  /// `peer` names the other side, for people.
  node_session(caf::actor_system& system, std::shared_ptr<network> network, const link_options& options,
               std::string peer, callbacks x);

  /// Sends tickets, in the order of each operation; but abortive ones go first. Throws std::runtime_error if the
  /// session is over. Any thread.
  std::vector<refusal> send(std::vector<Outgoing>&& tickets);

  /// Tells the other side of tickets that were not taken here, if there are any (S-STATS-5). Any thread.
  void tell(std::vector<refusal>&& refused);

private:
  bool take_content(std::string_view content, std::string& error) override;
  void contents_taken() override;
  void heard(core::session_notice x) override;
  void news(const link_news& x) override;
  void has_ended(const std::string& why, bool in_order) override;

  std::string lost_details(const std::string& why) const;
  std::string add(const Outgoing& ticket, const ticket_writing& how, ticket_batch& to) const;
  void keep(Incoming&& ticket);
  bool take_piece(const piece_item& x, std::string& error);

  caf::actor_system& system_;
  const std::string name_;
  const size_t maximum_payload_;
  const size_t read_ahead_;
  const callbacks callbacks_;
  std::atomic<uint64_t> transfers_{0};

  // Of the network thread.
  std::vector<Incoming> taken_;
  large_payloads<Incoming> large_;
  size_t not_receipted_ = 0; ///< of the bytes that have come: whose ticket has no receipt
  size_t stretch_ = 0;       ///< as soon as there are so many, the next ticket gets one for all of them
  std::minstd_rand random_{std::random_device{}()}; ///< nobody can tell which tickets get one
};

extern template class node_session<front_to_back_ticket, back_to_front_ticket>;
extern template class node_session<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
