#include "connect.hpp"
#include "../../messages/node_name.hpp"
#include "../../messages/time.hpp"
#include "../../messages/without_controls.hpp"
#include "connector.hpp"
#include "network/run_in.hpp"
#include "tls/tls.hpp"

#include <chrono>
#include <stdexcept>

namespace tandem {

namespace {

endpoint checked_endpoint(const std::string& host, uint16_t port) {
  endpoint result{host, port};
  if (host.empty())
    throw std::invalid_argument{"connect: host must not be empty"};
  if (result.is_local() && port != 0)
    throw std::invalid_argument{"connect: a socket in the file system has no port, but port is "
                                + std::to_string(port)};
  if (result.is_local())
    check_path(result, "connect");
  else if (port == 0)
    throw std::invalid_argument{"connect: port must not be zero"};
  return result;
}

} // namespace

std::shared_ptr<node_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                   connect_options options) {
  const auto to = checked_endpoint(host, port);
  check_options(options);
  // A unix socket stays in this machine, and knows who is there.
  const bool tls = decide_tls(system, to.is_local() && !options.tls ? std::optional{false} : options.tls);
  if (options.link.node_name.empty())
    options.link.node_name = default_node_name();
  auto network = network::shared();
  auto credentials = tls ? std::make_shared<tls_credentials>(*tls_options_of(system), options.log) : nullptr;
  auto report = options.wait ? std::make_shared<std::promise<connect_report>>() : nullptr;
  auto result = report ? report->get_future() : std::future<connect_report>{};
  const auto timeout = options.timeout;
  auto worker
    = std::make_shared<connector>(system, network, to, std::move(options), std::move(credentials), std::move(report));
  auto link = std::make_shared<front_link>([worker, network] { run_in(*network, [worker] { worker->close(); }); });
  asio::post(network->context(), [worker, link = std::weak_ptr{link}] { worker->start(link); });
  if (!result.valid())
    return link;
  if (result.wait_for(timeout) != std::future_status::ready)
    asio::post(network->context(), [worker, timeout] { worker->give_up(timeout); });
  const auto report_given = result.get();
  if (report_given.why.empty())
    return link;
  const auto message = without_controls("cannot connect to " + to_string(to) + ": " + report_given.why);
  if (report_given.is_tls)
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
