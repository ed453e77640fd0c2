/// The server side of the gRPC baseline.
#pragma once

#include <echo.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <memory>

namespace tandem::bench::grpc_baseline {

class echo_service final : public wire::Echo::CallbackService {
public:
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const wire::Payload* request,
                                  wire::Payload* response) override;

  grpc::ServerBidiReactor<wire::Payload, wire::Payload>* Stream(grpc::CallbackServerContext* context) override;

  /// How many streams the server has accepted, which is later than the client has opened them.
  int accepted_streams() const {
    return accepted_streams_.load();
  }

private:
  std::atomic<int> accepted_streams_ = 0;
};

/// A server without a port, its service, and a stub that calls it within this process.
class in_process_server {
public:
  in_process_server();
  ~in_process_server();

  wire::Echo::Stub& stub() {
    return *stub_;
  }

  const echo_service& service() const {
    return service_;
  }

private:
  echo_service service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<wire::Echo::Stub> stub_;
};

} // namespace tandem::bench::grpc_baseline
