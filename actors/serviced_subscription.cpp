#include "serviced_subscription.hpp"

#include <stdexcept>

namespace tandem {

namespace {

class function_ingestor final : public serviced_ingestor {
public:
  explicit function_ingestor(std::function<std::shared_ptr<tandem::consumer>(const operation_context&)> f)
    : function_(std::move(f)) {
  }

  std::shared_ptr<tandem::consumer> consumer(const operation_context& context) override {
    return function_(context);
  }

private:
  std::function<std::shared_ptr<tandem::consumer>(const operation_context&)> function_;
};

} // namespace

std::shared_ptr<serviced_ingestor>
make_ingestor(std::function<std::shared_ptr<consumer>(const operation_context&)> consumer_for) {
  if (!consumer_for)
    throw std::invalid_argument{"make_ingestor: consumer_for must not be empty"};
  return std::make_shared<function_ingestor>(std::move(consumer_for));
}

serviced_subscription full_serviced_subscription(std::shared_ptr<serviced_ingestor> ingestor) {
  return {subscription_kind::full, std::move(ingestor)};
}

serviced_subscription full_serviced_subscription(std::shared_ptr<consumer> results) {
  if (results == nullptr)
    throw std::invalid_argument{"full_serviced_subscription: results must not be null"};
  return {subscription_kind::full, make_ingestor([results](const operation_context&) { return results; })};
}

serviced_subscription termination_only_serviced_subscription() {
  return {subscription_kind::termination_only, nullptr};
}

serviced_subscription none_serviced_subscription() {
  return {subscription_kind::none, nullptr};
}

} // namespace tandem
