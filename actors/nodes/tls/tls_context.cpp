#include "tls_context.hpp"
#include "tls_errors.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace tandem {

int passphrase_source::give(char* buffer, int size, int, void* self) {
  auto& source = *static_cast<passphrase_source*>(self);
  source.asked = true;
  if (source.text.empty())
    return -1;
  return static_cast<int>(source.text.copy(buffer, static_cast<size_t>(size)));
}

namespace {

/// From now on a certificate that one of these lists names is not accepted. Each authority of the chain needs a list.
void load_revocations(SSL_CTX& context, const std::string& path) {
  auto* store = SSL_CTX_get_cert_store(&context);
  auto* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr || X509_load_crl_file(lookup, path.c_str(), X509_FILETYPE_PEM) < 1)
    throw tls_error{"TLS revocations " + path + ": " + take_openssl_error()};
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

} // namespace

ssl_context_ptr make_context(const tls_options& x) {
  ERR_clear_error();
  ssl_context_ptr result{SSL_CTX_new(TLS_method())};
  if (!result)
    throw tls_error{"TLS: " + take_openssl_error()};
  auto fail = [](const std::string& what) { throw tls_error{"TLS " + what + ": " + take_openssl_error()}; };
  auto* context = result.get();
  if (SSL_CTX_use_certificate_chain_file(context, x.certificate.c_str()) != 1)
    fail("certificate " + x.certificate);
  passphrase_source passphrase{x.passphrase};
  SSL_CTX_set_default_passwd_cb(context, passphrase_source::give);
  SSL_CTX_set_default_passwd_cb_userdata(context, &passphrase);
  if (SSL_CTX_use_PrivateKey_file(context, x.key.c_str(), SSL_FILETYPE_PEM) != 1)
    fail("key " + x.key);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  if (SSL_CTX_load_verify_locations(context, x.authority.c_str(), nullptr) != 1)
    fail("authority " + x.authority);
  if (!x.revocations.empty())
    load_revocations(*context, x.revocations);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_min_proto_version(context, x.tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  // A connection that goes on where an earlier one was would not look at the certificates again.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  return result;
}

} // namespace tandem
