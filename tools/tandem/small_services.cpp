/// The services that need only a few lines: echo, fail, sleep.
#include "../cli/duration_text.hpp"
#include "service_input.hpp"
#include "services.hpp"

#include <stdexcept>

namespace tandem::cli {

namespace {

/// Ends its output with its input, so that the last payload goes back as the last one. A payload counts as consumed
/// when the next one could go back at once: so the front that takes no answers sends no more either.
class echo final : public consumer {
public:
  echo(operation_context operation, output_consumer output)
    : operation_(std::move(operation)), output_(std::move(output)) {
  }

  void consume(payload content) override {
    if (!output_.consume(std::move(content)) && operation_.subscription() == subscription_kind::full)
      output_.when_ready([charge = operation_.take_charge()] {});
  }

  void terminate() override {
    output_.terminate();
  }

  void consume_and_terminate(payload content) override {
    output_.consume_and_terminate(std::move(content));
  }

private:
  operation_context operation_;
  output_consumer output_;
};

} // namespace

method_table::method make_echo_service() {
  return [](const operation_context& operation, const output_consumer& output) {
    return std::make_shared<echo>(operation, output);
  };
}

method_table::method make_fail_service() {
  return [](const operation_context& operation, const output_consumer&) {
    return take_one_text("fail takes one payload, the text to fail with",
                         [operation](const std::string& text) { operation.fail(text); });
  };
}

method_table::method make_sleep_service(std::shared_ptr<alarm_clock> clock) {
  return [clock](const operation_context& operation, const output_consumer& output) {
    const std::string usage = "sleep takes one payload, " + std::string{duration_wanted};
    return take_one_text(usage, [clock, operation, output, usage](const std::string& text) {
      const auto delay = parse_duration(text);
      if (!delay)
        throw std::runtime_error{usage + ", got \"" + text + "\""};
      const auto alarm = clock->set(*delay, [output = output_consumer{output}, delay = *delay]() mutable {
        output.consume_and_terminate(make_payload("slept " + write_duration(delay)));
      });
      operation.add_termination_callback([clock, alarm](outcome) { clock->cancel(alarm); });
    });
  };
}

} // namespace tandem::cli
