/// The files that TLS needs, as the command line names them.
#pragma once

#include <tandem/actors/system.hpp>

#include <string>

namespace tandem::cli {

struct tls_arguments {
  std::string certificate;
  std::string key;
  std::string authority;
  std::string passphrase_file;

  /// Whether TLS is wanted.
  bool given() const {
    return !certificate.empty() || !key.empty() || !authority.empty() || !passphrase_file.empty();
  }

  /// The first that belongs to those given and is missing, such as "--key"; empty if none is.
  std::string missing() const;
};

/// Sets `config` up for TLS if it is wanted. Throws user_error or tls_error naming a file that is not as it should be.
void apply(const tls_arguments& x, system_config& config);

} // namespace tandem::cli
