/// The front end: commences operations. Its link() is a fore link: join it to a rear link, which takes its tickets to a
/// back.
///
///     front_end front{system};
///     join(front, back);                                    // in one process; connect() across nodes
///     auto op = front.operate({.name = "echo", .payload = make_payload("hi"s), .complete = true, .timeout = 5s,
///                              .subscription = full_serviced_subscription(results)});
#pragma once

#include "end_options.hpp"
#include "interfaces.hpp"
#include "tracing/trace_recorder.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tandem {

template <class Engine>
struct end_owner;

/// A handle that shares ownership of one end. Any thread. One that was moved from throws std::logic_error. When the
/// last handle goes, the end is stopped: operations that are still running are cancelled, and the destructor waits
/// until the end's actors have finished. In an actor or in customer code it does not wait, for they may need its thread
/// to finish: they finish soon after.
class front_end final : public abstract_front {
public:
  /// Spawns the end's actors, with the options that the system's configuration has (configuration.hpp). `system` must
  /// outlive this end. Throws std::invalid_argument naming an option that makes no sense.
  explicit front_end(caf::actor_system& system);

  /// With these options; the configuration is not asked.
  front_end(caf::actor_system& system, end_options options);

  /// As abstract_front has it. Called by customer code of this very end, it takes effect before it returns.
  operation operate(operate_request request) const override;

  void join_rear_link(std::shared_ptr<rear_peer> link) const override;
  std::shared_ptr<fore_link> link() const override;

  stats operation_stats() const override;
  void add_idle_action(std::function<void()> action) const override;

  /// Running operations are cancelled.
  void stop() const override;
  void stop(duration grace) const override;

  /// This end as an actor: takes `commence` (the answer is the operation's actor), `get_stats`, and tickets.
  caf::actor handle() const;

  // -- for people -------------------------------------------------------------------------

  /// The oldest `most` of the open operations, as the text of JSON that answers get_operations (messages/commands.hpp
  /// has its fields). Asks the end's actors and waits for them: not for actors. Throws std::logic_error in customer
  /// code that runs in the scheduler.
  std::string operations(size_t most = 1000) const;

  /// The flight recorder's records, the last ones of each shard, as the text of a trace. Waits as operations() does.
  std::string flight_record() const;

  /// Records what this end sees into a trace file, when it is started (tracing/trace_recorder.hpp). Lives as long as
  /// this end. Any thread.
  trace_recorder& recorder() const;

  /// For settle() in tests (testing/settle.hpp).
  operator busy_end() const;

private:
  class engine;
  /// Throws std::logic_error if this was moved from.
  end_owner<engine>& owner() const;

  std::shared_ptr<end_owner<engine>> owner_;
};

} // namespace tandem
