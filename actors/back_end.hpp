/// The back end: performs operations with a servicer. Its link() is a rear link: join it to a fore link, which brings
/// it a front's tickets and takes its own.
///
///     auto services = std::make_shared<method_table>();
///     back_end back{system, services, {.default_timeout = 10s, .maximum_timeout = 60s}};
///     auto publication = publish(system, back, {.port = 4242});   // or join(front, back) in one process
#pragma once

#include "end_options.hpp"
#include "interfaces.hpp"
#include "servicer.hpp"
#include "tracing/trace_recorder.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tandem {

template <class Engine>
struct end_owner;

/// Makes a rear link for this front. Null: it is refused. Called by the network thread, so it must return promptly.
using port_factory = std::function<std::shared_ptr<rear_link>(const node_description& front)>;

/// A handle that shares ownership of one end. Any thread. One that was moved from throws std::logic_error. When the
/// last handle goes, the end is stopped: operations that are still running end with servicer failure, and the
/// destructor waits until the end's actors have finished, but not in an actor or in customer code (front_end.hpp).
class back_end final : public abstract_back {
public:
  /// Spawns the end's actors, with the options that the system's configuration has (configuration.hpp). `system` must
  /// outlive this end. Throws std::invalid_argument if `services` is null, or naming an option that makes no sense.
  back_end(caf::actor_system& system, std::shared_ptr<servicer> services);

  /// With these options; the configuration is not asked.
  back_end(caf::actor_system& system, std::shared_ptr<servicer> services, end_options options);

  /// The servicer is an actor: it gets a `service_request` for each operation, then the payloads that the front sends,
  /// and sends its results to the operation's actor (messages/commands.hpp). When it ends, its operations end with
  /// servicer failure.
  back_end(caf::actor_system& system, caf::actor services);
  back_end(caf::actor_system& system, caf::actor services, end_options options);

  void join_fore_link(std::shared_ptr<fore_peer> link) const override;
  std::shared_ptr<rear_link> link() const override;
  std::shared_ptr<rear_link> make_port(node_description front = {}) const override;
  uint64_t maximum_operations() const override;

  /// A function that calls make_port() and does not keep this end running; it throws std::runtime_error when the end
  /// is gone.
  port_factory port_maker() const;

  stats operation_stats() const override;
  void add_idle_action(std::function<void()> action) const override;

  /// Running operations end with servicer failure. For a process that ends in good order, see publication::close.
  void stop() const override;
  void stop(duration grace) const override;

  /// This end as an actor: takes `get_stats`, and tickets.
  caf::actor handle() const;

  // -- for people ---------------------------------------------------------------------------

  /// As front_end has these three.
  std::string operations(size_t most = 1000) const;
  std::string flight_record() const;
  trace_recorder& recorder() const;

  /// For settle() in tests (testing/settle.hpp).
  operator busy_end() const;

private:
  class engine;
  class port;
  /// Throws std::logic_error if this was moved from.
  end_owner<engine>& owner() const;

  std::shared_ptr<end_owner<engine>> owner_;
};

/// Joins the two by a new in-memory link; several fronts can be joined to one back so, one after the other. Throws
/// std::runtime_error if `back` is being stopped. Any thread.
void join(const abstract_front& front, const abstract_back& back);

/// Joins the two by `link`. Throws std::invalid_argument if it is null. Any thread.
void join(const abstract_front& front, const std::shared_ptr<duplex_link>& link, const abstract_back& back);

} // namespace tandem
