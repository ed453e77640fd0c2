#include "connect.hpp"
#include "../../messages/node_name.hpp"
#include "../../messages/time.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/system.hpp"
#include "front_connection.hpp"
#include "tls/tls.hpp"
#include "tls/tls_probe.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace tandem {

namespace {

/// Why the connection failed, empty if it did not; `tls` says whether TLS is the cause.
struct refused {
  std::string why;
  bool tls = false;
};

/// Waits for the connector's report. CAF says neither why a TLS handshake failed nor, without TLS, that the other side
/// waits for one: then both just wait. So this finds out when the first attempt has failed, or has had no result for a
/// while.
refused await_report(std::future<std::string> report, const std::string& host, uint16_t port,
                     const std::optional<tls_options>& own, duration timeout) {
  constexpr duration for_a_while = std::chrono::seconds(1);
  constexpr duration to_find_out = std::chrono::seconds(2);
  const auto until = std::chrono::steady_clock::now() + timeout;
  const bool silent = report.wait_for(std::min(timeout / 2, for_a_while)) != std::future_status::ready;
  if (silent) {
    const duration left = until - std::chrono::steady_clock::now();
    if (auto why = why_tls_fails(host, port, own, std::min(left, to_find_out)); !why.empty())
      return {std::move(why), true};
    if (report.wait_until(until) != std::future_status::ready)
      return {"no answer within " + std::to_string(timeout / std::chrono::milliseconds(1)) + " ms"};
  }
  auto caf_says = report.get();
  if (caf_says.empty() || silent)
    return {std::move(caf_says)};
  auto why = why_tls_fails(host, port, own, to_find_out);
  if (why.empty())
    return {std::move(caf_says)};
  return {why + " (" + caf_says + ")", true};
}

} // namespace

std::shared_ptr<node_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                   connect_options options) {
  if (host.empty())
    throw std::invalid_argument{"connect: host must not be empty"};
  check_options(options);
  options.tls = decide_tls(system, options.tls);
  if (options.link.node_name.empty())
    options.link.node_name = default_node_name();
  const std::string name = host + ":" + std::to_string(port);
  auto link = front_connection::make(system, name, options.link.linger);
  auto report = options.wait ? std::make_shared<std::promise<std::string>>() : nullptr;
  auto result = report ? report->get_future() : std::future<std::string>{};
  const auto timeout = options.timeout;
  const auto window = options.link.window;
  const auto own = *options.tls ? tls_options_of(system) : std::nullopt;
  const std::weak_ptr<front_connection> weak = link;
  auto worker = system.spawn<connector>(weak, host, port, std::move(options), report);
  link->set_connector(worker, window);
  compat::anon_send(worker, connect_now{}); // only now, since the link knows its connector only now
  if (report == nullptr)
    return link;
  const auto refused = await_report(std::move(result), host, port, own, timeout);
  if (refused.why.empty())
    return link;
  caf::anon_send_exit(worker, caf::exit_reason::kill);
  const auto message = "cannot connect to " + name + ": " + refused.why;
  if (refused.tls)
    throw tls_error{message};
  throw std::runtime_error{message};
}

void join(const abstract_front& front, const std::shared_ptr<rear_link>& link) {
  if (link == nullptr)
    throw std::invalid_argument{"join: link must not be null"};
  // First the way of tickets to the back, then the way of tickets and news to the front.
  front.join_rear_link(link);
  link->join_fore_link(front.link());
}

} // namespace tandem
