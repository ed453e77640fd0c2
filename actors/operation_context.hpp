/// The two handles that customer code is given for its operation: the context, which tells about it, and the consumer
/// that takes the payloads that customer code sends.
///
///     services->add("what", [](const operation_context& context, const output_consumer& out) {
///       out.consume_and_terminate(make_payload(context.name()));
///       return make_consumer({});
///     });
#pragma once

#include "../messages/operation_id.hpp"
#include "../messages/outcome.hpp"
#include "../messages/subscription.hpp"
#include "../messages/time.hpp"
#include "../messages/trace_id.hpp"
#include "compat/light_ptr.hpp"
#include "consumer.hpp"
#include "node_description.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tandem {

class operation_actor;

/// Somebody has charge of a payload as long as it, or a copy, lives (operation_context::take_charge).
using payload_charge = std::shared_ptr<const void>;

/// Keeps an operation's actor alive.
using operation_ptr = compat::light_ptr<operation_actor>;

/// How an operation ended at one side. A callback that takes an `outcome` gets that alone.
struct operation_end {
  outcome value;
  std::string details;      ///< why, for people; often empty if it completed
  bool was_refused = false; ///< the back did not begin it: it can be tried again (S-END-12)

  operator outcome() const noexcept { // NOLINT(google-explicit-constructor): so that such callbacks can be given
    return value;
  }
};

using termination_callback = std::function<void(const operation_end&)>;

/// Tells about one side of an operation and acts on it. A cheap handle: copy it, keep it, use it from any thread, also
/// after the end.
class operation_context {
public:
  explicit operation_context(operation_ptr operation) : operation_(std::move(operation)) {
  }

  /// Names the set of related operations that this one belongs to, if the serviced gave a name (S-TICKET-6). Pass it on
  /// to operations that you commence on behalf of this one.
  std::optional<tandem::trace_id> trace_id() const;

  const operation_id& id() const;

  /// The operation's name.
  const std::string& name() const;

  /// What the front wants: with anything but full, results need not be made (S-SEND-6).
  subscription_kind subscription() const;

  /// Puts a note into the traces that this side records, and into its flight recorder. Does nothing after the end.
  void annotate(std::string text) const;

  /// At the back: whose operation it is. The name is what the front's node says (link_options::node_name); decide by
  /// the identity. Empty in one process.
  node_description peer() const;

  /// False once the operation has ended on this side: there is no reason to work on.
  bool is_active() const {
    return !ended();
  }

  /// The outcome on this side; nothing while the operation is active.
  std::optional<outcome> ended() const;

  /// Why the operation ended, for people; empty while it is active, and often if it completed.
  std::string details() const;

  /// How long the operation may still take on this side; zero once it has ended (S-TIME-4). At the back that is what
  /// the back grants, which its end_options::maximum_timeout may have limited. At the front it is what was asked for
  /// there: a front is not told what the back grants, unless the service says it in a result. A call that changes this,
  /// or ends the operation, shows a moment later, when the end has come to it.
  duration time_remaining() const;

  /// Calls `callback` exactly once, also if the operation has ended already, with the outcome, or, if it takes an
  /// operation_end, with the details too (S-END-7):
  ///
  ///     context.add_termination_callback([](const operation_end& x) { report(x.value, x.details); });
  ///
  /// It is called at the end, in the threads of customer code, even while a call of this operation's customer code
  /// blocks. An exception of `callback` is logged. Throws std::invalid_argument if `callback` is empty.
  void add_termination_callback(termination_callback callback) const;

  /// Ends the operation with this side's failure: servicer failure at the back, serviced failure at the front
  /// (S-END-2). `details` is for people on both sides.
  void fail(std::string details = "fail() was called") const;

  /// Lets the other side send so many payloads more, at once (S-FLOW-9): with a window of 0 nothing else does. Does
  /// nothing where nobody is limited, when everything has come, and after the end.
  void allow(uint64_t payloads) const;

  /// From now on this side lets the other send so many payloads ahead of its consumer, in the place of
  /// end_options::window; no_window: any number (S-FLOW-15). Made for service(), before payloads are consumed.
  void set_window(uint32_t payloads) const;

  /// In a call that delivers a payload: it does not count as consumed when the call returns, but when the result and
  /// its copies are gone (S-FLOW-14). So a consumer that hands payloads on keeps the window honest:
  ///
  ///     queue.push_back({std::move(content), context.take_charge()});   // whoever takes it drops both
  ///
  /// The operation can end before. Call it once for each payload. Elsewhere it does nothing.
  payload_charge take_charge() const;

  /// The operation's actor: monitor it for the Outcome (S-END-8), or send to it (messages/commands.hpp).
  caf::actor handle() const;

private:
  operation_ptr operation_;
};

/// Takes the payloads that customer code sends. A cheap handle, as operation_context; any thread. A payload after the
/// end of output is this side's failure (S-SEND-4); calls after the end of the operation are ignored (S-SEND-5).
///
/// The other side's consumer sets the pace (S-FLOW): payloads that it does not allow yet wait here, up to
/// end_options::waiting_payloads. So whoever sends many sends while he may, and goes on when he may again:
///
///     void send_more(const output_consumer& out, std::shared_ptr<rows> from) {
///       while (out.ready() && from->has_next())
///         out.consume(from->next());
///       if (from->has_next())
///         out.when_ready([=] { send_more(out, from); });
///     }
class output_consumer {
public:
  explicit output_consumer(operation_ptr operation) : operation_(std::move(operation)) {
  }

  /// Sends a payload. Returns ready(): whether another one would be sent at once.
  ///
  /// In a thread of yours it waits while the link has more than it can pass on, or the end is far behind, until that is
  /// over or the operation has ended (S-PORT-11). In an actor, or in customer code in CAF's scheduler, it never waits.
  bool consume(payload content) const; // NOLINT(modernize-use-nodiscard): whoever sends little need not look

  /// The end of what is sent.
  void terminate() const;

  /// The last payload, and the end.
  void consume_and_terminate(payload content) const;

  /// Whether a payload would be sent at once: the operation is active, its output has not ended, the other side allows
  /// one, none waits, and the link is not congested.
  bool ready() const;

  /// Calls `call` once when ready() is true; at once if it is so already; never after the end of the output or of the
  /// operation (S-FLOW-8). It is called where customer code of this side runs, and never concurrently with it; an
  /// exception of it ends the operation. Throws std::invalid_argument if `call` is empty.
  void when_ready(std::function<void()> call) const;

  /// Blocks the calling thread until ready() is true, for at most so long. False if it is not; at once if it never will
  /// be. For threads of yours, and for a work pool that no consumer needs meanwhile: throws std::logic_error in CAF's
  /// scheduler, and std::invalid_argument if `timeout` is negative, or more than longest_timeout.
  bool wait_until_ready(duration timeout) const;

  /// How many payloads wait here until the other side allows them.
  uint64_t waiting() const;

private:
  operation_ptr operation_;
};

} // namespace tandem
