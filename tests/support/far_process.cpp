#include "far_process.hpp"

#include <string>

namespace tandem_test {

using namespace tandem;
using namespace std::literals;

namespace {

std::vector<std::string> command_line(const far_options& x) {
  auto result = x.by;
  result.insert(result.end(), {program("test_peer"), "back", std::to_string(x.window.count()), std::to_string(x.port),
                               x.certificates, x.address, std::to_string(x.silence.count())});
  return result;
}

} // namespace

far_process::far_process(const far_options& options)
  : running(command_line(options)), port(static_cast<uint16_t>(std::stoi(running.read_line().value_or("")))) {
}

operation hold(const front_end& front) {
  return front.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
}

ending echo(const front_end& front, bool wait_for_link) {
  auto op = front.operate({.name = "echo",
                           .payload = text("x"),
                           .complete = true,
                           .timeout = 30s,
                           .subscription = full_serviced_subscription(make_consumer({})),
                           .wait_for_link = wait_for_link});
  return await(ending_of(op));
}

connect_options watchful(duration window) {
  auto result = patient(window);
  result.link.ping_interval = 200ms;
  result.link.silence_limit = 1s;
  return result;
}

connect_options patient(duration window) {
  return {.first_pause = 2ms, .longest_pause = 50ms, .link = {.window = window}};
}

} // namespace tandem_test
