/// The names in a peer's certificate. Internal to nodes/.
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace tandem {

/// "CN=alpha DNS:alpha.example IP:192.0.2.1"; empty if the peer showed no certificate.
std::string names_of_peer(const SSL* ssl);

/// Whether the peer's certificate is for one of these: names or addresses of hosts.
bool is_for(const SSL* ssl, const std::vector<std::string>& names);

} // namespace tandem
