/// CAF's openssl module on both CAF versions: loading it, and where its options are. For the library `tandem` only,
/// whose TANDEM_WITH_TLS says whether that module is there; compat/network.hpp has the actor that it connects by.
#pragma once

#include "../../messages/caf/version.hpp"

#include "system.hpp"

#if TANDEM_WITH_TLS
#  include <caf/openssl/manager.hpp>
#endif

#include <optional>
#include <string>

namespace tandem::compat {

/// Loads the module and gives it the files in `x`, which must have been checked: if a file is missing, CAF 0.17 throws
/// from the actor system's constructor or ends the process at the first connection, and CAF 1.x may crash.
/// `Options` has the members of tls_options. A template, so that CAF is asked which kind of options it has: CAF 0.17
/// and the first of 1.x have data members, 1.1 has options like any other.
template <class Config, class Options>
void set_tls_options([[maybe_unused]] Config& config, [[maybe_unused]] const Options& x) {
#if TANDEM_WITH_TLS
  config.template load<caf::openssl::manager>();
  if constexpr (requires { config.openssl_certificate; }) {
    config.openssl_certificate = x.certificate;
    config.openssl_key = x.key;
    config.openssl_passphrase = x.passphrase;
    config.openssl_cafile = x.authority;
  } else {
    set_option(config, "openssl.certificate", x.certificate);
    set_option(config, "openssl.key", x.key);
    set_option(config, "openssl.passphrase", x.passphrase);
    set_option(config, "openssl.cafile", x.authority);
  }
#endif
}

/// The options that set_tls_options was given. Nothing if it was not called: without a certificate CAF's module
/// encrypts, but accepts every peer.
template <class Options, class System>
std::optional<Options> get_tls_options([[maybe_unused]] const System& system) {
#if TANDEM_WITH_TLS
  if (!system.has_openssl_manager())
    return std::nullopt;
  const auto& config = system.config();
  Options result;
  if constexpr (requires { config.openssl_certificate; })
    result = {config.openssl_certificate, config.openssl_key, config.openssl_passphrase, config.openssl_cafile};
  else
    result
      = {get_option(config, "openssl.certificate", std::string{}), get_option(config, "openssl.key", std::string{}),
         get_option(config, "openssl.passphrase", std::string{}), get_option(config, "openssl.cafile", std::string{})};
  if (!result.certificate.empty())
    return result;
#endif
  return std::nullopt;
}

} // namespace tandem::compat
