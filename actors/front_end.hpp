/// The front end: commences operations. It is a fore link: join it to a rear link, which takes its tickets to a back.
///
///     front_end front{system};
///     join(front, back);                                    // in one process; connect() across nodes
///     auto op = front.operate({.name = "echo", .payload = make_payload("hi"s), .complete = true, .timeout = 5s,
///                              .subscription = full_serviced_subscription(results)});
#pragma once

#include "../messages/commands.hpp"
#include "end_options.hpp"
#include "links/link.hpp"
#include "operation.hpp"
#include "serviced_subscription.hpp"
#include "testing/settle.hpp"
#include "tracing/trace_recorder.hpp"

#include <caf/actor_system.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

template <class Implementation>
struct end_owner;

/// What operate() is told. Name the members you need; `name` is the only one without a default.
struct operate_request {
  std::string name;                                      ///< the method; not empty
  std::optional<tandem::payload> payload = std::nullopt; ///< a first payload
  bool complete = false;                                 ///< no more payloads will follow (S-SEND-2)
  std::optional<duration> timeout = std::nullopt;        ///< for the whole operation; none: front_options decides
  serviced_subscription subscription = {};               ///< none, unless given
  std::optional<tandem::trace_id> trace_id = std::nullopt;
  /// While the link is lost, wait for it instead of ending with transmission failure at once (S-SEND-9). The wait
  /// counts against the timeout.
  bool wait_for_link = false;
  /// For traces: the operation on whose behalf this one is commenced. None: the one whose customer code calls operate.
  std::optional<operation_id> parent = std::nullopt;
};

/// A handle that shares ownership of one end. When the last handle goes, the end is stopped: operations that are still
/// running are cancelled, and the destructor waits until the end's actors have finished. An actor must therefore not
/// own the last handle, unless it called stop() before: its thread may be the one that has to do the finishing.
class front_end {
public:
  /// Spawns the end's actors, with the options that the system's configuration has (configuration.hpp). `system` must
  /// outlive this end. Throws std::invalid_argument naming an option that makes no sense.
  explicit front_end(caf::actor_system& system);

  /// With these options; the configuration is not asked.
  front_end(caf::actor_system& system, front_options options);

  /// Commences an operation and returns at once (S-SEND-2). Any thread; from customer code of this very end it takes
  /// effect before it returns. Throws std::invalid_argument naming the argument that is wrong (empty name, negative
  /// timeout, full subscription without ingestor), std::logic_error if the end has been stopped.
  operation operate(operate_request request) const;

  // -- the end (S-STATS) ------------------------------------------------------------------

  /// Counts of ended operations by outcome, and of tickets that were dropped. Any thread.
  stats operation_stats() const;

  /// Runs `action` once, when no operation is ongoing; at once if none is. Where: S-STATS-7. What it throws is logged.
  /// Throws std::invalid_argument if `action` is empty. Any thread.
  void add_idle_action(std::function<void()> action) const;

  /// The operations that are open, the oldest `most` of them, with what is known of each (operation_listing.hpp). Asks
  /// the end's actors and waits for them: not for code that runs in the actor system's scheduler.
  nlohmann::json operations(size_t most = 1000) const;

  /// What the flight recorder has, the last records of each shard, as the text of a trace. As operations().
  std::string flight_record() const;

  /// Records what this end sees into a trace file, when it is started (tracing/trace_recorder.hpp). Lives as long as
  /// this end. Any thread.
  trace_recorder& recorder() const;

  // -- the fore link ------------------------------------------------------------------------

  /// Mates this end with the rear link that takes its tickets; what it had to send waits until then. Joined again, it
  /// uses the new peer (S-STATS-4). Throws std::invalid_argument if `link` is null. Any thread.
  void join_rear_link(std::shared_ptr<rear_link> link) const;

  /// This end as a link, to join a rear link to it.
  std::shared_ptr<fore_link> link() const;

  /// This end as an actor: takes `commence` (the answer is the operation's actor), `get_stats`, and tickets.
  caf::actor handle() const;

  /// Stops this end without waiting: running operations are cancelled, new ones refused. Any thread.
  void stop() const;

  /// Stops this end in good order, without waiting: new operations are refused from now on, those that run go on, and
  /// what still runs after `grace` is cancelled (S-END-13). Use wait_for_idle to wait. Throws
  /// std::invalid_argument if `grace` is negative. Any thread.
  void stop(duration grace) const;

  /// For settle() in tests.
  operator busy_end() const;

private:
  class implementation;
  std::shared_ptr<end_owner<implementation>> owner_;
};

/// Blocks the calling thread until no operation is ongoing at `end` (S-STATS-3). Not to be called by customer code that
/// runs in the actor system's scheduler.
void wait_for_idle(const front_end& end);

} // namespace tandem
