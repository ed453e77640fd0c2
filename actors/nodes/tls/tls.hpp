/// TLS between nodes: each side shows a certificate, and accepts a peer only if the authority has signed the peer's. A
/// front also looks whether it is the certificate of the host that it wanted (connect_options::names).
///
///     system_config config;
///     use_tls(config, {.certificate = "node.pem", .key = "node.key", .authority = "authority.pem"});
///     caf::actor_system system{config};
#pragma once

#include "tls_options.hpp"

#include <caf/fwd.hpp>

#include <optional>

namespace tandem {

/// Makes sure that these files can be worked with: all are there, the key belongs to the certificate, and the
/// certificate is valid today and verifies against the authority. Throws tls_error naming the file and the fault. Any
/// thread.
void check(const tls_options& options);

/// From now on publish() and connect() use TLS unless told otherwise. To be called before the actor_system is made.
/// Throws tls_error if check() does.
void use_tls(caf::actor_system_config& config, const tls_options& options);

/// The options with which use_tls configured the system; nothing if it did not.
std::optional<tls_options> tls_options_of(const caf::actor_system& system);

/// Whether to use TLS: `wanted`, or if that is none, whether use_tls configured the system. Throws
/// std::invalid_argument if TLS is wanted and use_tls was not called.
bool decide_tls(const caf::actor_system& system, std::optional<bool> wanted);

} // namespace tandem
