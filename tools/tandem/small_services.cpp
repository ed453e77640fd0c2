/// The services that need only a few lines: echo, fail, sleep.
#include "../cli/duration_text.hpp"
#include "service_input.hpp"
#include "services.hpp"

#include <stdexcept>

namespace tandem::cli {

namespace {

/// Ends its output with its input, so that the last payload goes back as the last one.
class echo final : public consumer {
public:
  explicit echo(output_consumer output) : output_(std::move(output)) {
  }

  void consume(payload content) override {
    output_.consume(std::move(content));
  }

  void terminate() override {
    output_.terminate();
  }

  void consume_and_terminate(payload content) override {
    output_.consume_and_terminate(std::move(content));
  }

private:
  output_consumer output_;
};

} // namespace

method_table::method make_echo_service() {
  return [](const operation_context&, const output_consumer& output) { return std::make_shared<echo>(output); };
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
