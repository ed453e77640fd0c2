/// Customer code that blocks, between two nodes.
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../support/far_process.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <string>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A back at a port, and a front at another node that is linked to it.
struct pair_of_nodes {
  explicit pair_of_nodes(std::shared_ptr<servicer> services) : back(far.system, std::move(services), {.shards = 1}) {
    join(front, link);
  }

  node far;
  back_end back;
  publication listening = publish(far.system, back, {});
  node near;
  front_end front{near.system, {.shards = 1}};
  std::shared_ptr<node_link> link = connect(near.system, "127.0.0.1", listening.port());
};

} // namespace

TEST_CASE("S-PORT-7: customer code that blocks holds up no other link") {
  std::promise<void> gate;
  auto open = gate.get_future().share();
  auto slow = std::make_shared<method_table>();
  slow->add("wait", [open](const operation_context&, const output_consumer& out) {
    open.wait();
    return make_consumer({}, [out] { out.terminate(); });
  });
  pair_of_nodes blocked{slow};
  pair_of_nodes other{test_services()};
  auto waiting = ending_of(blocked.front.operate({.name = "wait",
                                                  .complete = true,
                                                  .timeout = 1min,
                                                  .subscription = full_serviced_subscription(make_consumer({}))}));
  for (int i = 0; i < 10; ++i)
    CHECK(echo(other.front, false).value == outcome::completed);
  gate.set_value();
  CHECK(await(std::move(waiting)).value == outcome::completed);
}

TEST_CASE("S-PORT-7: customer code may wait for what the network does") {
  auto asks = std::make_shared<method_table>();
  std::shared_ptr<node_link> link;
  asks->add("flush", [&link](const operation_context&, const output_consumer& out) {
    const bool arrived = link->flush(30s) == flush_result::arrived;
    out.consume_and_terminate(text(link->status().state + (arrived ? ", arrived" : ", not arrived")));
    return make_consumer({});
  });
  pair_of_nodes x{asks};
  link = x.link;
  auto said = std::make_shared<journal>();
  CHECK(await(ending_of(x.front.operate({.name = "flush",
                                         .complete = true,
                                         .timeout = 1min,
                                         .subscription = full_serviced_subscription(noting_consumer(said))})))
          .value
        == outcome::completed);
  CHECK(said->notes().front() == "up, arrived");
  link = nullptr;
}
