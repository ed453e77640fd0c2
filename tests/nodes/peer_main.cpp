/// The other process of the tests between nodes. `test_peer back [WINDOW] [PORT] [FOLDER] [ADDRESS] [SILENCE]`
/// publishes a back whose links wait WINDOW ms for a connection that broke, or was silent for SILENCE ms, and prints
/// its port; with TLS if FOLDER is not empty, which has the files back.pem, back.key and authority.pem. SIGTERM makes
/// it print "draining" and end in good order, with a grace of an hour. `test_peer front PORT N` commences N operations
/// that nobody answers, prints "begun" when the back has them, and runs until killed.
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../actors/nodes/tls/tls.hpp"
#include "../support/world.hpp"

// The support library is compiled with doctest's header; this provides what it refers to.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <unistd.h>

using namespace tandem;
using namespace tandem_test;

namespace {

int run_back(int window, uint16_t port, const std::string& folder, const std::string& address, int silence) {
  sigset_t term{};
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, nullptr); // before there are threads
  node::configuration config;
  if (!folder.empty())
    use_tls(config, {folder + "/back.pem", folder + "/back.key", "", folder + "/authority.pem"});
  caf::actor_system system{config};
  back_end back{system, test_services()};
  auto publication
    = publish(system, back,
              {.port = port,
               .address = address,
               .insecure = folder.empty(),
               .link = {.window = std::chrono::milliseconds(window),
                        .ping_interval = std::chrono::milliseconds(200),
                        .silence_limit = std::chrono::milliseconds(silence)},
               .limits = {.connections_per_address = 4096, .sessions_per_peer = 100'000, .operations_per_session = 0}});
  std::cout << publication.port() << std::endl;
  int signal = 0;
  sigwait(&term, &signal);
  back.stop(std::chrono::hours(1));
  std::cout << "draining" << std::endl;
  wait_for_idle(back);
  return publication.close(std::chrono::seconds(5)) == flush_result::arrived ? 0 : 1;
}

int run_front(uint16_t port, int count) {
  node x;
  front_end front{x.system, {.shards = 1}}; // tickets of one shard keep their order, across operations too
  join(front, connect(x.system, "127.0.0.1", port));
  for (int i = 0; i < count; ++i)
    front.operate(
      {.name = "hold", .timeout = std::chrono::hours(1), .subscription = termination_only_serviced_subscription()});
  // When this answer is here, the others have arrived.
  auto last = front.operate({.name = "echo",
                             .complete = true,
                             .timeout = std::chrono::minutes(1),
                             .subscription = full_serviced_subscription(make_consumer({}))});
  await(ending_of(last));
  std::cout << "begun" << std::endl;
  pause();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const std::string role = argc > 1 ? argv[1] : "";
  if (role == "back")
    return run_back(argc > 2 ? std::atoi(argv[2]) : 500, static_cast<uint16_t>(argc > 3 ? std::atoi(argv[3]) : 0),
                    argc > 4 ? argv[4] : "", argc > 5 ? argv[5] : "127.0.0.1", argc > 6 ? std::atoi(argv[6]) : 1000);
  if (role == "front" && argc == 4)
    return run_front(static_cast<uint16_t>(std::atoi(argv[2])), std::atoi(argv[3]));
  std::cerr << "usage: test_peer back [WINDOW] [PORT] [FOLDER] [ADDRESS] [SILENCE] | test_peer front PORT N\n";
  return 2;
}
