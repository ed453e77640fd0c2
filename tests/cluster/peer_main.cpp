/// The other process of the tests of links by handle. `cluster_peer back` publishes a gateway by CAF's middleman and
/// prints its port; `cluster_peer barbed-back` is one where reading a `barbed` throws. `cluster_peer front PORT N`
/// commences N operations that nobody answers at the gateway there, and prints "begun". All run until killed.
#include "../support/test_types.hpp"
#include "cluster_world.hpp"

// The support library is compiled with doctest's header; this provides what it refers to.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <unistd.h>

using namespace tandem_test;

namespace {

int run_back() {
  far_back x;
  std::cout << x.port << std::endl;
  pause();
  return 0;
}

int run_front(uint16_t port, int count) {
  near_node x{port};
  tandem::front_end front{x.at.system, {.shards = 1}}; // tickets of one shard keep their order, across operations too
  auto link = tandem::connect(x.at.system, x.gateway);
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  for (int i = 0; i < count; ++i)
    hold(front);
  echo_by_handle(front); // when this answer is here, the others are on their way
  std::cout << "begun" << std::endl;
  pause();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const std::string role = argc > 1 ? argv[1] : "";
  if (role == "barbed-back")
    when_read = [] { throw 42; };
  if ((role == "back" || role == "barbed-back") && argc == 2)
    return run_back();
  if (role == "front" && argc == 4)
    return run_front(static_cast<uint16_t>(std::atoi(argv[2])), std::atoi(argv[3]));
  std::cerr << "usage: cluster_peer back | cluster_peer barbed-back | cluster_peer front PORT N\n";
  return 2;
}
