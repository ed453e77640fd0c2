#include "cable.hpp"
#include "skip.hpp"

#include <cstdlib>
#include <stdexcept>

#include <unistd.h>

namespace tandem_test {

namespace {

const std::vector<std::string> in_own_network{"/usr/bin/unshare", "--net"};

void run(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): all of it is ours
  if (std::system((command + " 2>&1 >/dev/null").c_str()) != 0)
    throw std::runtime_error{"failed: " + command};
}

} // namespace

std::unique_ptr<cable> cable::lay(std::chrono::milliseconds window) {
  try {
    run("unshare --net true");
    return std::unique_ptr<cable>{new cable{window}};
  } catch (const std::exception& e) {
    skip(std::string{"a network namespace needs root: "} + e.what());
    return nullptr;
  }
}

cable::cable(std::chrono::milliseconds window) : back_({.window = window, .address = "0.0.0.0", .by = in_own_network}) {
  const auto number = std::to_string(back_.running.id());
  near_end_ = "tandem" + number + "a"; // at most 15 characters
  far_end_ = "tandem" + number + "b";
  // Of the network that is set aside for tests of devices.
  const auto net = "198.18." + std::to_string(back_.running.id() % 256) + ".";
  near_address_ = net + "1";
  far_address_ = net + "2";
  run("ip link add " + near_end_ + " address 02:00:00:00:00:01 type veth peer name " + far_end_
      + " address 02:00:00:00:00:02 netns " + number);
  run("ip addr add " + near_address_ + "/30 dev " + near_end_);
  run("ip link set " + near_end_ + " up");
  at_far_end("addr add " + far_address_ + "/30 dev " + far_end_);
  plug_in();
  // As behind a router: that the other end does not answer is not noticed here.
  run("ip neigh replace " + far_address_ + " lladdr 02:00:00:00:00:02 dev " + near_end_ + " nud permanent");
}

void cable::pull_out() {
  at_far_end("link set " + far_end_ + " down");
}

void cable::plug_in() {
  at_far_end("link set " + far_end_ + " up");
}

void cable::at_far_end(const std::string& arguments_of_ip) const {
  run("nsenter --net=/proc/" + std::to_string(back_.running.id()) + "/ns/net ip " + arguments_of_ip);
}

} // namespace tandem_test
