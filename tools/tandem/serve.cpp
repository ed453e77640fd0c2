#include "serve.hpp"

#include "../cli/duration_text.hpp"
#include "../cli/exit_status.hpp"
#include "caf_gateway.hpp"
#include "console.hpp"
#include "event_pipe.hpp"
#include "observed_servicer.hpp"
#include "services.hpp"
#include "trace_file.hpp"

#include "../../actors/back_end.hpp"
#include "../../actors/cluster/gateway.hpp"
#include "../../actors/configuration.hpp"
#include "../../actors/nodes/configuration.hpp"
#include "../../actors/nodes/endpoint.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../actors/system.hpp"
#include "../../actors/testing/settle.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>

namespace tandem::cli {

namespace {

/// So long the fronts have to take what is under way to them when this process ends.
constexpr duration farewell = std::chrono::milliseconds(500);

/// If no port was given.
constexpr uint16_t usual_port = 4242;

void say(const std::string& line) {
  std::fprintf(stderr, "%s\n", line.c_str());
}

publication listen(caf::actor_system& system, const port_factory& entrance, const publish_options& options) {
  if (!options.insecure && !tls_options_of(system) && !endpoint{options.address, 0}.is_on_this_machine())
    throw usage_error{"--address: other machines reach " + options.address
                      + "; use TLS (--certificate, --key, --authority), or --insecure if you trust all of them"};
  try {
    return publish(system, entrance, options);
  } catch (const std::exception& e) {
    throw user_error{e.what()};
  }
}

void print(const std::string& line) {
  std::cout << line << std::endl;
}

/// The gateway for fronts of CAF's cluster; none if nobody asked for one.
std::optional<gateway_owner> open_gateway(caf::actor_system& system, const port_factory& entrance,
                                          const serve_options& options) {
  if (!options.caf_port)
    return std::nullopt;
  if (!options.insecure && !endpoint{options.caf_address, 0}.is_on_this_machine())
    throw usage_error{"--caf-address: other machines reach " + options.caf_address
                      + ", and CAF's middleman lets everybody in; use --insecure if you trust all of them"};
  auto result = make_gateway(system, entrance);
  const auto port = publish_by_caf(system, result.handle(), options.caf_address, *options.caf_port);
  print("listening for CAF on " + options.caf_address + ":" + std::to_string(port));
  return result;
}

std::string counts_line(const stats& x) {
  std::string result = "operations:";
  for (auto value : all_outcomes)
    result += (result.back() == ':' ? " " : ", ") + to_string(value) + " " + std::to_string(x.of(value));
  return result;
}

std::shared_ptr<servicer> make_servicer(const serve_options& options, const service_tools& tools) {
  auto services = make_services(tools);
  if (options.verbose)
    return std::make_shared<observed_servicer>(services, say);
  return services;
}

} // namespace

int serve(const serve_options& options) {
  event_pipe events;
  system_config config;
  configure(config, options.node);
  caf::actor_system system{config};
  const service_tools tools;
  auto settings = configured_back_options(system);
  settings.work = std::make_shared<thread_pool>(options.work_threads);
  const back_end back{system, make_servicer(options, tools), settings};
  auto where = configured_publish_options(system);
  const bool is_path = endpoint{where.address, 0}.is_local();
  if (!config.is_set("tandem.link.port") && !is_path)
    where.port = usual_port;
  where.operations = settings.maximum_operations;
  const auto entrance = back.port_maker();
  auto listening = listen(system, entrance, where);
  auto gateway = open_gateway(system, entrance, options);
  const interruptions interrupted{events};
  print("listening on " + to_string(endpoint{where.address, listening.port()}));
  events.wait();
  // Running operations end first, so that their fronts learn why. A second signal ends the grace.
  back.stop(options.grace);
  if (options.grace > duration::zero() && back.operation_stats().ongoing > 0)
    say("draining: what runs may end within " + write_duration(options.grace) + "; interrupt again to stop at once");
  constexpr char idle = 'd';
  back.add_idle_action([&events] { events.send(idle); });
  while (events.wait() != idle)
    back.stop(duration::zero());
  settle({back});
  listening.close(farewell);
  if (gateway)
    gateway->close();
  const bool has_trace = end_trace(back.recorder());
  print(counts_line(back.operation_stats()));
  return has_trace ? exit_good : exit_error;
}

} // namespace tandem::cli
