
#include "certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace tandem_test {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using key_context_ptr = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using list_ptr = std::unique_ptr<X509_CRL, freed_by<X509_CRL_free>>;
using time_ptr = std::unique_ptr<ASN1_TIME, freed_by<ASN1_TIME_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;

void require(bool x) {
  if (!x)
    throw std::runtime_error{"certificate_folder: OpenSSL refuses"};
}

key_ptr make_key() {
  const key_context_ptr context{EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr)};
  EVP_PKEY* result = nullptr;
  require(EVP_PKEY_keygen_init(context.get()) == 1
          && EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1) == 1
          && EVP_PKEY_keygen(context.get(), &result) == 1);
  return key_ptr{result};
}

void write_key(const std::string& path, EVP_PKEY* key, const std::string& passphrase) {
  const bio_ptr out{BIO_new_file(path.c_str(), "w")};
  auto* secret = reinterpret_cast<unsigned char*>(const_cast<char*>(passphrase.data()));
  require(PEM_write_bio_PrivateKey(out.get(), key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(), secret,
                                   static_cast<int>(passphrase.size()), nullptr, nullptr)
          == 1);
}

void write_certificate(const std::string& path, X509* certificate) {
  const bio_ptr out{BIO_new_file(path.c_str(), "w")};
  require(PEM_write_bio_X509(out.get(), certificate) == 1);
}

certificate_ptr read_certificate(const std::string& path) {
  const bio_ptr in{BIO_new_file(path.c_str(), "r")};
  return certificate_ptr{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
}

key_ptr read_key(const std::string& path) {
  const bio_ptr in{BIO_new_file(path.c_str(), "r")};
  return key_ptr{PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr)};
}

/// Unsigned, and without an issuer.
certificate_ptr make_certificate(const std::string& name, EVP_PKEY* key, int from_day, int to_day,
                                 const std::string& hosts, bool authority) {
  constexpr long day = 24L * 60 * 60;
  static long serial = 0;
  certificate_ptr result{X509_new()};
  auto* x = result.get();
  X509_set_version(x, 2); // which is called 3
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), from_day * day);
  X509_gmtime_adj(X509_getm_notAfter(x), to_day * day);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(x, key);
  const auto add = [x](int kind, const std::string& value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    require(X509_add_ext(x, extension, -1) == 1);
    X509_EXTENSION_free(extension);
  };
  add(NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!hosts.empty())
    add(NID_subject_alt_name, hosts);
  return result;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
}

} // namespace

certificate_folder::certificate_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "tandem-tls-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

certificate_folder::~certificate_folder() {
  std::filesystem::remove_all(path_);
}

void certificate_folder::add_authority(const std::string& name) {
  const auto key = make_key();
  const auto certificate = make_certificate(name, key.get(), -1000, 1000, {}, true);
  sign(certificate.get(), certificate.get(), key.get());
  write_key(path(name + ".key"), key.get(), {});
  write_certificate(path(name + ".pem"), certificate.get());
}

tandem::tls_options certificate_folder::add(const std::string& name, const std::string& by, const wishes& wanted) {
  const auto key = make_key();
  const auto certificate = make_certificate(name, key.get(), wanted.from_day, wanted.to_day, wanted.hosts, false);
  const auto issuer = read_certificate(path(by + ".pem"));
  const auto issuer_key = read_key(path(by + ".key"));
  sign(certificate.get(), issuer.get(), issuer_key.get());
  write_key(path(name + ".key"), key.get(), wanted.passphrase);
  write_certificate(path(name + ".pem"), certificate.get());
  return {path(name + ".pem"), path(name + ".key"), wanted.passphrase, path(by + ".pem")};
}

tandem::tls_options certificate_folder::add(const std::string& name, const std::string& by) {
  return add(name, by, {});
}

std::string certificate_folder::add_revocations(const std::string& name, const std::string& by,
                                                const std::vector<std::string>& revoked) {
  constexpr long day = 24L * 60 * 60;
  const auto issuer = read_certificate(path(by + ".pem"));
  const auto issuer_key = read_key(path(by + ".key"));
  const time_ptr begin{X509_gmtime_adj(nullptr, -day)};
  const time_ptr end{X509_gmtime_adj(nullptr, day)};
  const list_ptr list{X509_CRL_new()};
  X509_CRL_set_version(list.get(), 1); // which is called 2
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get()));
  X509_CRL_set1_lastUpdate(list.get(), begin.get());
  X509_CRL_set1_nextUpdate(list.get(), end.get());
  for (const auto& x : revoked) {
    auto* entry = X509_REVOKED_new(); // goes with the list
    const auto certificate = read_certificate(path(x + ".pem"));
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry, begin.get());
    require(X509_CRL_add0_revoked(list.get(), entry) == 1);
  }
  X509_CRL_sort(list.get());
  require(X509_CRL_sign(list.get(), issuer_key.get(), EVP_sha256()) > 0);
  const bio_ptr out{BIO_new_file(path(name).c_str(), "w")};
  require(PEM_write_bio_X509_CRL(out.get(), list.get()) == 1);
  return path(name);
}

std::string certificate_folder::add_file(const std::string& name, const std::string& content) {
  std::ofstream{path_ / name, std::ios::binary} << content;
  return path(name);
}

std::string certificate_folder::content(const std::string& name) const {
  std::ifstream in{path_ / name, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace tandem_test
