#include "grpc_echo_service.hpp"
#include "grpc_tls.hpp"
#include "serve.hpp"
#include "server_process.hpp"

#include <cstdint>
#include <cstdio>
#include <stdexcept>

namespace tandem::bench::grpc_baseline {

namespace {

/// Reads, writes the same back, reads the next: gRPC calls a write done once it has taken the bytes, not once they
/// have arrived, so this loop never waits for the client.
class echo_stream final : public grpc::ServerBidiReactor<wire::Payload, wire::Payload> {
public:
  echo_stream() {
    StartRead(&payload_);
  }

  void OnReadDone(bool ok) override {
    if (ok)
      StartWrite(&payload_);
    else
      Finish(grpc::Status::OK);
  }

  void OnWriteDone(bool ok) override {
    if (ok)
      StartRead(&payload_);
    else
      Finish(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    delete this;
  }

private:
  wire::Payload payload_;
};

void shut_down(grpc::Server& server) {
  server.Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  server.Wait();
}

} // namespace

grpc::ServerUnaryReactor* echo_service::Unary(grpc::CallbackServerContext* context, const wire::Payload* request,
                                              wire::Payload* response) {
  response->set_content(request->content());
  auto* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerBidiReactor<wire::Payload, wire::Payload>* echo_service::Stream(grpc::CallbackServerContext*) {
  auto* reactor = new echo_stream;
  accepted_streams_.fetch_add(1);
  return reactor;
}

in_process_server::in_process_server() {
  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  if (!server_)
    throw std::runtime_error("cannot start a gRPC server in this process");
  stub_ = wire::Echo::NewStub(server_->InProcessChannel({}));
}

in_process_server::~in_process_server() {
  stub_.reset();
  shut_down(*server_);
}

int serve(const std::string& certificates) {
  echo_service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", server_credentials(certificates), &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::fputs("cannot listen on loopback\n", stderr);
    return 1;
  }
  announce_and_wait(static_cast<uint16_t>(port));
  shut_down(*server);
  return 0;
}

} // namespace tandem::bench::grpc_baseline
