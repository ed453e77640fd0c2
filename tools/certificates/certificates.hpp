/// Certificates for tests of TLS, and for its benchmarks: real ones, made when a test asks for them.
#pragma once

#include "../../actors/nodes/tls/tls.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace tandem_test {

/// A folder with the files NAME.pem and NAME.key of authorities and nodes; goes away with the test. Only in builds with
/// TLS.
class certificate_folder {
public:
  certificate_folder();
  ~certificate_folder();

  certificate_folder(const certificate_folder&) = delete;
  certificate_folder& operator=(const certificate_folder&) = delete;

  /// Makes an authority, which signs for itself.
  void add_authority(const std::string& name);

  struct wishes {
    int from_day = -1; ///< counted from today
    int to_day = 1;
    std::string passphrase = {};
    std::string hosts = "DNS:localhost,IP:127.0.0.1,IP:::1"; ///< that it is for, in OpenSSL's words; empty: for none
  };

  /// Makes a certificate that authority `by` has signed, and what TLS needs to show it and to trust the same authority.
  tandem::tls_options add(const std::string& name, const std::string& by, const wishes& wanted);
  tandem::tls_options add(const std::string& name, const std::string& by);

  /// Makes the file `name` with the list of what authority `by` has revoked, for a day: these certificates, by their
  /// names as they are now. Its path.
  std::string add_revocations(const std::string& name, const std::string& by, const std::vector<std::string>& revoked);

  /// Makes a file with this content; its path.
  std::string add_file(const std::string& name, const std::string& content);

  std::string path(const std::string& name) const {
    return (path_ / name).string();
  }

  std::string content(const std::string& name) const;

private:
  std::filesystem::path path_;
};

} // namespace tandem_test
