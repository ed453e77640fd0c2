/// One side of a link between two nodes: sends tickets to the peer's proxy actor in frames, and takes the peer's frames
/// at a proxy actor of its own. Used by connect() at the front's node and publish() at the back's. Internal.
#pragma once

#include <tandem/actors/links/link.hpp>
#include <tandem/actors/proxy_actor.hpp>
#include <tandem/messages/ticket_codec.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

template <class Outgoing, class Incoming>
class remote_peer : public std::enable_shared_from_this<remote_peer<Outgoing, Incoming>> {
public:
  struct callbacks {
    /// Tickets came. `faults` as in decoded_frame.
    std::function<void(std::vector<Incoming>&&, std::vector<std::string>)> received;
    /// The peer is gone; called at most once.
    std::function<void(const std::string&)> lost;
  };

  /// `name` is for messages to people: whom this is a connection to.
  remote_peer(caf::actor_system& system, std::string name, callbacks x);

  /// Ends the own proxy: the other node learns of it.
  ~remote_peer();

  /// Makes the own proxy. Call it once, first.
  void open();

  /// The own proxy, for the peer to send to.
  caf::actor proxy() const;

  /// Tickets go to `peer` from now on; its end is the end of the link.
  void attach(const caf::actor& peer);

  /// Sends tickets, in order. Any thread. Throws std::runtime_error if the peer is gone.
  std::vector<refusal> send(const std::vector<Outgoing>& tickets);

  /// Treats the peer as gone. Any thread; only the first call has an effect.
  void lose(const std::string& why);

private:
  void receive(const compat::envelope& what);
  void send_frame(std::string frame);

  caf::actor_system& system_;
  std::string name_;
  callbacks callbacks_;
  compat::light_ptr<proxy_actor> proxy_;
  mutable std::mutex mutex_; // guards what follows; nothing is called under it
  caf::strong_actor_ptr peer_;
  bool is_lost_ = false;
  std::string lost_;
};

extern template class remote_peer<front_to_back_ticket, back_to_front_ticket>;
extern template class remote_peer<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
