#include "baselines.hpp"
#include "grpc_client.hpp"
#include "grpc_echo_service.hpp"
#include "server_process.hpp"

namespace tandem::bench::grpc_baseline {

throughput unary_in_process(int in_flight, int operations) {
  in_process_server server;
  return measure_throughput(operations, [&](meter& progress) { run_unary_calls(server.stub(), progress, in_flight); });
}

latency unary_in_process_one_at_a_time(int operations) {
  in_process_server server;
  return measure_latency(operations, [&](meter& progress) { run_unary_calls(server.stub(), progress, 1); });
}

throughput stream_in_process(int payloads) {
  in_process_server server;
  return measure_throughput(payloads, [&](meter& progress) { run_stream(server.stub(), progress); });
}

throughput unary_between_processes(const std::string& server_program, int in_flight, int operations,
                                   const std::string& certificates) {
  server_process server{server_program, certificates};
  auto stub = connect(server.port(), certificates);
  return measure_throughput(operations, [&](meter& progress) { run_unary_calls(*stub, progress, in_flight); });
}

latency unary_between_processes_one_at_a_time(const std::string& server_program, int operations) {
  server_process server{server_program};
  auto stub = connect(server.port(), {});
  return measure_latency(operations, [&](meter& progress) { run_unary_calls(*stub, progress, 1); });
}

throughput stream_between_processes(const std::string& server_program, int payloads, const std::string& certificates) {
  server_process server{server_program, certificates};
  auto stub = connect(server.port(), certificates);
  return measure_throughput(payloads, [&](meter& progress) { run_stream(*stub, progress); });
}

} // namespace tandem::bench::grpc_baseline
