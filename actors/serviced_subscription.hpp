/// What the serviced, which is the customer code at the front, wants from an operation: all results, the outcome, or
/// nothing.
///
///     auto results = make_consumer([](payload x) { take(x); });
///     auto op = front.operate({.name = "list", .subscription = full_serviced_subscription(results)});
#pragma once

#include "../messages/subscription.hpp"
#include "consumer.hpp"
#include "operation_context.hpp"

#include <functional>
#include <memory>

namespace tandem {

/// Provides the consumer for an operation's results.
class serviced_ingestor {
public:
  virtual ~serviced_ingestor() = default;

  /// Called once, when the operation commences (S-SEND-2), where customer code runs. Returns the consumer for its
  /// results (not null). An exception, abandoned included, is a serviced failure.
  virtual std::shared_ptr<tandem::consumer> consumer(const operation_context& context) = 0;
};

/// An ingestor made from a function.
std::shared_ptr<serviced_ingestor>
make_ingestor(std::function<std::shared_ptr<consumer>(const operation_context&)> consumer_for);

/// An interest in an operation's results. Make one by the functions below; it has an `ingestor` exactly if its kind is
/// full.
struct serviced_subscription {
  subscription_kind kind = subscription_kind::none;
  std::shared_ptr<serviced_ingestor> ingestor;
};

/// All results, through `ingestor`. operate() refuses a null one.
serviced_subscription full_serviced_subscription(std::shared_ptr<serviced_ingestor> ingestor);

/// All results, to `results`: for code that needs no context before the first one.
serviced_subscription full_serviced_subscription(std::shared_ptr<consumer> results);

/// The outcome only.
serviced_subscription termination_only_serviced_subscription();

/// Nothing: fire and forget. The front's side completes when the link has its last ticket (S-SEND-6).
serviced_subscription none_serviced_subscription();

} // namespace tandem
