/// OpenSSL's objects as C++ ones. Internal to nodes/.
#pragma once

#include "tls_options.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace tandem {

template <auto Free>
struct openssl_deleter {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

using ssl_context_ptr = std::unique_ptr<SSL_CTX, openssl_deleter<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, openssl_deleter<SSL_free>>;

/// PEM's callback for the passphrase of a key. Without one, OpenSSL asks the terminal.
struct passphrase_source {
  const std::string& text;
  bool asked = false;

  static int give(char* buffer, int size, int, void* self);
};

/// A context that shows a certificate and demands one. Throws tls_error if OpenSSL refuses a file, for instance because
/// its key is too short for the system's policy.
ssl_context_ptr make_context(const tls_options& options);

} // namespace tandem
