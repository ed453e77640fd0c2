#include "node.hpp"
#include "../../../actors/nodes/connect.hpp"
#include "../../../actors/nodes/publish.hpp"

#include <filesystem>
#include <string>

#include <unistd.h>

namespace tandem::bench::ours {

namespace {

constexpr const char* unix_prefix = "unix:";

/// What the server is told. The path is this process's own, which has one such server at a time.
std::string place(const route& to) {
  if (!to.unix_socket)
    return to.certificates;
  const auto name = "tandem-bench-" + std::to_string(::getpid()) + ".sock";
  return unix_prefix + (std::filesystem::temp_directory_path() / name).string();
}

} // namespace

node::node(const route& to, const link_options& options)
  : server(to.server_program, place(to)), config(to.certificates, "client") {
  const auto host = to.unix_socket ? place(to) : "127.0.0.1";
  join(front, connect(system, host, server.port(), {.link = options}));
}

int serve(const std::string& place) {
  const bool at_path = place.starts_with(unix_prefix);
  bench_config config{at_path ? "" : place, "server"};
  caf::actor_system system{config};
  back_end back{system, all_services()};
  auto publication = at_path ? publish(system, back, {.address = place}) : publish(system, back);
  announce_and_wait(publication.port());
  return 0;
}

} // namespace tandem::bench::ours
