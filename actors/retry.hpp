/// Operations that are tried again when the back refused them. A balanced link chooses a back for each attempt by its
/// policy, and spares the one that has refused.
///
///     auto op = operate_retrying(front, {.name = "get", .payload = key, .complete = true, .timeout = 2s,
///                                        .subscription = full_serviced_subscription(results)},
///                                {.attempts = 3}, [](const caf::error& reason) { report(outcome_of(reason)); });
///
/// Tandem tries no operation again unless you call this.
#pragma once

#include "interfaces.hpp"
#include "log.hpp"

#include <caf/error.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tandem {

struct retry_options {
  /// The number of attempts, the first included; at least one.
  int attempts = 3;
  /// The pause before the second attempt; before each later one it is twice as long.
  duration pause = std::chrono::milliseconds(10);
  /// Try again also when the link was lost. The back may have run the operation then, so only for operations that may
  /// run twice.
  bool after_loss = false;
  /// Gets a line if `ended` throws; empty: it goes to standard error.
  log_function log = {};
};

/// A series of attempts under way. A cheap handle; the series goes on without it.
class retrying_operation {
public:
  class series;
  explicit retrying_operation(std::shared_ptr<series> x) : series_(std::move(x)) {
  }

  /// Cancels the present attempt, and makes no other; between two attempts, `ended` is called at once, with
  /// cancellation. Throws std::logic_error if this handle was moved from. Any thread.
  void cancel() const;

private:
  std::shared_ptr<series> series_;
};

/// Commences the operation, and commences it again, as a new one, when it was refused (was_refused) and none of its
/// results has arrived. The subscription's ingestor is asked for a consumer at each attempt. The timeout, if there is
/// one, is for all attempts together. `ended` is called once, in the thread that ended the last attempt or the pause
/// after it, with the reason with which the last attempt's actor ended (outcome_of, details_of); what it throws is
/// logged. A front that stops ends the series, also between two attempts (one that stops with a grace, when the pause
/// is over); `front` must outlive it. Pauses, and the timeout of the series, pass by the actor system's clock, whatever
/// clock the front has. Any thread.
///
/// Throws std::invalid_argument naming the argument that is wrong: a request that is not complete (later payloads would
/// have to be kept), no attempts, a pause that is negative or above 146 years, an empty `ended`. Exceptions of
/// operate() pass through.
retrying_operation operate_retrying(const abstract_front& front, operate_request request, retry_options options,
                                    std::function<void(const caf::error&)> ended);

} // namespace tandem
