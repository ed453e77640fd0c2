#include "tls.hpp"
#include "../../compat/option_reader.hpp"
#include "tls_context.hpp"
#include "tls_errors.hpp"
#include "tls_settings.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace tandem {

namespace {

// Beside tandem.tls, which users set: these options are checked, and a passphrase has no name there.
constexpr const char* certificate_key = "tandem-tls.certificate";
constexpr const char* key_key = "tandem-tls.key";
constexpr const char* passphrase_key = "tandem-tls.passphrase";
constexpr const char* authority_key = "tandem-tls.authority";
constexpr const char* revocations_key = "tandem-tls.revocations";
constexpr const char* tls_1_2_key = "tandem-tls.tls-1-2";

} // namespace

void remember(caf::actor_system_config& config, const tls_options& x) {
  compat::put_setting(config, certificate_key, x.certificate);
  compat::put_setting(config, key_key, x.key);
  compat::put_setting(config, passphrase_key, x.passphrase);
  compat::put_setting(config, authority_key, x.authority);
  compat::put_setting(config, revocations_key, x.revocations);
  compat::put_setting(config, tls_1_2_key, x.tls_1_2);
}

void use_tls(caf::actor_system_config& config, const tls_options& options) {
  check(options);
  remember(config, options);
}

std::optional<tls_options> tls_options_of(const caf::actor_system& system) {
  const auto& settings = caf::content(system.config());
  const auto value = [&]<class T>(const char* key, T otherwise) {
    const auto* found = compat::find_option(settings, key);
    const auto* x = found != nullptr ? caf::get_if<T>(found) : nullptr;
    return x != nullptr ? *x : otherwise;
  };
  const auto text = [&](const char* key) { return value(key, std::string{}); };
  tls_options result{text(certificate_key), text(key_key),         text(passphrase_key),
                     text(authority_key),   text(revocations_key), value(tls_1_2_key, false)};
  if (result.certificate.empty())
    return std::nullopt;
  return result;
}

bool decide_tls(const caf::actor_system& system, std::optional<bool> wanted) {
  const bool possible = tls_options_of(system).has_value();
  if (wanted.value_or(false) && !possible)
    throw std::invalid_argument{"tls is wanted, but the actor system has no certificate: call "
                                "use_tls before the system is made"};
  return wanted.value_or(possible);
}

namespace {

using bio_ptr = std::unique_ptr<BIO, openssl_deleter<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;
using store_ptr = std::unique_ptr<X509_STORE, openssl_deleter<X509_STORE_free>>;
using verification_ptr = std::unique_ptr<X509_STORE_CTX, openssl_deleter<X509_STORE_CTX_free>>;

/// One of the three files.
struct pem_file {
  const char* role;
  const std::string& path;

  [[noreturn]] void fail(const std::string& why) const {
    ERR_clear_error();
    throw tls_error{std::string{"TLS "} + role + " " + path + ": " + why};
  }

  std::string content() const {
    if (path.empty())
      throw tls_error{std::string{"TLS: no file is given for the "} + role};
    std::unique_ptr<std::FILE, openssl_deleter<std::fclose>> file{std::fopen(path.c_str(), "rb")};
    if (!file)
      fail(std::strerror(errno));
    std::string result;
    char buffer[4096];
    while (const auto size = std::fread(buffer, 1, sizeof buffer, file.get()))
      result.append(buffer, size);
    if (std::ferror(file.get()) != 0)
      fail(std::strerror(errno));
    return result;
  }

  std::vector<certificate_ptr> certificates() const {
    const auto text = content();
    const bio_ptr in{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    std::vector<certificate_ptr> result;
    ERR_clear_error();
    while (auto* x = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
      result.emplace_back(x);
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
      fail("it is damaged: " + take_openssl_error());
    ERR_clear_error();
    if (result.empty())
      fail("it has no certificate in PEM");
    return result;
  }

  key_ptr private_key(const std::string& text) const {
    const auto bytes = content();
    const bio_ptr in{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
    passphrase_source passphrase{text};
    key_ptr result{PEM_read_bio_PrivateKey(in.get(), nullptr, passphrase_source::give, &passphrase)};
    if (!result && !passphrase.asked)
      fail("it has no private key in PEM");
    if (!result)
      fail(text.empty() ? "it is encrypted, and no passphrase is given" : "the passphrase does not decrypt it");
    return result;
  }
};

std::string text_of(const ASN1_TIME* time) {
  const bio_ptr out{BIO_new(BIO_s_mem())};
  ASN1_TIME_print(out.get(), time);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<size_t>(size)};
}

void check_dates(const pem_file& file, const X509& certificate) {
  const auto* begin = X509_get0_notBefore(&certificate);
  const auto* end = X509_get0_notAfter(&certificate);
  if (X509_cmp_current_time(begin) > 0)
    file.fail("it is not valid before " + text_of(begin));
  if (X509_cmp_current_time(end) < 0)
    file.fail("it expired on " + text_of(end));
}

void check_signature(const pem_file& file, const std::vector<certificate_ptr>& chain, const pem_file& authority_file) {
  const auto authorities = authority_file.certificates();
  const store_ptr store{X509_STORE_new()};
  for (const auto& x : authorities)
    X509_STORE_add_cert(store.get(), x.get());
  auto* between = sk_X509_new_null();
  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> guard{between, [](auto* x) { sk_X509_free(x); }};
  for (const auto& x : chain)
    sk_X509_push(between, x.get());
  const verification_ptr verification{X509_STORE_CTX_new()};
  X509_STORE_CTX_init(verification.get(), store.get(), chain.front().get(), between);
  if (X509_verify_cert(verification.get()) == 1)
    return;
  const auto* why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(verification.get()));
  file.fail("it does not verify against the authority " + authority_file.path + ": " + why);
}

} // namespace

void check(const tls_options& x) {
  const pem_file certificate_file{"certificate", x.certificate};
  const pem_file key_file{"key", x.key};
  const auto chain = certificate_file.certificates();
  const auto key = key_file.private_key(x.passphrase);
  auto& certificate = *chain.front();
  if (X509_check_private_key(&certificate, key.get()) != 1)
    key_file.fail("it is not the key of the certificate " + x.certificate);
  check_dates(certificate_file, certificate);
  check_signature(certificate_file, chain, {"authority", x.authority});
  static_cast<void>(make_context(x)); // finds what only the use shows
}

} // namespace tandem
