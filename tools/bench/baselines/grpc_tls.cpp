#include "grpc_tls.hpp"

#include <fstream>
#include <iterator>

namespace tandem::bench::grpc_baseline {

namespace {

std::string content(const std::string& folder, const std::string& name) {
  std::ifstream in{folder + "/" + name, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

std::shared_ptr<grpc::ChannelCredentials> client_credentials(const std::string& certificates) {
  if (certificates.empty())
    return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials(
    {content(certificates, "authority.pem"), content(certificates, "client.key"), content(certificates, "client.pem")});
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(const std::string& certificates) {
  if (certificates.empty())
    return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options{GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY};
  options.pem_root_certs = content(certificates, "authority.pem");
  options.pem_key_cert_pairs.push_back({content(certificates, "server.key"), content(certificates, "server.pem")});
  return grpc::SslServerCredentials(options);
}

} // namespace tandem::bench::grpc_baseline
