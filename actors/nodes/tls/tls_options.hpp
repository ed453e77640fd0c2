/// The files that TLS between nodes needs, and the exception that says that something is wrong.
///
///     use_tls(config, {.certificate = "node.pem", .key = "node.key", .authority = "authority.pem"});   // tls.hpp
#pragma once

#include <stdexcept>
#include <string>

namespace tandem {

/// Files in PEM. CAF reads them again for every connection: they have to stay where they are and fit each other as long
/// as the actor system lives, or CAF ends the process. One file may have both certificate and key: renaming another
/// file to its name then replaces both at once.
struct tls_options {
  /// This node's certificate, followed by those between it and the authority's, if there are any.
  std::string certificate = {};
  /// The private key of that certificate.
  std::string key = {};
  /// Decrypts the key; empty if it is not encrypted.
  std::string passphrase = {};
  /// The certificates of the accepted authorities. Every certificate that they sign is accepted, whatever name is in
  /// it: take an authority that signs for your nodes and for nobody else.
  std::string authority = {};
};

/// Thrown for a TLS setting that cannot work, or a connection that TLS did not allow. Its text is one line, which names
/// the cause.
class tls_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace tandem
