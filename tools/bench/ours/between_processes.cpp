#include "node.hpp"

namespace tandem::bench::ours {

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

} // namespace tandem::bench::ours
