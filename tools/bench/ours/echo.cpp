#include "echo.hpp"
#include "../../../actors/nodes/tls/tls.hpp"
#include "../baselines/baselines.hpp"

#include <stdexcept>
#include <string>
#include <thread>

namespace tandem::bench::ours {

namespace {

class echo_consumer final : public consumer {
public:
  explicit echo_consumer(const output_consumer& output) : output_(output) {
  }

  void consume(payload content) override {
    output_.consume(std::move(content));
  }

  void terminate() override {
    output_.terminate();
  }

  void consume_and_terminate(payload content) override {
    output_.consume_and_terminate(std::move(content));
  }

private:
  output_consumer output_;
};

class echo_servicer : public servicer {
public:
  std::shared_ptr<consumer> service(const std::string&, const operation_context&,
                                    const output_consumer& output) override {
    return std::make_shared<echo_consumer>(output);
  }
};

/// At the pace of the other side.
void pour(const output_consumer& output, const payload& sample, int left) {
  for (; left > 0 && output.ready(); --left)
    output.consume(sample);
  if (left > 0)
    output.when_ready([=] { pour(output, sample, left); });
  else
    output.terminate();
}

class all_servicer final : public echo_servicer {
public:
  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override {
    const auto end = [output] { output.terminate(); };
    if (name == "sink")
      return make_consumer([output, answer = make_payload(std::string(1, '\1'))](payload) { output.consume(answer); },
                           end);
    if (name == "drain")
      return make_consumer([](payload) {}, end);
    if (name == "source")
      return make_consumer([output, sample = make_payload(std::string{sample_payload})](payload wanted) {
        pour(output, sample, std::stoi(wanted.get_as<std::string>(0)));
      });
    if (name == "source in a thread") // as a service does that has much to send
      return make_consumer([context, output, sample = make_payload(std::string{sample_payload})](payload wanted) {
        std::thread{[=, left = std::stoi(wanted.get_as<std::string>(0))]() mutable {
          for (; left > 0 && context.is_active(); --left)
            if (!output.consume(sample))
              output.wait_until_ready(std::chrono::minutes(1));
          output.terminate();
        }}.detach();
      });
    return echo_servicer::service(name, context, output);
  }
};

/// Commences operations until the meter has enough; kept alive by those that are open.
class unary_driver : public std::enable_shared_from_this<unary_driver> {
public:
  unary_driver(const front_end& front, meter& progress, bool keep_time)
    : front_(front),
      progress_(progress),
      keep_time_(keep_time),
      subscription_(full_serviced_subscription(make_consumer([](payload) {}))),
      payload_(make_payload(std::string{sample_payload})) {
  }

  void start() {
    const auto begin = meter::clock::now();
    auto operation = front_.operate({.name = "echo",
                                     .payload = payload_,
                                     .complete = true,
                                     .timeout = std::chrono::seconds(60),
                                     .subscription = subscription_});
    operation.context().add_termination_callback([self = shared_from_this(), begin](outcome value) {
      auto& progress = self->progress_;
      if (self->keep_time_)
        progress.record(meter::clock::now() - begin);
      if (value != outcome::completed)
        return progress.failed("an operation ended with " + to_string(value));
      if (progress.claim())
        self->start();
      progress.finished();
    });
  }

private:
  const front_end& front_;
  meter& progress_;
  bool keep_time_;
  serviced_subscription subscription_;
  payload payload_;
};

/// Keeps `under_way` payloads under way: sends one for each answer.
class stream_driver final : public serviced_ingestor, public std::enable_shared_from_this<stream_driver> {
public:
  stream_driver(meter& progress, std::string method, int under_way, payload sample)
    : progress_(progress), method_(std::move(method)), under_way_(under_way), sample_(std::move(sample)) {
  }

  std::shared_ptr<tandem::consumer> consumer(const operation_context& context) override {
    context_ = std::make_unique<operation_context>(context);
    return make_consumer([self = shared_from_this()](payload) { self->answered(); });
  }

  void run(const front_end& front) {
    auto operation = front.operate({.name = method_,
                                    .timeout = std::chrono::minutes(10),
                                    .subscription = full_serviced_subscription(shared_from_this())});
    output_ = std::make_unique<output_consumer>(operation.consumer());
    for (int i = 0; i < under_way_ && progress_.claim(); ++i)
      output_->consume(sample_);
    progress_.wait();
    operation.cancel();
    wait_for_idle(front);
  }

private:
  void answered() {
    if (progress_.claim())
      output_->consume(sample_);
    progress_.finished();
  }

  meter& progress_;
  const std::string method_;
  const int under_way_;
  const payload sample_;
  std::unique_ptr<operation_context> context_;
  std::unique_ptr<output_consumer> output_;
};

} // namespace

bench_config::bench_config(const std::string& certificates, const std::string& name) {
  const auto file = certificates + "/" + name;
  if (!certificates.empty())
    use_tls(*this, {file + ".pem", file + ".key", "", certificates + "/authority.pem"});
  compat::set_option(*this, "scheduler.max-threads", int64_t{2});
}

std::shared_ptr<servicer> echo_service() {
  return std::make_shared<echo_servicer>();
}

std::shared_ptr<servicer> all_services() {
  return std::make_shared<all_servicer>();
}

void run_unary(const front_end& front, meter& progress, int in_flight, bool keep_time) {
  auto driver = std::make_shared<unary_driver>(front, progress, keep_time);
  for (int i = 0; i < in_flight && progress.claim(); ++i)
    driver->start();
  progress.wait();
}

void run_stream(const front_end& front, meter& progress) {
  std::make_shared<stream_driver>(progress, "echo", payloads_under_way, make_payload(std::string{sample_payload}))
    ->run(front);
}

void run_bulk(const front_end& front, meter& progress) {
  std::make_shared<stream_driver>(progress, "sink", bulk_payloads_under_way,
                                  make_payload(std::string(bulk_payload_size, 'x')))
    ->run(front);
}

} // namespace tandem::bench::ours
