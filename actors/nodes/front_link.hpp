/// The link that connect() returns: one session after the other, as connector.hpp makes them. Internal to nodes/.
#pragma once

#include "../links/link_address.hpp"
#include "../links/link_direction.hpp"
#include "node_link.hpp"
#include "session/node_session.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

class front_link final : public node_link, public std::enable_shared_from_this<front_link> {
public:
  using session_type = node_session<front_to_back_ticket, back_to_front_ticket>;

  /// Calls `close` when it goes.
  explicit front_link(std::function<void()> close);
  ~front_link() override;

  // -- the link: tickets towards the front come from the other node -------------------------

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  void join_fore_link(std::shared_ptr<fore_peer> front) override;
  void fore_lost(const std::string& details) override;
  caf::actor handle(caf::actor_system& system) override;

  node_description other_side() const override;
  link_status status() const override;
  flush_result flush(duration timeout) override;

  // -- of the connector, in the network thread -------------------------------------------------

  /// A session begins.
  void begin(std::shared_ptr<session_type> session);
  /// It has a connection, to this node.
  void connected(node_description other);
  /// The other side says that it is draining, going away, or ready again.
  void heard(core::session_notice x);
  void news(const link_news& x);
  /// It is over.
  void lost(const std::string& details);
  /// Tickets came.
  std::vector<refusal> received(std::vector<back_to_front_ticket>&& tickets);
  /// A connection broke, or could not be made.
  void failed(const std::string& why);

private:
  std::shared_ptr<session_type> session() const;
  void tell_of_draining(fore_peer& front);

  const std::function<void()> close_;
  link_direction<fore_peer> to_front_;
  link_address address_;
  std::mutex notices_; ///< the front hears of ends and beginnings in their order

  mutable std::mutex mutex_; ///< guards what follows
  std::shared_ptr<session_type> session_;
  bool is_draining_ = false; ///< the session's other side says so
  std::string lost_ = "it is not connected yet";
  node_description other_;
  link_status counts_; ///< what is counted over all sessions
};

} // namespace tandem
