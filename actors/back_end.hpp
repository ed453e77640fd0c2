/// The back end: performs operations with a servicer. It is a rear link: join it to a fore link, which brings it a
/// front's tickets and takes its own.
///
///     auto services = std::make_shared<method_table>();
///     services->add("echo", ...);
///     back_end back{system, services, {.default_timeout = 10s, .maximum_timeout = 60s}};
///     publish(back, 4242);                                  // or join(front, back) in one process
#pragma once

#include "../messages/commands.hpp"
#include "end_options.hpp"
#include "links/link.hpp"
#include "servicer.hpp"
#include "testing/settle.hpp"
#include "tracing/trace_recorder.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tandem {

class front_end;
template <class Implementation>
struct end_owner;

/// Makes a rear link for the front at `node`.
using port_factory = std::function<std::shared_ptr<rear_link>(const std::string& node)>;

/// A handle that shares ownership of one end. When the last handle goes, the end is stopped: operations that are still
/// running end with servicer failure, and the destructor waits until the end's actors have finished (front_end.hpp
/// says what that means for actors).
class back_end {
public:
  /// Spawns the end's actors, with the options that the system's configuration has (configuration.hpp). `system` must
  /// outlive this end. Throws std::invalid_argument if `services` is null, or naming an option that makes no sense.
  back_end(caf::actor_system& system, std::shared_ptr<servicer> services);

  /// With these options; the configuration is not asked.
  back_end(caf::actor_system& system, std::shared_ptr<servicer> services, back_options options);

  /// The servicer is an actor: it gets a `service_request` per operation, then what the front sends, and sends its
  /// results to the operation's actor (messages/commands.hpp). When it ends, so do its operations, with servicer
  /// failure.
  back_end(caf::actor_system& system, caf::actor services);
  back_end(caf::actor_system& system, caf::actor services, back_options options);

  // -- the end (S-STATS): as front_end has them ---------------------------------------------

  stats operation_stats() const;
  void add_idle_action(std::function<void()> action) const;

  /// As back_options has it.
  uint64_t maximum_operations() const;

  /// The operations that are open, the oldest `most` of them, with what is known of each (operation_listing.hpp). Asks
  /// the end's actors and waits for them: not for code that runs in the actor system's scheduler.
  nlohmann::json operations(size_t most = 1000) const;

  /// What the flight recorder has, the last records of each shard, as the text of a trace. As operations().
  std::string flight_record() const;

  /// Records what this end sees into a trace file, when it is started (tracing/trace_recorder.hpp). Lives as long as
  /// this end. Any thread.
  trace_recorder& recorder() const;

  // -- the rear link ------------------------------------------------------------------------

  /// Mates this end with the fore link that takes its tickets; what it had to send waits until then. Joined again, it
  /// uses the new peer (S-STATS-4). Throws std::invalid_argument if `link` is null. Any thread.
  void join_fore_link(std::shared_ptr<fore_link> link) const;

  /// This end as a link, to join a fore link to it.
  std::shared_ptr<rear_link> link() const;

  /// A further way in: a rear link of its own for one more fore link. Operations that come through it answer through
  /// it, and end with transmission failure when it is lost. This is how several fronts share one back.
  /// `node` names where its front is: what operation_context::peer() says.
  std::shared_ptr<rear_link> make_port(std::string node = {}) const;

  /// A function that does make_port() without keeping this end running; it throws std::runtime_error when the end is
  /// gone.
  port_factory port_maker() const;

  /// This end as an actor: takes `get_stats`, and tickets.
  caf::actor handle() const;

  /// Stops this end without waiting: running operations end with servicer failure. Any thread.
  void stop() const;

  /// Stops this end in good order, without waiting: new operations are refused from now on, those that run go on, and
  /// what still runs after `grace` is ended with servicer failure (S-END-13). Use wait_for_idle to wait. Throws
  /// std::invalid_argument if `grace` is negative. Any thread.
  void stop(duration grace) const;

  /// For settle() in tests.
  operator busy_end() const;

private:
  class implementation;
  class port;
  std::shared_ptr<end_owner<implementation>> owner_;
};

/// Blocks the calling thread until no operation is ongoing at `end` (S-STATS-3). Not to be called by customer code that
/// runs in the actor system's scheduler.
void wait_for_idle(const back_end& end);

/// Joins the two by a new in-memory link.
void join(const front_end& front, const back_end& back);

/// Joins the two by `link`.
void join(const front_end& front, const std::shared_ptr<duplex_link>& link, const back_end& back);

} // namespace tandem
