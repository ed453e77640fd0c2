#include "publish.hpp"
#include "../../messages/node_name.hpp"
#include "../moved_from.hpp"
#include "endpoint.hpp"
#include "limited_log.hpp"
#include "network/run_in.hpp"
#include "port_server.hpp"
#include "tls/tls.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tandem {

namespace {

/// Whether to use TLS; throws if the options make no sense.
bool check_options(const caf::actor_system& system, const publish_options& x) {
  check_options(x.link);
  const endpoint where{x.address, x.port};
  if (where.is_local()) {
    check_path(where, "publish_options: address");
    if (x.port != 0)
      throw std::invalid_argument{"publish_options: a socket in the file system has no port, but port is "
                                  + std::to_string(x.port)};
  }
  const bool tls = decide_tls(system, where.is_local() && !x.tls ? std::optional{false} : x.tls);
  if (!tls && !x.insecure && !where.is_on_this_machine())
    throw std::invalid_argument{
      "publish_options: " + (x.address.empty() ? "the empty address" : x.address)
      + " can be reached from other machines, and without TLS nothing is encrypted and everybody can call what is "
        "served; use TLS (use_tls) or set insecure"};
  return tls;
}

} // namespace

struct publication::state {
  std::shared_ptr<tandem::network> network;
  std::shared_ptr<limited_log> log;
  std::shared_ptr<port_server> server;
};

publication::publication(std::unique_ptr<state> x) : state_(std::move(x)) {
}

publication::publication(publication&&) noexcept = default;

publication& publication::operator=(publication&& other) noexcept {
  close();
  state_ = std::move(other.state_);
  return *this;
}

publication::~publication() {
  close();
}

uint16_t publication::port() const noexcept {
  return state_ == nullptr ? 0 : state_->server->port();
}

publication::state& publication::checked() const {
  return held_by(state_, "publication");
}

size_t publication::connections() const {
  return checked().server->sessions();
}

void publication::close() {
  if (state_ == nullptr) // it was moved from
    return;
  run_in(*state_->network, [server = state_->server] { server->close(); });
  state_->log->close();
}

port_status publication::status() const {
  auto result = std::make_shared<port_status>();
  const bool is_known = run_in(*checked().network, [server = checked().server, result] { *result = server->status(); });
  return is_known ? *result : port_status{};
}

void publication::drain() {
  run_in(*checked().network, [server = checked().server] { server->say(core::session_notice::draining); });
}

void publication::resume() {
  run_in(*checked().network, [server = checked().server] { server->say(core::session_notice::ready); });
}

flush_result publication::close(duration timeout) {
  check_duration("close: timeout", timeout);
  const auto until = steady_now() + timeout;
  auto fronts = std::make_shared<std::vector<std::shared_ptr<remote_front>>>();
  const bool is_known = run_in(*checked().network, [server = checked().server, fronts] {
    server->say(core::session_notice::going_away);
    *fronts = server->fronts();
  });
  std::vector<std::future<flush_result>> flushed;
  if (is_known)
    for (const auto& x : *fronts)
      flushed.push_back(x->session().flushed());
  auto result = is_known ? flush_result::arrived : flush_result::timed_out;
  for (auto& x : flushed)
    result = std::max(result, x.wait_until(until) == std::future_status::ready ? x.get() : flush_result::timed_out);
  close();
  return result;
}

publication publish(caf::actor_system& system, port_factory make_port, publish_options options) {
  if (!make_port)
    throw std::invalid_argument{"publish: make_port must not be empty"};
  const bool tls = check_options(system, options);
  if (options.link.node_name.empty())
    options.link.node_name = default_node_name();
  auto network = network::shared();
  auto log = std::make_shared<limited_log>(options.log);
  auto credentials
    = tls ? std::make_shared<tls_credentials>(*tls_options_of(system), [log](const std::string& x) { log->write(x); })
          : nullptr;
  auto server = std::make_shared<port_server>(system, *network, std::move(make_port), std::move(options),
                                              std::move(credentials), log);
  server->listen();
  asio::post(network->context(), [server] { server->start(); });
  auto state = std::make_unique<publication::state>();
  state->network = std::move(network);
  state->log = std::move(log);
  state->server = std::move(server);
  return publication{std::move(state)};
}

publication publish(caf::actor_system& system, const back_end& back, publish_options options) {
  if (options.operations == 0)
    options.operations = back.maximum_operations();
  return publish(system, back.port_maker(), std::move(options));
}

} // namespace tandem
