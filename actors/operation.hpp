/// An operation in progress, as the front's customer code holds it.
///
///     auto op = front.operate({.name = "sum", .subscription = full_serviced_subscription(results)});
///     op.consumer().consume(make_payload(1));
///     op.cancel();
#pragma once

#include "../messages/outcome_error.hpp"
#include "operation_context.hpp"

#include <string>
#include <utility>

namespace tandem {

/// The handle that operate() returns. It is cheap: copy it, use it from any thread, drop it when you like; the
/// operation goes on without it.
class operation {
public:
  explicit operation(operation_ptr x) : operation_(std::move(x)) {
  }

  /// Takes the payloads that go to the servicer.
  output_consumer consumer() const {
    return output_consumer{operation_};
  }

  operation_context context() const {
    return operation_context{operation_};
  }

  /// Cancels the operation (S-END-2). Does nothing after its end. `details` is for people on both sides.
  void cancel(std::string details = "cancel() was called") const;

  /// Allows the operation `timeout`, measured from its beginning; if that time is over already, the operation ends as
  /// expired (S-SEND-8, S-TIME-3). The back hears of it unless the last payload was sent before (`complete` says that
  /// at once): then it holds at the front only, and the back keeps to what it was told before. The back limits it to
  /// its end_options::maximum_timeout, without a word; if the operation expires for that, the details say so. The
  /// back's time_remaining() (operation_context.hpp) tells what it grants. Throws std::invalid_argument if `timeout` is
  /// negative.
  void set_timeout(duration timeout) const;

  /// The operation's actor: monitor it for the Outcome (S-END-8), or send to it (messages/commands.hpp).
  caf::actor handle() const;

private:
  operation_ptr operation_;
};

} // namespace tandem
