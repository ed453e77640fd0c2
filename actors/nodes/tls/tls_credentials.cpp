#include "tls_credentials.hpp"
#include "tls.hpp"
#include "tls_context.hpp"

#include <utility>

namespace tandem {

namespace {

std::shared_ptr<asio::ssl::context> make(const tls_options& x) {
  return std::make_shared<asio::ssl::context>(make_context(x).release());
}

} // namespace

tls_credentials::tls_credentials(tls_options options, log_function log)
  : options_(std::move(options)), log_(std::move(log)), seen_(versions()), context_(make(options_)) {
}

std::vector<tls_credentials::file_version> tls_credentials::versions() const {
  std::vector<file_version> result;
  for (const auto* path : {&options_.certificate, &options_.key, &options_.authority, &options_.revocations}) {
    std::error_code ignored;
    file_version x;
    x.time = std::filesystem::last_write_time(*path, ignored);
    x.size = std::filesystem::file_size(*path, ignored);
    result.push_back(x);
  }
  return result;
}

std::shared_ptr<asio::ssl::context> tls_credentials::context() {
  auto now = versions();
  if (now == seen_)
    return context_;
  seen_ = std::move(now);
  try {
    check(options_);
    context_ = make(options_);
    write_log(log_, "read the TLS files again: they have changed");
  } catch (const tls_error& e) {
    write_log(log_, std::string{e.what()} + "; what was read before stays in use");
  }
  return context_;
}

} // namespace tandem
