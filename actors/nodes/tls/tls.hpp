/// TLS between nodes: each side shows a certificate, and lets nobody in whose certificate is not signed by the
/// authority.
///
///     system_config config;
///     use_tls(config, {.certificate = "node.pem", .key = "node.key", .authority = "authority.pem"});
///     caf::actor_system system{config};
#pragma once

#include "tls_options.hpp"

#include <caf/fwd.hpp>

#include <optional>

namespace tandem {

/// Makes sure that CAF can work with these files: all are there, the key is that of the certificate, and the
/// certificate is valid today and verifies against the authority. Throws tls_error naming the file and what is wrong.
void check(const tls_options& options);

/// Loads CAF's TLS: from now on publish() and connect() use it unless told otherwise. To be called before the
/// actor_system is made. Throws tls_error if a file is not as it should be, or if this build has no TLS.
void use_tls(caf::actor_system_config& config, const tls_options& options);

/// What the system was configured with by use_tls; nothing if it was not.
std::optional<tls_options> tls_options_of(const caf::actor_system& system);

/// Whether to use TLS, where an option says `wanted`. Throws std::invalid_argument if it is wanted and cannot be.
bool decide_tls(const caf::actor_system& system, std::optional<bool> wanted);

} // namespace tandem
