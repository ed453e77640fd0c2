/// How the gRPC baseline encrypts.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace tandem::bench::grpc_baseline {

/// With both, each side shows a certificate and demands one; without TLS if `certificates` is empty.
std::shared_ptr<grpc::ChannelCredentials> client_credentials(const std::string& certificates);
std::shared_ptr<grpc::ServerCredentials> server_credentials(const std::string& certificates);

} // namespace tandem::bench::grpc_baseline
