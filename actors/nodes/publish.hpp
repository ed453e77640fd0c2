/// Publishes a back under a port, for fronts on other nodes.
///
///     auto publication = publish(system, back, {.port = 4242});
///     std::printf("listening on port %d\n", publication.port());
#pragma once

#include "../back_end.hpp"
#include "../links/link.hpp"
#include "node_link.hpp"
#include "port_status.hpp"
#include "publish_options.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace tandem {

/// The handle that publish() returns: the port listens, and the connections go on, as long as it lives. One that was
/// moved from has port 0, and throws std::logic_error where it is asked for more.
class [[nodiscard]] publication {
public:
  publication(publication&&) noexcept;
  publication& operator=(publication&&) noexcept;
  ~publication();

  /// The port on which it listens; 0 for a path. After close(), that on which it listened. Any thread.
  uint16_t port() const noexcept;

  /// How many fronts are connected, or may come back within link_options::window; after close(), none. Any thread.
  size_t connections() const;

  /// All of it, for operators; empty if the network is busy for a second. Any thread.
  port_status status() const;

  // -- leaving in good order. Any thread -------------------------------------------------------

  /// Tells the fronts, also those that come, to begin operations elsewhere if they can, as balanced links do; nothing
  /// is refused. A back that is stopped says so itself (S-END-14).
  void drain();

  /// Undoes drain.
  void resume();

  /// Stops listening and ends the sessions, in order: operations over them end with transmission failure. A second call
  /// does nothing, nor does that of a publication which was moved from.
  void close();

  /// Before that, tells the fronts that this node is going away, and blocks until each has received every ticket that
  /// the back has given for it so far, or until `timeout` is over. For a process that ends in good order, when its back
  /// is idle:
  ///
  ///     back.stop(5s);
  ///     wait_for_idle(back);
  ///     publication.close(1s);
  ///
  /// Not for code that runs in an actor.
  flush_result close(duration timeout);

private:
  friend publication publish(caf::actor_system&, port_factory, publish_options);
  struct state;
  explicit publication(std::unique_ptr<state> x);
  state& checked() const;
  std::unique_ptr<state> state_;
};

/// Listens for connect() of other nodes. For each front that connects anew, `make_port` makes the rear link that takes
/// the front's tickets; the connection is joined to it as its fore link. `make_port` is called by the network thread
/// and must return promptly; null refuses the front. If it makes a port of a back_end, it passes on the description of
/// the front, by which the back knows limits.operations_per_session. Throws std::runtime_error that names address, port
/// and cause if it cannot listen there, tls_error if the files of TLS cannot be used, and std::invalid_argument naming
/// options that make no sense, alone or together. Any thread.
publication publish(caf::actor_system& system, port_factory make_port, publish_options options);

/// Listens for fronts of `back`: each gets a port of its own (back_end::make_port). Does not keep `back` running.
publication publish(caf::actor_system& system, const back_end& back, publish_options options);

/// With the options that the system's configuration has (nodes/configuration.hpp).
publication publish(caf::actor_system& system, port_factory make_port);
publication publish(caf::actor_system& system, const back_end& back);

} // namespace tandem
