/// What the serviced, the customer code at the front, wants of an operation.
#pragma once

#include "../messages/subscription.hpp"
#include "consumer.hpp"
#include "operation_context.hpp"

#include <functional>
#include <memory>

namespace tandem {

/// Affords the consumer for an operation's results.
class serviced_ingestor {
public:
  virtual ~serviced_ingestor() = default;

  /// Called once, when the operation commences (S-SEND-2). Returns the consumer for its results (not null). What it
  /// throws, abandoned included, is a serviced failure.
  virtual std::shared_ptr<tandem::consumer> consumer(const operation_context& context) = 0;
};

/// An ingestor made of a function.
std::shared_ptr<serviced_ingestor>
make_ingestor(std::function<std::shared_ptr<consumer>(const operation_context&)> consumer_for);

/// An interest in an operation's results. Made by the three functions below; `ingestor` is there exactly if the kind
/// is full.
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

/// Nothing: fire and forget. The front's side completes when its last ticket is with the link.
serviced_subscription none_serviced_subscription();

} // namespace tandem
