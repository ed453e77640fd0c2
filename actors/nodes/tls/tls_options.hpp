/// What TLS between nodes needs, and how it says that something is wrong.
///
///     use_tls(config, {.certificate = "node.pem", .key = "node.key", .authority = "authority.pem"});   // tls.hpp
#pragma once

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

} // namespace tandem
