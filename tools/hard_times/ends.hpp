/// What the processes of tools/hard-times have in common: options, the front's end, small operations beside others.
#pragma once

#include "../../actors/front_end.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/tls/tls.hpp"
#include "../../actors/system.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hard_times {

using namespace tandem;
using namespace std::literals;
using clock_type = std::chrono::steady_clock;

/// Larger than any payload of the tests.
inline constexpr size_t maximum_payload = size_t{2} << 30;

inline double seconds_since(clock_type::time_point x) {
  return std::chrono::duration<double>(clock_type::now() - x).count();
}

struct options {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string certificates = {}; ///< a folder; empty: without TLS
  size_t bytes = 0;
  bool to_front = false;
  double seconds = 5;
  int payloads = 1000;
  std::string direction = "back";
  int pause = 0;                         ///< microseconds
  bool pool = false;                     ///< customer code has threads of its own, for what takes long
  std::string trace = {};                ///< a file; empty: none
  std::chrono::milliseconds window{500}; ///< how long links outlive their connections
};

inline void configure(system_config& config, const options& x, const std::string& name) {
  const auto& folder = x.certificates;
  if (!folder.empty())
    use_tls(config, {folder + "/" + name + ".pem", folder + "/" + name + ".key", "", folder + "/authority.pem"});
}

inline std::shared_ptr<thread_pool> work_pool(const options& x) {
  return x.pool ? std::make_shared<thread_pool>(2) : nullptr;
}

inline link_options large_link(const options& x) {
  link_options result;
  result.window = x.window;
  result.maximum_payload = maximum_payload;
  return result;
}

// -- the front -------------------------------------------------------------------------------------

struct far_end {
  explicit far_end(const options& x) {
    configure(config, x, "front");
    system = std::make_unique<caf::actor_system>(config);
    const auto begun = clock_type::now();
    link = connect(*system, x.host, x.port, {.timeout = 60s, .link = large_link(x), .log = [](const std::string&) {}});
    connect_seconds = seconds_since(begun);
    front = std::make_unique<front_end>(*system, end_options{.work = work_pool(x)});
    if (!x.trace.empty())
      front->recorder().start({.file = x.trace});
    join(*front, link);
  }

  system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::shared_ptr<node_link> link;
  std::unique_ptr<front_end> front;
  double connect_seconds = 0;
};

/// The outcome of an operation that sends `payloads`, each result of which goes to `on_result`.
inline std::future<outcome> call(const front_end& front, const std::string& name, const std::vector<payload>& payloads,
                                 std::function<void(payload)> on_result) {
  auto result = std::make_shared<std::promise<outcome>>();
  const auto op = front.operate(
    {.name = name, .timeout = 24h, .subscription = full_serviced_subscription(make_consumer(std::move(on_result)))});
  op.context().add_termination_callback([result](outcome x) { result->set_value(x); });
  for (const auto& x : payloads)
    op.consumer().consume(x);
  op.consumer().terminate();
  return result->get_future();
}

/// Operations of 16 bytes, one after the other, until it is stopped.
class pings {
public:
  explicit pings(const front_end& front) : thread_([this, &front] { run(front); }) {
  }

  nlohmann::json stop() {
    over_ = true;
    thread_.join();
    std::ranges::sort(milliseconds_);
    const auto at = [&](double share) {
      return milliseconds_.empty()
               ? 0
               : milliseconds_[static_cast<size_t>(share * static_cast<double>(milliseconds_.size() - 1))];
    };
    return {{"count", milliseconds_.size()}, {"failed", failed_}, {"p50", at(0.5)}, {"p99", at(0.99)}, {"max", at(1)}};
  }

private:
  void run(const front_end& front) {
    const auto content = make_payload(std::string(16, 'p'));
    while (!over_) {
      const auto begun = clock_type::now();
      if (call(front, "echo", {content}, {}).get() == outcome::completed)
        milliseconds_.push_back(1000 * seconds_since(begun));
      else
        ++failed_;
      std::this_thread::sleep_until(begun + 5ms);
    }
  }

  std::vector<double> milliseconds_;
  int failed_ = 0;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

inline void add_counts(nlohmann::json& to, const node_link& link) {
  const auto status = link.status();
  to["connections"] = status.connections;
  to["sessions"] = status.sessions;
  to["resent"] = status.resent_frames;
  to["round trip ms"] = status.round_trip ? std::chrono::duration<double, std::milli>(*status.round_trip).count() : 0;
  if (!status.last_failure.empty())
    to["last failure"] = status.last_failure;
}

} // namespace hard_times
