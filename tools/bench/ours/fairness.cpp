/// Unary operations one at a time beside streams, over the same link and at the same back (S-STATS-9).
#include "echo.hpp"
#include "ours.hpp"

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

/// "echo"; "sink", which takes payloads and answers nothing; "source", which sends as many as it is asked for.
class neighbours final : public servicer {
public:
  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override {
    if (name == "sink")
      return make_consumer([](payload) {}, [output] { output.terminate(); });
    if (name == "source")
      return make_consumer(
        [output, sample = make_payload(std::string{sample_payload})](payload wanted) {
          for (auto left = std::stoi(wanted.get_as<std::string>(0)); left > 0; --left)
            output.consume(sample);
        },
        [output] { output.terminate(); });
    return echo_->service(name, context, output);
  }

private:
  std::shared_ptr<servicer> echo_ = echo_service();
};

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
  streams(const front_end& front, beside what, int payloads) : front_(front), payloads_(payloads) {
    if (what == beside::stream_to_back || what == beside::echoed_stream)
      thread_ = std::thread{[this, name = what == beside::stream_to_back ? "sink" : "echo"] { send(name); }};
    if (what == beside::stream_to_front)
      thread_ = std::thread{[this] { fetch(); }};
  }

  ~streams() {
    stopped_ = true;
    if (thread_.joinable())
      thread_.join();
  }

  streams(const streams&) = delete;
  streams& operator=(const streams&) = delete;

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
      for (int i = 0; i < payloads_ && !stopped_; ++i)
        output.consume(content);
      output.terminate();
      await(operation);
      passed_ += name == "sink" ? static_cast<uint64_t>(payloads_) : 0;
    }
  }

  void fetch() {
    while (!stopped_) {
      auto operation = begin("source");
      operation.consumer().consume_and_terminate(make_payload(std::to_string(payloads_)));
      await(operation);
    }
  }

  const front_end& front_;
  const int payloads_;
  std::atomic<bool> stopped_{false};
  std::atomic<uint64_t> passed_{0};
  std::thread thread_;
};

double microseconds(const std::vector<clock::duration>& sorted, double share) {
  const auto place = static_cast<size_t>(share * static_cast<double>(sorted.size() - 1));
  return std::chrono::duration<double, std::micro>(sorted[place]).count();
}

} // namespace

spread unary_beside(beside what, bool work_pool, std::chrono::milliseconds how_long, int payloads) {
  bench_config config;
  caf::actor_system system{config};
  auto pool = [&] { return work_pool ? std::make_shared<thread_pool>(2) : nullptr; };
  back_end back{system, std::make_shared<neighbours>(), {.work = pool()}};
  front_end front{system, {.work = pool()}};
  join(front, back);
  for (int i = 0; i < warm_up_operations; ++i)
    call(front);
  std::vector<clock::duration> samples;
  spread result;
  {
    streams others{front, what, payloads};
    std::this_thread::sleep_for(50ms); // until they are at work
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
  wait_for_idle(back);
  std::sort(samples.begin(), samples.end());
  result.median = microseconds(samples, 0.5);
  result.p99 = microseconds(samples, 0.99);
  result.longest = microseconds(samples, 1);
  result.operations = samples.size();
  return result;
}

} // namespace tandem::bench::ours
