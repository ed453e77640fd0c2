#include "call.hpp"

#include "../cli/exit_status.hpp"
#include "caf_gateway.hpp"
#include "call_run.hpp"
#include "connect_to.hpp"
#include "trace_file.hpp"

#include "../../actors/configuration.hpp"
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/relay_link.hpp"
#include "../../actors/nodes/configuration.hpp"
#include "../../actors/system.hpp"

#include <cstdio>
#include <future>
#include <memory>
#include <optional>

namespace tandem::cli {

namespace {

/// A back that does not hear of the end within this time learns of it when the connection ends.
constexpr auto patience_at_end = std::chrono::seconds(1);

/// To all at once, since one that does not answer takes its time; those that can be reached.
std::vector<reached_back> connect_to_all(caf::actor_system& system, const call_options& options) {
  const auto settings = configured_connect_options(system);
  std::vector<std::future<std::shared_ptr<node_link>>> attempts;
  for (const auto& back : options.backs)
    attempts.push_back(std::async(std::launch::async, [&] { return connect_to(system, back, settings); }));
  std::vector<reached_back> result;
  std::vector<std::string> failures;
  for (size_t i = 0; i < attempts.size(); ++i) {
    try {
      auto link = attempts[i].get();
      result.push_back({to_string(options.backs[i]), link, link});
    } catch (const user_error& e) {
      failures.emplace_back(e.what());
    }
  }
  for (const auto& failure : failures) {
    if (result.empty() && &failure == &failures.back())
      throw user_error{failure};
    if (!options.quiet || result.empty())
      std::fprintf(stderr, "tandem: %s\n", failure.c_str());
  }
  return result;
}

std::shared_ptr<cluster_link> connect_by_handle(caf::actor_system& system, const call_options& options) {
  if (tls_options_of(system))
    throw usage_error{"--caf: CAF's middleman connects without TLS here; leave out --certificate, --key, --authority"};
  return connect_by_caf(system, *options.caf, configured_connect_options(system).timeout);
}

/// One link for all of them.
std::shared_ptr<rear_link> make_way(const std::vector<reached_back>& backs, const std::string& key) {
  if (backs.size() == 1)
    return backs.front().link;
  balanced_options options;
  if (!key.empty())
    options = {balance::consistent_hash, [key](const front_to_back_ticket&) { return key; }};
  auto result = balanced_link::make(std::move(options));
  for (const auto& back : backs)
    result->add(back.link, back.name);
  return result;
}

} // namespace

int call(const call_options& options) {
  std::optional<input_reader> input;
  if (!options.stream.empty())
    input.emplace(options.stream, options.pieces);
  system_config config;
  configure(config, options.node);
  caf::actor_system system{config};
  auto settings = configured_front_options(system);
  settings.shards = 1;
  settings.name = options.caf ? to_string(*options.caf) : write_endpoints(options.backs);
  const front_end front{system, settings}; // before anybody is connected: its trace may not be writable
  const auto by_handle = options.caf ? connect_by_handle(system, options) : nullptr;
  const auto backs
    = options.caf ? std::vector<reached_back>{{settings.name, by_handle}} : connect_to_all(system, options);
  const auto way = make_way(backs, options.key);
  join_links(front.link(), way);
  const auto result = run_call({options, front, backs, input ? &*input : nullptr});
  const bool has_trace = end_trace(front.recorder());
  // Tickets that this process has queued would end with it, but the other side has to get the last one, which the links
  // have when the front is idle.
  wait_for_idle(front);
  for (const auto& back : backs)
    if (back.acknowledges != nullptr)
      back.acknowledges->flush(patience_at_end);
  if (by_handle != nullptr)
    by_handle->close(patience_at_end);
  return result == outcome::completed && !has_trace ? exit_error : exit_status_of(result);
}

} // namespace tandem::cli
