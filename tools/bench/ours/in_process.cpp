#include "../../../actors/testing/settle.hpp"
#include "../baselines/resident_memory.hpp"
#include "echo.hpp"
#include "ours.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace tandem::bench::ours {

namespace {

/// A front and a back in one process.
struct pair {
  bench_config config;
  caf::actor_system system{config};
  back_end back;
  front_end front;

  explicit pair(end_options back_settings = {}, end_options front_settings = {})
    : back(system, echo_service(), longer(std::move(back_settings))), front(system, std::move(front_settings)) {
    join(front, back);
  }

  static end_options longer(end_options x) {
    x.maximum_timeout = std::chrono::hours(24);
    return x;
  }

  /// Commences an operation that nobody then uses.
  operation open_idle() const {
    return front.operate(
      {.name = "echo", .timeout = std::chrono::hours(12), .subscription = full_serviced_subscription(nothing)});
  }

  std::shared_ptr<consumer> nothing = make_consumer([](payload) {});
};

} // namespace

throughput unary_in_process(int in_flight, int operations) {
  pair x;
  return measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, in_flight, false); });
}

traced_throughput unary_recorded(tracing how, int in_flight, int operations) {
  const auto file = (std::filesystem::temp_directory_path() / ("tandem-bench-" + std::to_string(::getpid()))).string();
  const size_t flight = how == tracing::none ? 0 : end_options{}.flight_records;
  traced_throughput result;
  {
    pair x{{.flight_records = flight}, {.flight_records = flight}};
    const double sample = how == tracing::sampled ? 0.01 : 1;
    if (how == tracing::file || how == tracing::sampled) {
      x.front.recorder().start({.file = file, .sample = sample});
      x.back.recorder().start({.file = file, .sample = sample});
    }
    result.measured = measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, in_flight, false); });
    x.front.recorder().stop();
    x.back.recorder().stop();
    const auto status = x.front.recorder().status();
    const auto records = static_cast<double>(status.written + status.dropped);
    result.written_share = records > 0 ? static_cast<double>(status.written) / records : 1;
  }
  std::filesystem::remove(file);
  return result;
}

latency unary_in_process_one_at_a_time(int operations) {
  pair x;
  return measure_latency(operations, [&](meter& m) { run_unary(x.front, m, 1, true); });
}

throughput stream_in_process(int payloads) {
  pair x;
  return measure_throughput(payloads, [&](meter& m) { run_stream(x.front, m); });
}

idle_memory idle_operations(int operations) {
  pair x;
  meter warm_up{warm_up_operations};
  run_unary(x.front, warm_up, 64, false);
  const double before = resident_bytes_after_trim();
  std::vector<operation> open;
  open.reserve(static_cast<size_t>(operations));
  for (int i = 0; i < operations; ++i)
    open.push_back(x.open_idle());
  settle({x.front, x.back});
  idle_memory result{(resident_bytes() - before) / operations, 0};
  for (auto& operation : open)
    operation.cancel();
  open = {};
  wait_for_idle(x.front);
  wait_for_idle(x.back);
  settle({x.front, x.back});
  result.bytes_left = (resident_bytes_after_trim() - before) / operations;
  return result;
}

double nanoseconds_per_operation(int open, int operations) {
  pair x;
  std::vector<operation> idle;
  idle.reserve(static_cast<size_t>(open));
  for (int i = 0; i < open; ++i)
    idle.push_back(x.open_idle());
  settle({x.front, x.back});
  const auto result = measure_throughput(operations, [&](meter& m) { run_unary(x.front, m, 64, false); });
  return 1e9 / result.operations_per_second;
}

} // namespace tandem::bench::ours
