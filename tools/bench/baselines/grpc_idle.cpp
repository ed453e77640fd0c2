#include "baselines.hpp"
#include "grpc_echo_service.hpp"
#include "meter.hpp"
#include "resident_memory.hpp"

#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tandem::bench::grpc_baseline {

namespace {

/// An open stream that waits for a payload on both sides.
class idle_call final : public grpc::ClientBidiReactor<wire::Payload, wire::Payload> {
public:
  idle_call(wire::Echo::Stub& stub, meter& ends) : ends_{ends} {
    ends_.claim();
    stub.async()->Stream(&context_, this);
    StartRead(&response_);
    StartCall();
  }

  void cancel() {
    context_.TryCancel();
  }

  void OnDone(const grpc::Status&) override {
    ends_.finished();
  }

private:
  meter& ends_;
  grpc::ClientContext context_;
  wire::Payload response_;
};

using idle_calls = std::vector<std::unique_ptr<idle_call>>;

/// False if the server did not accept all of them.
bool open(idle_calls& calls, in_process_server& server, meter& ends, int wanted) {
  auto accepted = server.service().accepted_streams() + wanted;
  for (int i = 0; i < wanted; ++i)
    calls.push_back(std::make_unique<idle_call>(server.stub(), ends));
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (server.service().accepted_streams() < accepted) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// gRPC uses the calls until they have ended.
void end(idle_calls& calls, meter& ends) {
  for (auto& call : calls)
    call->cancel();
  ends.wait();
}

} // namespace

double bytes_per_idle_call(int calls) {
  constexpr int first_calls = 16;
  in_process_server server;
  idle_calls first;
  idle_calls measured;
  first.reserve(first_calls);
  measured.reserve(static_cast<size_t>(calls));
  meter first_ends{first_calls};
  meter measured_ends{calls};
  // The first calls of a process set things up once; that is not part of the price of a call.
  auto accepted = open(first, server, first_ends, first_calls);
  auto before = resident_bytes_after_trim();
  accepted = open(measured, server, measured_ends, calls) && accepted;
  auto after = resident_bytes();
  end(measured, measured_ends);
  end(first, first_ends);
  if (!accepted)
    throw std::runtime_error("the gRPC server did not accept all streams");
  return (after - before) / calls;
}

} // namespace tandem::bench::grpc_baseline
