/// Unary operations one at a time beside streams, over the same link and at the same back (S-STATS-9).
#include "node.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tandem::bench::ours {

namespace {

using namespace std::chrono_literals;
using clock = meter::clock;

/// Waits in a thread of its own, as a caller does that has nothing else to do.
void call(const front_end& front) {
  static const auto subscription = full_serviced_subscription(make_consumer([](payload) {}));
  static const auto content = make_payload(std::string{sample_payload});
  auto ended = std::make_shared<std::promise<outcome>>();
  auto how = ended->get_future();
  front.operate({.name = "echo", .payload = content, .complete = true, .timeout = 5min, .subscription = subscription})
    .context()
    .add_termination_callback([ended](outcome value) { ended->set_value(value); });
  if (const auto value = how.get(); value != outcome::completed)
    throw std::runtime_error{"an operation ended with " + to_string(value)};
}

/// One stream after the other, until it is told to stop; then the last is cancelled.
class streams {
public:
  /// `source`: the service that sends streams to the front.
  streams(const front_end& front, beside what, int payloads, const char* source)
    : front_(front), payloads_(payloads), has_begun_(what == beside::nothing) {
    if (what == beside::stream_to_back || what == beside::echoed_stream)
      thread_ = std::thread{[this, name = what == beside::stream_to_back ? "drain" : "echo"] { send(name); }};
    if (what == beside::stream_to_front)
      thread_ = std::thread{[this, source] { fetch(source); }};
  }

  ~streams() {
    stopped_ = true;
    if (thread_.joinable())
      thread_.join();
  }

  streams(const streams&) = delete;
  streams& operator=(const streams&) = delete;

  void wait_until_begun() const {
    has_begun_.wait(false);
  }

  /// How many payloads have come to where they were to go.
  uint64_t passed() const {
    return passed_;
  }

private:
  operation begin(const std::string& name) {
    return front_.operate({.name = name,
                           .timeout = 10min,
                           .subscription = full_serviced_subscription(make_consumer([this](payload) { ++passed_; }))});
  }

  void begun() {
    if (!has_begun_.exchange(true))
      has_begun_.notify_all();
  }

  void await(const operation& x) {
    std::promise<void> ended;
    x.context().add_termination_callback([&](outcome) { ended.set_value(); });
    auto end = ended.get_future();
    while (!stopped_ && end.wait_for(10ms) != std::future_status::ready) {}
    x.cancel();
    end.wait();
  }

  void send(const std::string& name) {
    const auto content = make_payload(std::string{sample_payload});
    while (!stopped_) {
      auto operation = begin(name);
      auto output = operation.consumer();
      output.consume(content);
      begun();
      for (int i = 1; i < payloads_ && !stopped_; ++i)
        if (!output.consume(content))
          output.wait_until_ready(100ms);
      output.terminate();
      await(operation);
      passed_ += name == "drain" ? static_cast<uint64_t>(payloads_) : 0;
    }
  }

  void fetch(const char* source) {
    while (!stopped_) {
      auto operation = begin(source);
      operation.consumer().consume_and_terminate(make_payload(std::to_string(payloads_)));
      begun();
      await(operation);
    }
  }

  const front_end& front_;
  const int payloads_;
  std::atomic<bool> has_begun_;
  std::atomic<bool> stopped_{false};
  std::atomic<uint64_t> passed_{0};
  std::thread thread_;
};

double microseconds(const std::vector<clock::duration>& sorted, double share) {
  const auto place = static_cast<size_t>(share * static_cast<double>(sorted.size() - 1));
  return std::chrono::duration<double, std::micro>(sorted[place]).count();
}

spread measure_beside(const front_end& front, beside what, std::chrono::milliseconds how_long, int payloads,
                      const char* source) {
  for (int i = 0; i < warm_up_operations; ++i)
    call(front);
  std::vector<clock::duration> samples;
  spread result;
  {
    streams others{front, what, payloads, source};
    others.wait_until_begun();
    const auto before = others.passed();
    const auto begin = clock::now();
    while (clock::now() - begin < how_long) {
      const auto start = clock::now();
      call(front);
      samples.push_back(clock::now() - start);
    }
    result.streamed_per_second
      = static_cast<double>(others.passed() - before) / std::chrono::duration<double>(clock::now() - begin).count();
  }
  wait_for_idle(front);
  std::sort(samples.begin(), samples.end());
  result.median = microseconds(samples, 0.5);
  result.p99 = microseconds(samples, 0.99);
  result.longest = microseconds(samples, 1);
  result.operations = samples.size();
  return result;
}

} // namespace

spread unary_beside(beside what, bool work_pool, std::chrono::milliseconds how_long, int payloads) {
  bench_config config;
  caf::actor_system system{config};
  auto pool = [&] { return work_pool ? std::make_shared<thread_pool>(2) : nullptr; };
  back_end back{system, all_services(), {.work = pool()}};
  front_end front{system, {.work = pool()}};
  join(front, back);
  const auto result = measure_beside(front, what, how_long, payloads, "source");
  wait_for_idle(back);
  return result;
}

spread unary_beside_between_processes(const route& to, beside what, std::chrono::milliseconds how_long, int payloads) {
  const node x{to};
  return measure_beside(x.front, what, how_long, payloads, "source in a thread");
}

} // namespace tandem::bench::ours
