/// Ends as interfaces: take these as parameters where a test is to put a class of its own in the place of front_end or
/// back_end. The names are those of the interface reference.
///
///     void greet(const abstract_front& services) { services.operate({.name = "hello", .complete = true}); }
///     void start(caf::actor_system& system) { greet(front_end{system}); }
///
/// A test gives `greet` a class of its own, which looks at the request and gives it to a front_end.
#pragma once

#include "../messages/commands.hpp"
#include "../messages/time.hpp"
#include "links/link.hpp"
#include "node_description.hpp"
#include "operation.hpp"
#include "serviced_subscription.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

class end_context;

/// A handle for settle() (testing/settle.hpp): tells whether an end has work queued or is doing any.
struct busy_end {
  std::shared_ptr<end_context> end;
};

/// An operation that operate() is to commence. Name the members that you need; only `name` has no default.
struct operate_request {
  std::string name;                                      ///< the method; not empty
  std::optional<tandem::payload> payload = std::nullopt; ///< a first payload
  bool complete = false;                                 ///< no further payloads will follow (S-SEND-2)
  /// For the whole operation; none: end_options decides. The back limits it to its end_options::maximum_timeout, an
  /// hour unless it was told otherwise; if the operation expires for that, the details say so.
  std::optional<duration> timeout = std::nullopt;
  serviced_subscription subscription = {}; ///< of the kind none, unless given
  std::optional<tandem::trace_id> trace_id = std::nullopt;
  /// While the link is lost, wait for it instead of ending with transmission failure at once (S-SEND-9). The wait
  /// counts against the timeout.
  bool wait_for_link = false;
  /// How many results the back may send ahead of the consumer, for this operation (S-FLOW). None: end_options::window.
  std::optional<uint32_t> window = std::nullopt;
  /// For traces: the operation on whose behalf this one is commenced. None: the operation whose customer code calls
  /// operate(), if one does.
  std::optional<operation_id> parent = std::nullopt;
};

/// The functions that both ends have (S-STATS). Any thread.
class abstract_end {
public:
  virtual ~abstract_end() = default;

  /// Counts: of ended operations by outcome, of open ones, and of tickets that were dropped.
  virtual stats operation_stats() const = 0;

  /// Runs `action` once, when no operation is ongoing; at once if none is. S-STATS-7 says in which thread. An exception
  /// of `action` is logged. Throws std::invalid_argument if `action` is empty.
  virtual void add_idle_action(std::function<void()> action) const = 0;

  /// Stops this end without waiting: running operations are ended, new ones refused.
  virtual void stop() const = 0;

  /// Stops this end in good order, without waiting: new operations are refused from now on, those that run go on, and
  /// those that still run after `grace` are ended (S-END-13). A back tells its fronts, and goes on for those that have
  /// not heard of it (S-END-14). Use wait_for_idle to wait. Throws std::invalid_argument if `grace` is negative.
  virtual void stop(duration grace) const = 0;
};

/// Commences operations. Any thread.
class abstract_front : public abstract_end {
public:
  /// Commences an operation and returns at once (S-SEND-2). Throws std::invalid_argument naming the argument that is
  /// wrong (a name that is empty or has more than 65,535 bytes, a timeout that is negative or above 146 years, an
  /// ingestor that does not go with the kind of subscription), std::logic_error if stop() was called.
  virtual operation operate(operate_request request) const = 0;

  /// Mates this end with the rear link that takes its tickets; earlier tickets wait until then. If it is joined again,
  /// it uses the new peer (S-STATS-4). Shares ownership of `link`. Throws std::invalid_argument if `link` is null.
  virtual void join_rear_link(std::shared_ptr<rear_peer> link) const = 0;

  /// This end as a fore link, for a rear link to be joined to. It does not keep this end running.
  virtual std::shared_ptr<fore_link> link() const = 0;
};

/// Performs operations. Any thread.
class abstract_back : public abstract_end {
public:
  /// Mates this end with the fore link that takes its tickets. As abstract_front::join_rear_link.
  virtual void join_fore_link(std::shared_ptr<fore_peer> link) const = 0;

  /// This end as a rear link, for a fore link to be joined to. It does not keep this end running.
  virtual std::shared_ptr<rear_link> link() const = 0;

  /// A further way in: a rear link for one more fore link, so that several fronts can share this back. Operations that
  /// come through it answer through it, and end with transmission failure when it is lost. `front` is whom
  /// operation_context::peer() returns; unless its number of operations is 0, so many may run at a time through this
  /// port, and those above are refused. Throws std::runtime_error if this back is being stopped.
  virtual std::shared_ptr<rear_link> make_port(node_description front = {}) const = 0;

  /// How many operations may run at a time; 0: no limit.
  virtual uint64_t maximum_operations() const = 0;
};

/// Blocks the calling thread until no operation is ongoing at `end` (S-STATS-3), and their links have been given the
/// last tickets; the termination callbacks of those that ended have returned. Throws std::logic_error in customer code
/// that runs in the actor system's scheduler: the end would wait for it in turn. So it would for code in a work pool,
/// which must not call it either: nobody could tell it, for that may wait for another end.
void wait_for_idle(const abstract_end& end);

} // namespace tandem
