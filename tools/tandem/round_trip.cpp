#include "round_trip.hpp"

#include "exit_status.hpp"

#include <tandem/actors/compat/network.hpp>
#include <tandem/actors/nodes/tls.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace tandem::cli {

round_trip::round_trip(caf::actor_system& system, const endpoint& back) : system_(system) {
  caf::scoped_actor self{system};
  std::string error;
  compat::request_connection(self, back.host, back.port, decide_tls(system, std::nullopt))
    .receive(
      [&](const caf::node_id&, const caf::strong_actor_ptr& gateway, const std::set<std::string>&) {
        gateway_ = caf::actor_cast<caf::actor>(gateway);
      },
      [&](const caf::error& e) { error = caf::to_string(e); });
  if (!gateway_)
    throw user_error{"cannot connect to " + write_endpoint(back) + ": "
                     + (error.empty() ? "nothing is published there" : error)};
}

bool round_trip::make(duration limit) {
  auto report = std::make_shared<std::promise<bool>>();
  auto arrived = report->get_future();
  // Its state comes as arguments: CAF 0.17 dereferences a null pointer for a function that takes none.
  using reporting = std::shared_ptr<std::promise<bool>>;
  const auto asking = system_.spawn(
    [](caf::event_based_actor* self, const caf::actor& gateway, const reporting& to) {
      // A greeting without a link is refused, and changes nothing.
      compat::request(self, gateway, hello{})
        .then([to](const welcome&) { to->set_value(true); },
              [to](const caf::error& e) { to->set_value(e == caf::sec::invalid_argument); });
    },
    gateway_, report);
  if (arrived.wait_for(limit) == std::future_status::ready)
    return arrived.get();
  caf::anon_send_exit(asking, caf::exit_reason::kill);
  return false;
}

} // namespace tandem::cli
