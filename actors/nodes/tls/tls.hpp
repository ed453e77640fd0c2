/// TLS between nodes: each side shows a certificate, and lets nobody in whose certificate is not signed by the
/// authority.
///
///     system_config config;
///     config.use_tls({.certificate = "node.pem", .key = "node.key", .authority = "authority.pem"});
///     caf::actor_system system{config};
#pragma once

#include <caf/fwd.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace tandem {

/// Files in PEM. CAF reads them again for every connection: they have to stay where they are and fit each other for as
/// long as the actor system lives, or CAF ends the process. One file may have both certificate and key, so that
/// renaming another to its name replaces them at once.
struct tls_options {
  /// This node's certificate, followed by those between it and the authority's, if there are any.
  std::string certificate = {};
  /// The private key of that certificate.
  std::string key = {};
  /// Decrypts the key; empty if it is not encrypted.
  std::string passphrase = {};
  /// The certificates of those whose signature is accepted. Every certificate that they sign is, whatever name is in
  /// it: take an authority that signs for your nodes and for nobody else.
  std::string authority = {};
};

/// A TLS setting that cannot work, or a connection that TLS did not allow. One line, which names the cause.
class tls_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Makes sure that CAF can work with these files: all are there, the key is that of the certificate, and the
/// certificate is valid today and verifies against the authority. Throws tls_error naming the file and what is wrong.
void check(const tls_options& options);

/// What the system was configured with by system_config::use_tls; nothing if it was not.
std::optional<tls_options> tls_options_of(const caf::actor_system& system);

/// Whether to use TLS, where an option says `wanted`. Throws std::invalid_argument if it is wanted and cannot be.
bool decide_tls(const caf::actor_system& system, std::optional<bool> wanted);

} // namespace tandem
