#include <tandem/actors/compat/system.hpp>
#include <tandem/actors/configuration.hpp>
#include <tandem/actors/nodes/connect.hpp>
#include <tandem/actors/nodes/front_connection.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/exit_reason.hpp>

#include <stdexcept>

namespace tandem {

namespace {

void check_options(const connect_options& x) {
  check_options(x.link);
  if (x.first_pause <= duration::zero())
    throw std::invalid_argument{"connect_options: first_pause must be more than zero"};
  if (x.longest_pause < x.first_pause)
    throw std::invalid_argument{"connect_options: longest_pause must not be less than first_pause"};
}

} // namespace

std::shared_ptr<duplex_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                     connect_options options) {
  if (host.empty())
    throw std::invalid_argument{"connect: host must not be empty"};
  check_options(options);
  if (options.link.node_name.empty())
    options.link.node_name = default_node_name();
  const std::string name = host + ":" + std::to_string(port);
  auto link = front_connection::make(system, name);
  auto report = options.wait ? std::make_shared<std::promise<std::string>>() : nullptr;
  auto result = report ? report->get_future() : std::future<std::string>{};
  const auto timeout = options.timeout;
  const auto window = options.link.window;
  const std::weak_ptr<front_connection> weak = link;
  auto worker = system.spawn<connector>(weak, host, port, std::move(options), report);
  link->set_connector(worker, window);
  compat::anon_send(worker, tandem::wake{}); // begins only now that the link knows whom to tell
  if (report == nullptr)
    return link;
  auto fail = [&](const std::string& why) { throw std::runtime_error{"cannot connect to " + name + ": " + why}; };
  if (result.wait_for(timeout) != std::future_status::ready) {
    caf::anon_send_exit(worker, caf::exit_reason::kill);
    fail("no answer within " + std::to_string(timeout / std::chrono::milliseconds(1)) + " ms");
  }
  if (const auto why = result.get(); !why.empty())
    fail(why);
  return link;
}

std::shared_ptr<duplex_link> connect(caf::actor_system& system, const std::string& host, uint16_t port) {
  return connect(system, host, port, configured_connect_options(system));
}

greeting other_side(const std::shared_ptr<duplex_link>& link) {
  const auto connection = std::dynamic_pointer_cast<front_connection>(link);
  if (connection == nullptr)
    throw std::invalid_argument{"other_side: link must be one that connect() returned"};
  return connection->other_side();
}

void join(const front_end& front, const std::shared_ptr<duplex_link>& link) {
  if (link == nullptr)
    throw std::invalid_argument{"join: link must not be null"};
  // First the way that tickets take, then the one that news of the link take.
  front.join_rear_link(link);
  link->join_fore_link(front.link());
}

} // namespace tandem
