#include "../../../actors/nodes/connect.hpp"
#include "../../../actors/nodes/publish.hpp"
#include "../baselines/server_process.hpp"
#include "echo.hpp"
#include "ours.hpp"

namespace tandem::bench::ours {

namespace {

/// A front here, a back in another process.
struct node {
  explicit node(const std::string& server_program, const std::string& certificates = {},
                const link_options& options = {})
    : server(server_program, certificates), config(certificates, "client") {
    join(front, connect(system, "127.0.0.1", server.port(), {.link = options}));
  }

  server_process server;
  bench_config config;
  caf::actor_system system{config};
  front_end front{system};
};

} // namespace

throughput unary_between_processes(const std::string& server_program, int in_flight, int operations,
                                   const std::string& certificates) {
  node x{server_program, certificates};
  return measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, in_flight, false); });
}

throughput unary_without_resuming(const std::string& server_program, int in_flight, int operations) {
  node x{server_program, {}, {.window = duration::zero()}};
  return measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, in_flight, false); });
}

latency unary_between_processes_one_at_a_time(const std::string& server_program, int operations) {
  node x{server_program};
  return measure_latency(operations, [&](meter& m) { run_unary(x.front, m, 1, true); });
}

throughput stream_between_processes(const std::string& server_program, int payloads, const std::string& certificates) {
  node x{server_program, certificates};
  return measure_throughput(payloads, [&](meter& m) { run_stream(x.front, m); });
}

throughput bulk_between_processes(const std::string& server_program, int payloads) {
  node x{server_program};
  return measure_throughput(payloads, [&](meter& m) { run_bulk(x.front, m); });
}

int serve(const std::string& certificates) {
  bench_config config{certificates, "server"};
  caf::actor_system system{config};
  back_end back{system, echo_or_sink_service()};
  auto publication = publish(system, back);
  announce_and_wait(publication.port());
  return 0;
}

} // namespace tandem::bench::ours
