#include "caf_actors.hpp"
#include "caf_node.hpp"
#include "serve.hpp"
#include "server_process.hpp"

#include <caf/exit_reason.hpp>
#include <caf/io/all.hpp>
#include <caf/send.hpp>

#include <cstdio>

namespace tandem::bench::caf_baseline {

int serve() {
  networked_node node;
  auto published = node.system().spawn<factory>();
  auto port = node.system().middleman().publish(published, 0, "127.0.0.1");
  if (!port) {
    std::fputs("cannot listen on loopback\n", stderr);
    return 1;
  }
  announce_and_wait(*port);
  caf::anon_send_exit(published, caf::exit_reason::user_shutdown);
  return 0;
}

} // namespace tandem::bench::caf_baseline
