#include "call.hpp"

#include "call_run.hpp"
#include "exit_status.hpp"
#include "network_probe.hpp"
#include "trace_file.hpp"

#include <tandem/actors/links/recording_link.hpp>
#include <tandem/actors/nodes/connect.hpp>
#include <tandem/actors/nodes/tls.hpp>
#include <tandem/actors/system.hpp>

#include <cstdio>
#include <memory>
#include <optional>

namespace tandem::cli {

namespace {

/// Who does not hear of the end within this time will learn of it by the connection's end.
constexpr auto patience_at_end = std::chrono::seconds(1);

std::shared_ptr<duplex_link> connect_to(caf::actor_system& system, const call_options& options) {
  require_listener(options.back, options.connect_timeout);
  try {
    return connect(system, options.back.host, options.back.port,
                   {.timeout = options.connect_timeout, .link = {.window = options.window}});
  } catch (const tls_error& e) {
    throw user_error{e.what()};
  } catch (const std::exception& e) {
    throw user_error{std::string{e.what()} + "; is it `tandem serve` that listens there?"};
  }
}

} // namespace

int call(const call_options& options) {
  std::optional<input_reader> input;
  if (!options.stream.empty())
    input.emplace(options.stream, options.pieces);
  const auto trace = open_trace(options.trace, "front", write_endpoint(options.back));
  system_config config;
  apply(options.tls, config);
  caf::actor_system system{config};
  const auto connection = connect_to(system, options);
  round_trip under_way{system, options.back};
  front_options settings;
  settings.shards = 1;
  const front_end front{system, settings};
  const auto sending = std::make_shared<transit>();
  const auto counting = std::make_shared<transit_link>(sending, transit_link::side::front);
  const auto recording
    = trace ? std::make_shared<recording_link>(trace, "front", write_endpoint(options.back)) : nullptr;
  if (recording)
    join_links(front.link(), counting, recording, connection);
  else
    join_links(front.link(), counting, connection);
  const auto result = run_call({options, front, sending, under_way, input ? &*input : nullptr});
  if (recording && recording->error())
    std::fprintf(stderr, "tandem: the trace is not complete: %s\n", recording->error()->c_str());
  // What this process has queued would go with it, and the other side is to get the last ticket.
  if (result != outcome::transmission_failure)
    under_way.make(patience_at_end);
  return exit_status_of(result);
}

} // namespace tandem::cli
