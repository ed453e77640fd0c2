#include "consumer.hpp"

namespace tandem {

namespace {

class function_consumer final : public consumer {
public:
  function_consumer(std::function<void(payload)> on_payload, std::function<void()> on_end)
    : on_payload_(std::move(on_payload)), on_end_(std::move(on_end)) {
  }

  void consume(payload content) override {
    if (on_payload_)
      on_payload_(std::move(content));
  }

  void terminate() override {
    if (on_end_)
      on_end_();
  }

  void consume_and_terminate(payload content) override {
    consume(std::move(content));
    terminate();
  }

private:
  std::function<void(payload)> on_payload_;
  std::function<void()> on_end_;
};

} // namespace

std::shared_ptr<consumer> make_consumer(std::function<void(payload)> on_payload, std::function<void()> on_end) {
  return std::make_shared<function_consumer>(std::move(on_payload), std::move(on_end));
}

} // namespace tandem
