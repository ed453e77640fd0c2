/// Publishes a back under a port, for fronts on other nodes.
///
///     auto publication = publish(system, back, {.port = 4242});
///     printf("listening on port %d\n", publication.port());
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
  /// Where to listen: this machine only, unless you say otherwise; empty: on all addresses.
  std::string address = "127.0.0.1";
  /// Whether to let in only who shows a certificate; by default, if the system was configured with
  /// use_tls.
  std::optional<bool> tls = std::nullopt;
  /// Must be true to listen without TLS on an address that other machines reach. Nothing is encrypted then, and
  /// everybody is let in; they can send any CAF message.
  bool insecure = false;
  /// What happens when a front's connection breaks.
  link_options link = {};
  /// How many operations run at a time, for fronts to know; 0: no limit, or that of the back that is published.
  uint64_t operations = 0;
  /// Who is asked when another node wants to know of operations (get_operations): the end whose actor this is, or that
  /// of the back that is published.
  caf::actor end = {};
  /// Gets a line for each peer that was refused, by TLS or for what it sent, such as "refused 192.0.2.7:40312: its
  /// handshake is empty"; empty: they go to standard error. Called in CAF's network thread: must return promptly, and
  /// not publish or close.
  log_function log = {};
};

/// What publish() returns: listening goes on while it lives, and so do the connections.
class publication {
public:
  publication(publication&&) noexcept;
  publication& operator=(publication&&) noexcept;
  ~publication();

  /// Where it listens.
  uint16_t port() const noexcept;

  /// How many fronts are connected, or may come back within link_options::window. Any thread.
  size_t connections() const;

  /// Stops listening and closes the connections: operations over them end with transmission failure.
  void close();

private:
  friend publication publish(caf::actor_system&, port_factory, publish_options);
  struct state;
  explicit publication(std::unique_ptr<state> x);
  std::unique_ptr<state> state_;
};

/// Listens for connect() of other nodes. For each front that connects anew, `make_port` gives the rear link that the
/// front's tickets go to; it is joined to the connection as its fore link. `make_port` is called in an actor's thread
/// and must return promptly; a null pointer refuses the front. Throws std::runtime_error that names address, port and
/// cause if it cannot listen there; std::invalid_argument names options that make no sense together.
publication publish(caf::actor_system& system, port_factory make_port, publish_options options);

/// Listens for fronts of `back`: each gets a port of its own (back_end::make_port).
publication publish(caf::actor_system& system, const back_end& back, publish_options options);

/// With the options that the system's configuration has (nodes/configuration.hpp).
publication publish(caf::actor_system& system, port_factory make_port);
publication publish(caf::actor_system& system, const back_end& back);

} // namespace tandem
