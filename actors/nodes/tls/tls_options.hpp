/// The files that TLS between nodes needs, and the exception that says that something is wrong.
///
///     use_tls(config, {.certificate = "node.pem", .key = "node.key", .authority = "authority.pem"});   // tls.hpp
#pragma once

#include <stdexcept>
#include <string>

namespace tandem {

/// Files in PEM. They are read again when they change (S-PORT-8): renew them at any time, best by renaming others to
/// their names. One that cannot be used is reported, and what was read before stays in use.
struct tls_options {
  /// This node's certificate, followed by those between it and the authority's, if there are any.
  std::string certificate = {};
  /// The private key of that certificate. May be in the same file.
  std::string key = {};
  /// Decrypts the key; empty if it is not encrypted.
  std::string passphrase = {};
  /// The certificates of the accepted authorities.
  std::string authority = {};
  /// Revocation lists of the authorities; empty: none are used. Once some are, each authority needs one.
  std::string revocations = {};
  /// Allows TLS 1.2 too.
  bool tls_1_2 = false;
};

/// Thrown for a TLS setting that cannot work, or a connection that TLS did not allow. Its text is one line, which names
/// the cause.
class tls_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace tandem
