#include "grpc_client.hpp"
#include "grpc_tls.hpp"

#include <grpcpp/grpcpp.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem::bench::grpc_baseline {

namespace {

std::string explain(const grpc::Status& status) {
  return "gRPC call failed with code " + std::to_string(status.error_code()) + ": " + status.error_message();
}

/// A place for one call after the other.
class call_slot {
public:
  void start(wire::Echo::Stub& stub, meter& progress, bool keep_time) {
    begin_ = meter::clock::now();
    // A context serves one call only; the messages are reused, as a careful user would do.
    context_.emplace();
    request_.set_content(sample_payload);
    stub.async()->Unary(&*context_, &request_, &response_, [this, &stub, &progress, keep_time](grpc::Status status) {
      if (keep_time)
        progress.record(meter::clock::now() - begin_);
      if (!status.ok())
        return progress.failed(explain(status));
      if (progress.claim())
        start(stub, progress, keep_time);
      progress.finished();
    });
  }

private:
  std::optional<grpc::ClientContext> context_;
  wire::Payload request_;
  wire::Payload response_;
  meter::clock::time_point begin_;
};

class stream_client final : public grpc::ClientBidiReactor<wire::Payload, wire::Payload> {
public:
  stream_client(wire::Echo::Stub& stub, meter& progress) : progress_{progress} {
    request_.set_content(sample_payload);
    stub.async()->Stream(&context_, this);
    StartRead(&response_);
    write_next();
    StartCall();
  }

  /// gRPC uses this object until then.
  void wait_until_done() {
    done_->get_future().wait();
  }

  void OnWriteDone(bool ok) override {
    if (ok)
      write_next();
  }

  void OnReadDone(bool ok) override {
    if (!ok)
      return;
    // Before the meter hears of it: a read is pending then at all times, until the server ends the stream.
    StartRead(&response_);
    progress_.finished();
  }

  void OnDone(const grpc::Status& status) override {
    if (!status.ok())
      progress_.abort(explain(status));
    // The waiting thread may destroy this object while set_value still runs.
    auto done = done_;
    done->set_value();
  }

private:
  void write_next() {
    if (progress_.claim())
      StartWrite(&request_);
    else
      StartWritesDone();
  }

  meter& progress_;
  grpc::ClientContext context_;
  wire::Payload request_;
  wire::Payload response_;
  std::shared_ptr<std::promise<void>> done_ = std::make_shared<std::promise<void>>();
};

} // namespace

std::unique_ptr<wire::Echo::Stub> connect(uint16_t port, const std::string& certificates) {
  grpc::ChannelArguments arguments;
  if (!certificates.empty())
    arguments.SetSslTargetNameOverride("localhost"); // as its certificate says
  // A proxy from the environment has no business on loopback.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  auto channel
    = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), client_credentials(certificates), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10)))
    throw std::runtime_error("cannot connect to the gRPC server");
  return wire::Echo::NewStub(channel);
}

void run_unary_calls(wire::Echo::Stub& stub, meter& progress, int in_flight) {
  std::vector<call_slot> slots(static_cast<size_t>(in_flight));
  for (auto& slot : slots)
    if (progress.claim())
      slot.start(stub, progress, in_flight == 1);
  progress.wait();
}

void run_stream(wire::Echo::Stub& stub, meter& progress) {
  stream_client client{stub, progress};
  client.wait_until_done();
  progress.wait();
}

} // namespace tandem::bench::grpc_baseline
