#include "tls_errors.hpp"

#include <asio/error.hpp>
#include <asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

namespace tandem {

namespace {

std::string words_of(unsigned long error) {
  const char* text = ERR_reason_error_string(error);
  return text ? text : "OpenSSL's error " + std::to_string(error);
}

bool is_about_certificate(int alert) {
  constexpr int about_certificate[]
    = {SSL_AD_NO_CERTIFICATE,      SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
       SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED, SSL_AD_CERTIFICATE_UNKNOWN,
       SSL_AD_UNKNOWN_CA,          SSL_AD_ACCESS_DENIED,       SSL_AD_CERTIFICATE_REQUIRED};
  return std::ranges::find(about_certificate, alert) != std::end(about_certificate);
}

bool is_about_signer(long verify_result) {
  constexpr long about_signer[]
    = {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,       X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
       X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
       X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,       X509_V_ERR_CERT_SIGNATURE_FAILURE};
  return std::ranges::find(about_signer, verify_result) != std::end(about_signer);
}

/// Nothing has come that begins a handshake.
bool nothing_said(const SSL* ssl) {
  const auto state = SSL_get_state(ssl);
  return state == TLS_ST_BEFORE || state == TLS_ST_CW_CLNT_HELLO;
}

} // namespace

std::string take_openssl_error() {
  auto result = words_of(ERR_peek_last_error());
  ERR_clear_error();
  return result;
}

namespace {

/// What an alert of the other side, or an error of this one, says.
std::string why_tls_failed(const SSL* ssl, unsigned long error) {
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  if (reason > SSL_AD_REASON_OFFSET) {
    const int alert = reason - SSL_AD_REASON_OFFSET;
    return (is_about_certificate(alert) ? "it refused our certificate: " : "it broke the TLS handshake off: ")
           + std::string{SSL_alert_desc_string_long(alert)};
  }
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
    return "it showed no certificate";
  if (const auto verified = SSL_get_verify_result(ssl); verified != X509_V_OK)
    return (is_about_signer(verified) ? "its certificate is not signed by the authority: "
                                      : "its certificate is not accepted: ")
           + std::string{X509_verify_cert_error_string(verified)};
  if (nothing_said(ssl))
    return "it does not speak TLS";
  return "the TLS handshake failed: " + words_of(error);
}

} // namespace

std::string why_handshake_failed(const SSL* ssl, const asio::error_code& e) {
  if (e.category() == asio::error::get_ssl_category())
    return why_tls_failed(ssl, static_cast<unsigned long>(static_cast<unsigned int>(e.value())));
  if (nothing_said(ssl))
    return e == asio::error::operation_aborted ? "the TLS handshake was given up" : "it does not speak TLS";
  return "it closed the connection during the TLS handshake";
}

std::string why_closed(const SSL* ssl, const asio::error_code& e, const std::string& otherwise) {
  return e.category() == asio::error::get_ssl_category()
           ? why_tls_failed(ssl, static_cast<unsigned long>(static_cast<unsigned int>(e.value())))
           : otherwise;
}

} // namespace tandem
