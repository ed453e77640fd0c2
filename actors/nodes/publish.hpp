/// Publishes a back under a port, for fronts on other nodes.
///
///     auto publication = publish(system, back, {.port = 4242});
///     std::printf("listening on port %d\n", publication.port());
#pragma once

#include "../back_end.hpp"
#include "../links/link.hpp"
#include "link_options.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

struct publish_options {
  /// 0: any free port.
  uint16_t port = 0;
  /// The address to listen on: this machine only, unless you say otherwise; empty: all addresses.
  std::string address = "127.0.0.1";
  /// Whether to let in only fronts that show a certificate. None: yes if use_tls (nodes/tls/tls.hpp) configured the
  /// system.
  std::optional<bool> tls = std::nullopt;
  /// Must be true to listen without TLS on an address that other machines reach. Nothing is encrypted then, and
  /// everybody is let in; they can send any CAF message.
  bool insecure = false;
  /// What happens when a front's connection breaks.
  link_options link = {};
  /// How many operations run at a time: fronts are told this. 0: the limit of the back that is published, if it has
  /// one.
  uint64_t operations = 0;
  /// The actor that answers get_operations of other nodes. None: that of the back that is published.
  caf::actor end = {};
  /// Gets a line for each peer that was refused, by TLS or for the bytes that it sent, such as "refused
  /// 192.0.2.7:40312: its handshake is empty"; empty: the lines go to standard error. Called by CAF's network thread:
  /// it must return promptly, and must not publish or close.
  log_function log = {};
};

/// The handle that publish() returns: the port listens, and the connections go on, as long as it lives.
class [[nodiscard]] publication {
public:
  publication(publication&&) noexcept;
  publication& operator=(publication&&) noexcept;
  ~publication();

  /// The port on which it listens; after close(), on which it listened. Any thread.
  uint16_t port() const noexcept;

  /// How many fronts are connected, or may come back within link_options::window; after close(), none. Any thread.
  size_t connections() const;

  /// Stops listening and closes the connections: operations over them end with transmission failure. A second call
  /// does nothing. Any thread but an actor's.
  void close();

private:
  friend publication publish(caf::actor_system&, port_factory, publish_options);
  struct state;
  explicit publication(std::unique_ptr<state> x);
  std::unique_ptr<state> state_;
};

/// Listens for connect() of other nodes. For each front that connects anew, `make_port` makes the rear link that takes
/// the front's tickets; the connection is joined to it as its fore link. `make_port` is called by an actor and must
/// return promptly; null refuses the front. Throws std::runtime_error that names address, port and cause if it cannot
/// listen there, and std::invalid_argument naming options that make no sense, alone or together. Any thread but an
/// actor's.
publication publish(caf::actor_system& system, port_factory make_port, publish_options options);

/// Listens for fronts of `back`: each gets a port of its own (back_end::make_port). Does not keep `back` running.
publication publish(caf::actor_system& system, const back_end& back, publish_options options);

/// With the options that the system's configuration has (nodes/configuration.hpp).
publication publish(caf::actor_system& system, port_factory make_port);
publication publish(caf::actor_system& system, const back_end& back);

} // namespace tandem
