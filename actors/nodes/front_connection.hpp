/// The part of a link between nodes at the front's node, and the actor that connects it, again and again. Internal to
/// connect().
#pragma once

#include "../../messages/greeting.hpp"
#include "../links/link_address.hpp"
#include "../links/link_direction.hpp"
#include "connect_options.hpp"
#include "node_link.hpp"
#include "session_pump.hpp"
#include "sockets/reachability.hpp"

#include <caf/event_based_actor.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

namespace tandem {

class front_connection final : public node_link, public std::enable_shared_from_this<front_connection> {
public:
  using peer_type = session_pump<front_to_back_ticket, back_to_front_ticket>;

  /// `name` names the other side, for people.
  static std::shared_ptr<front_connection> make(caf::actor_system& system, const std::string& name, duration linger);

  ~front_connection() override;

  peer_type& peer() const {
    return *peer_;
  }

  /// From now on `connector` connects it.
  void set_connector(caf::actor connector, duration window);

  /// The session has begun with `other` over `peer`.
  void begin(const caf::actor& peer, size_t resend_limit, uint32_t format, greeting other);

  // -- the link: tickets towards the front come from the other node -------------------------

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  void join_fore_link(std::shared_ptr<fore_peer> front) override;
  void fore_lost(const std::string& details) override;
  caf::actor handle(caf::actor_system& system) override;

  greeting other_side() const override;
  flush_result flush(duration timeout) override;

private:
  void received(std::vector<back_to_front_ticket>&& tickets);
  void interrupted(uint64_t occasion);
  void lost(const std::string& details);

  std::shared_ptr<peer_type> peer_;
  link_direction<fore_peer> to_front_;
  link_address address_;
  caf::actor connector_;
  duration window_{};
  mutable std::mutex notices_; // the front hears of ends and beginnings in their order; guards other_
  greeting other_;
};

/// Connects a link, and connects it again whenever its connection is gone, until the link is dropped.
class connector final : public caf::event_based_actor {
public:
  /// `options` say whether to use TLS. Begins with the first connect_now. `report` gets the result of the first
  /// attempt, or of those after it if the failure was worth another: empty, or the cause; after a failure this actor
  /// has ended. Null: a first failure is treated as later ones are.
  connector(caf::actor_config& config, std::weak_ptr<front_connection> link, std::string host, uint16_t port,
            connect_options options, std::shared_ptr<std::promise<std::string>> report);

  const char* name() const override;
  caf::behavior make_behavior() override;

private:
  void attempt();
  /// Goes on when the host has answered.
  void await_host(duration look);
  void find_gateway();
  void say_hello(const caf::strong_actor_ptr& gateway);
  void welcomed(const caf::strong_actor_ptr& gateway, bool resuming, const welcome& x);
  void failed(const std::string& why, bool again = false);
  void succeeded();
  duration next_pause();

  std::weak_ptr<front_connection> link_;
  std::string host_;
  uint16_t port_;
  connect_options options_;
  std::shared_ptr<std::promise<std::string>> report_;
  std::string link_name_;
  uint64_t session_ = 0;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  uint64_t attempts_ = 0;
  bool attempting_ = false;
  bool pausing_ = false;
  std::optional<reachability> host_answers_; // while the host is asked
  std::chrono::steady_clock::time_point host_until_{};
  duration host_look_{}; // how long until the next look
  duration pause_;
  std::minstd_rand jitter_;
};

} // namespace tandem
