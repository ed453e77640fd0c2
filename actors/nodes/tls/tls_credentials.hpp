/// The files of tls_options as they are now: read again when they change, and kept as they were if the new ones cannot
/// be used (S-PORT-8). Internal to nodes/.
#pragma once

#include "../../log.hpp"
#include "tls_options.hpp"

#include <asio/ssl/context.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tandem {

class tls_credentials {
public:
  /// Throws tls_error if the files cannot be used. `log` gets a line when changed ones cannot.
  tls_credentials(tls_options options, log_function log);

  /// For the next connection. One thread at a time.
  std::shared_ptr<asio::ssl::context> context();

private:
  struct file_version {
    std::filesystem::file_time_type time;
    uintmax_t size = 0;

    friend bool operator==(const file_version&, const file_version&) = default;
  };

  std::vector<file_version> versions() const;

  tls_options options_;
  log_function log_;
  std::vector<file_version> seen_;
  std::shared_ptr<asio::ssl::context> context_;
};

} // namespace tandem
