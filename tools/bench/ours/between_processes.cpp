#include "../../../actors/nodes/connect.hpp"
#include "../../../actors/nodes/publish.hpp"
#include "../baselines/server_process.hpp"
#include "echo.hpp"
#include "ours.hpp"

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

/// A front here, a back in another process.
struct node {
  explicit node(const route& to, const link_options& options = {})
    : server(to.server_program, place(to)), config(to.certificates, "client") {
    const auto host = to.unix_socket ? place(to) : "127.0.0.1";
    join(front, connect(system, host, server.port(), {.link = options}));
  }

  server_process server;
  bench_config config;
  caf::actor_system system{config};
  front_end front{system};
};

} // namespace

throughput unary_between_processes(const route& to, int in_flight, int operations) {
  node x{to};
  return measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, in_flight, false); });
}

throughput unary_without_resuming(const route& to, int in_flight, int operations) {
  node x{to, {.window = duration::zero()}};
  return measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, in_flight, false); });
}

latency unary_between_processes_one_at_a_time(const route& to, int operations) {
  node x{to};
  return measure_latency(operations, [&](meter& m) { run_unary(x.front, m, 1, true); });
}

throughput stream_between_processes(const route& to, int payloads) {
  node x{to};
  return measure_throughput(payloads, [&](meter& m) { run_stream(x.front, m); });
}

throughput bulk_between_processes(const route& to, int payloads) {
  node x{to};
  return measure_throughput(payloads, [&](meter& m) { run_bulk(x.front, m); });
}

int serve(const std::string& place) {
  const bool at_path = place.starts_with(unix_prefix);
  bench_config config{at_path ? "" : place, "server"};
  caf::actor_system system{config};
  back_end back{system, echo_or_sink_service()};
  auto publication = at_path ? publish(system, back, {.address = place}) : publish(system, back);
  announce_and_wait(publication.port());
  return 0;
}

} // namespace tandem::bench::ours
