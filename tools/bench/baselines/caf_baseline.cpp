#include "baselines.hpp"
#include "caf_actors.hpp"
#include "caf_node.hpp"
#include "server_process.hpp"

#include "../../../actors/compat/system.hpp"

#include <caf/all.hpp>

#include <chrono>

namespace tandem::bench::caf_baseline {

namespace {

/// In one process a worker's own queue keeps an operation on one core; sharing was up to three times slower.
constexpr const char* local_policy = "stealing";

void run_unary(caf::actor_system& system, meter& progress, int in_flight) {
  unary_driver driver{progress, in_flight};
  driver.start(system);
  progress.wait();
}

void run_stream(caf::actor_system& system, meter& progress) {
  auto front = system.spawn<stream_actor>(progress);
  compat::anon_send(front, system.spawn<echo_actor>());
  progress.wait();
}

/// A benchmark's view of the other process.
class client {
public:
  explicit client(const std::string& server_program)
    : server_{server_program}, factory_{connect(node_.system(), server_.port())} {
    // nop
  }

  void run_unary(meter& progress, int in_flight) {
    unary_driver driver{progress, in_flight, factory_};
    driver.start(node_.system());
    wait(progress, [&] { driver.stop(); });
  }

  void run_stream(meter& progress) {
    auto front = node_.system().spawn<stream_actor>(progress);
    compat::anon_send(factory_, front);
    wait(progress, [&] { caf::anon_send_exit(front, caf::exit_reason::user_shutdown); });
  }

private:
  /// CAF drops messages to a node that is gone, so `stop` has to end the operations that wait for an answer of it.
  template <class Stop>
  void wait(meter& progress, Stop stop) {
    caf::scoped_actor self{node_.system()};
    self->monitor(factory_);
    while (!progress.wait_for(std::chrono::milliseconds(200)))
      self->receive([&](const caf::down_msg&) { stop(); }, caf::after(std::chrono::seconds(0)) >> [] {});
    self->demonitor(factory_);
    progress.wait();
  }

  server_process server_;
  networked_node node_;
  caf::actor factory_;
};

} // namespace

throughput unary_in_process(int in_flight, int operations) {
  local_node node{local_policy};
  return measure_throughput(operations, [&](meter& progress) { run_unary(node.system(), progress, in_flight); });
}

latency unary_in_process_one_at_a_time(int operations) {
  local_node node{local_policy};
  return measure_latency(operations, [&](meter& progress) { run_unary(node.system(), progress, 1); });
}

throughput stream_in_process(int payloads) {
  local_node node{local_policy};
  return measure_throughput(payloads, [&](meter& progress) { run_stream(node.system(), progress); });
}

throughput unary_between_processes(const std::string& server_program, int in_flight, int operations) {
  client caller{server_program};
  return measure_throughput(operations, [&](meter& progress) { caller.run_unary(progress, in_flight); });
}

latency unary_between_processes_one_at_a_time(const std::string& server_program, int operations) {
  client caller{server_program};
  return measure_latency(operations, [&](meter& progress) { caller.run_unary(progress, 1); });
}

throughput stream_between_processes(const std::string& server_program, int payloads) {
  client caller{server_program};
  return measure_throughput(payloads, [&](meter& progress) { caller.run_stream(progress); });
}

} // namespace tandem::bench::caf_baseline
