/// OpenSSL's errors in words. Internal to nodes/.
#pragma once

#include <asio/error_code.hpp>
#include <openssl/ssl.h>

#include <string>

namespace tandem {

/// The last error of OpenSSL in this thread; forgets it.
std::string take_openssl_error();

/// Why a handshake failed, about the other side: "it showed no certificate".
std::string why_handshake_failed(const SSL* ssl, const asio::error_code& e);

/// Why a connection failed after its handshake: with TLS 1.3, a side hears only then that the other refuses its
/// certificate. `otherwise`, if TLS is not the cause.
std::string why_closed(const SSL* ssl, const asio::error_code& e, const std::string& otherwise);

} // namespace tandem
