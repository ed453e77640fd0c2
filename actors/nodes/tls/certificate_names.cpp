#include "certificate_names.hpp"
#include "tls_context.hpp"

#include <asio/ip/address.hpp>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdint>

namespace tandem {

namespace {

using certificate_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;

certificate_ptr certificate_of_peer(const SSL* ssl) {
  return certificate_ptr{SSL_get1_peer_certificate(ssl)};
}

std::string bytes_of(const ASN1_STRING* x) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(x)), static_cast<size_t>(ASN1_STRING_length(x))};
}

std::string address_in(const ASN1_OCTET_STRING* x) {
  const auto bytes = bytes_of(x);
  if (bytes.size() == 4) {
    asio::ip::address_v4::bytes_type v4{};
    std::ranges::copy(bytes, v4.begin());
    return asio::ip::make_address_v4(v4).to_string();
  }
  if (bytes.size() != 16)
    return "?";
  asio::ip::address_v6::bytes_type v6{};
  std::ranges::copy(bytes, v6.begin());
  return asio::ip::make_address_v6(v6).to_string();
}

void add(std::string& to, const std::string& kind, const std::string& name) {
  if (!to.empty())
    to += ' ';
  to += kind;
  for (const char c : name) // a name is its peer's choice, and goes into logs
    to += static_cast<unsigned char>(c) < 0x21 || c == 0x7f ? '?' : c;
}

} // namespace

std::string names_of_peer(const SSL* ssl) {
  const auto certificate = certificate_of_peer(ssl);
  std::string result;
  if (certificate == nullptr)
    return result;
  const auto* subject = X509_get_subject_name(certificate.get());
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
    add(result, "CN=", bytes_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
  auto* names
    = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS)
      add(result, "DNS:", bytes_of(name->d.dNSName));
    else if (name->type == GEN_URI)
      add(result, "URI:", bytes_of(name->d.uniformResourceIdentifier));
    else if (name->type == GEN_IPADD)
      add(result, "IP:", address_in(name->d.iPAddress));
  }
  GENERAL_NAMES_free(names);
  return result;
}

bool is_for(const SSL* ssl, const std::vector<std::string>& names) {
  const auto certificate = certificate_of_peer(ssl);
  return certificate != nullptr && std::ranges::any_of(names, [&](const std::string& name) {
           return X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1
                  || X509_check_host(certificate.get(), name.c_str(), name.size(), 0, nullptr) == 1;
         });
}

} // namespace tandem
