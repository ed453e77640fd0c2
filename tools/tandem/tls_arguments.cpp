#include "tls_arguments.hpp"

#include "exit_status.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace tandem::cli {

namespace {

/// The file's first line, without its end.
std::string read_passphrase(const std::string& path) {
  std::ifstream in{path};
  std::string result;
  if (!in)
    throw user_error{"TLS passphrase " + path + ": " + std::strerror(errno)};
  if (!std::getline(in, result) || result.empty())
    throw user_error{"TLS passphrase " + path + ": its first line is empty"};
  if (result.back() == '\r')
    result.pop_back();
  return result;
}

} // namespace

std::string tls_arguments::missing() const {
  if (!given())
    return {};
  if (certificate.empty())
    return "--certificate";
  if (key.empty())
    return "--key";
  return authority.empty() ? "--authority" : "";
}

void apply(const tls_arguments& x, system_config& config) {
  if (!x.given())
    return;
  const auto passphrase = x.passphrase_file.empty() ? std::string{} : read_passphrase(x.passphrase_file);
  config.use_tls({x.certificate, x.key, passphrase, x.authority});
}

} // namespace tandem::cli
