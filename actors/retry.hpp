/// Operations that are tried again when the back refused them, elsewhere if a balanced link is joined.
///
///     auto op = operate_retrying(front, {.name = "get", .payload = key, .complete = true, .timeout = 2s,
///                                        .subscription = full_serviced_subscription(results)},
///                                {.attempts = 3}, [](const caf::error& reason) { report(outcome_of(reason)); });
///
/// Nothing is ever retried unless you call this.
#pragma once

#include "interfaces.hpp"

#include <caf/error.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tandem {

struct retry_options {
  /// How often it is tried, in all; at least once.
  int attempts = 3;
  /// Before the second attempt; twice as long before each later one.
  duration pause = std::chrono::milliseconds(10);
  /// Also when the link was lost: the back may have run the operation, so only for what may run twice.
  bool after_loss = false;
};

/// A series of attempts under way. A cheap handle; the series goes on without it.
class retrying_operation {
public:
  class series;
  explicit retrying_operation(std::shared_ptr<series> x) : series_(std::move(x)) {
  }

  /// Cancels the present attempt, and makes no other. Any thread.
  void cancel() const;

private:
  std::shared_ptr<series> series_;
};

/// Commences the operation, and again, as a new one, when it was refused (was_refused) and none of its payloads has
/// arrived; what it subscribes to is asked for a consumer at each attempt. The timeout, if there is one, is that of all
/// attempts together. `ended` is called once, with the reason with which the last attempt's actor ended (outcome_of,
/// details_of), in the thread that ended it. `front` must outlive the series. Any thread.
///
/// Throws std::invalid_argument naming the argument that is wrong: a request that is not complete (later payloads would
/// have to be kept), no attempts, a negative pause, an empty `ended`; and what operate() throws.
retrying_operation operate_retrying(const abstract_front& front, operate_request request, retry_options options,
                                    std::function<void(const caf::error&)> ended);

} // namespace tandem
