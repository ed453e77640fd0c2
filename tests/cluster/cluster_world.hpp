/// Nodes that CAF connects, with a back's gateway at one and fronts at others.
#pragma once

#include "../../actors/cluster/connect.hpp"
#include "../../actors/cluster/gateway.hpp"
#include "../../actors/compat/remote_actor.hpp"
#include "../support/far_process.hpp"
#include "../support/world.hpp"

#include <caf/io/middleman.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace tandem_test {

/// test_services(), "greet", which sends "greetings" to each actor that it gets, and returns it, and "lend", which
/// answers by an actor of the back's node that answers "thanks".
///
/// `held`, if there is one, notes "begun" for each operation that is held, and the outcome when it ends.
inline std::shared_ptr<tandem::servicer> cluster_services(caf::actor_system& system,
                                                          const std::shared_ptr<journal>& held = nullptr) {
  using namespace tandem;
  auto result = std::make_shared<method_table>();
  auto others = test_services();
  for (const auto* name : {"echo", "throw"})
    result->add(name, [others](const operation_context& context, const output_consumer& out) {
      return others->service(context.name(), context, out);
    });
  result->add("hold", [held](const operation_context& context, const output_consumer&) {
    if (held != nullptr) {
      held->note("begun");
      context.add_termination_callback([held](outcome x) { held->note(to_string(x)); });
    }
    return make_consumer({});
  });
  result->add("greet", [](const operation_context&, const output_consumer& out) {
    return make_consumer(
      [out](payload x) {
        compat::anon_send(get_payload<caf::actor>(x), std::string{"greetings"});
        out.consume(std::move(x));
      },
      [out] { out.terminate(); });
  });
  result->add("lend", [&system](const operation_context&, const output_consumer& out) {
    return make_consumer({}, [out, &system] {
      out.consume_and_terminate(make_payload(system.spawn([](caf::event_based_actor*) -> caf::behavior {
        return {[](const std::string&) { return std::string{"thanks"}; }};
      })));
    });
  });
  return result;
}

inline uint16_t publish_by_caf(caf::actor_system& system, const caf::actor& what) {
  auto port = system.middleman().publish(what, 0, "127.0.0.1");
  if (!port)
    throw std::runtime_error{"cannot publish: " + caf::to_string(port.error())};
  return *port;
}

inline caf::actor handle_by_caf(caf::actor_system& system, uint16_t port) {
  auto result = tandem::compat::remote_actor(system, "127.0.0.1", port, std::chrono::minutes(1));
  if (!result)
    throw std::runtime_error{"cannot connect: " + caf::to_string(result.error())};
  return *result;
}

/// A back at a node of its own, in this process, whose gateway CAF's middleman publishes.
struct far_back {
  patient_node at;
  std::shared_ptr<journal> held = std::make_shared<journal>();
  tandem::back_end back{at.system, cluster_services(at.system, held)};
  caf::actor gateway = tandem::gateway_of(back, "the far node");
  uint16_t port = publish_by_caf(at.system, gateway);
};

/// A node that has a handle of a gateway elsewhere.
struct near_node {
  explicit near_node(uint16_t port) : gateway(handle_by_caf(at.system, port)) {
  }

  patient_node at;
  caf::actor gateway;
};

/// A front at such a node, over a link by that handle.
struct near_front : near_node {
  explicit near_front(uint16_t port) : near_node(port) {
    front.join_rear_link(link);
    link->join_fore_link(front.link());
  }

  std::shared_ptr<tandem::cluster_link> link = tandem::connect(at.system, gateway, {.node_name = "the near node"});
  tandem::front_end front{at.system};
};

/// A whole call.
inline ending call_by_handle(const tandem::front_end& front, const std::string& name, tandem::payload content,
                             std::shared_ptr<tandem::consumer> results = tandem::make_consumer({})) {
  auto op = front.operate({.name = name,
                           .payload = std::move(content),
                           .complete = true,
                           .timeout = std::chrono::minutes(1),
                           .subscription = tandem::full_serviced_subscription(std::move(results))});
  return await(ending_of(op));
}

inline ending echo_by_handle(const tandem::front_end& front, const std::string& what = "x") {
  return call_by_handle(front, "echo", text(what));
}

} // namespace tandem_test
