#include "tls_watch.hpp"

#if TANDEM_WITH_TLS
#  include "../sockets/socket_address.hpp"
#  include "tls_context.hpp"

#  include <openssl/crypto.h>
#  include <openssl/err.h>

#  include <fcntl.h>
#  include <unistd.h>

#  include <atomic>
#  include <map>
#  include <mutex>
#endif

namespace tandem {

#if !TANDEM_WITH_TLS

tls_watch::tls_watch(uint16_t, std::function<void(const std::string&)>) {
}

tls_watch::~tls_watch() = default;

#else

namespace {

struct watched_port {
  uint16_t port;
  std::function<void(const std::string&)> report;
};

struct watch_table {
  std::mutex mutex;
  std::map<uint64_t, watched_port> entries;
  uint64_t last = 0;
};

/// Never destroyed: OpenSSL may call us until the process has ended.
watch_table& watches() {
  static auto* result = new watch_table;
  return *result;
}

std::string text_of(const sockaddr_storage& x, socklen_t size) {
  char host[NI_MAXHOST] = {};
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&x), size, host, sizeof host, nullptr, 0, NI_NUMERICHOST) != 0)
    return "somebody";
  const auto port = ":" + std::to_string(port_of(x));
  return x.ss_family == AF_INET6 ? "[" + std::string{host} + "]" + port : host + port;
}

/// The peer's address, from the beginning of the handshake: a socket that was reset no longer knows it.
struct visitor {
  uint16_t own_port;
  std::string name;
};

/// Where an SSL has its visitor; set once.
int visitor_index = -1;

void note_beginning(SSL* ssl) {
  const int socket = SSL_get_fd(ssl);
  sockaddr_storage own{};
  sockaddr_storage other{};
  socklen_t size = sizeof own;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) != 0)
    return;
  size = sizeof other;
  const bool known = ::getpeername(socket, reinterpret_cast<sockaddr*>(&other), &size) == 0;
  delete static_cast<visitor*>(SSL_get_ex_data(ssl, visitor_index));
  SSL_set_ex_data(ssl, visitor_index, new visitor{port_of(own), known ? text_of(other, size) : "somebody"});
}

void report_failure(const SSL* ssl, unsigned long error) {
  const auto* who = static_cast<const visitor*>(SSL_get_ex_data(ssl, visitor_index));
  if (who == nullptr)
    return;
  auto& all = watches();
  std::lock_guard guard{all.mutex}; // so that nothing is reported any more once a watch is gone
  for (const auto& [number, x] : all.entries)
    if (x.port == who->own_port)
      return x.report("refused " + who->name + ": " + why_handshake_failed(ssl, error));
}

/// The other side has gone, which is not a refusal; it may have just looked whether anything listens here.
bool is_end_of_connection([[maybe_unused]] unsigned long error) {
#  ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
  return ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
#  else
  return false;
#  endif
}

/// Called by OpenSSL at every step of every handshake of this process that nobody else watches.
void note(const SSL* ssl, int where, int result) {
  if (SSL_is_server(ssl) == 0)
    return;
  try {
    if ((where & SSL_CB_HANDSHAKE_START) != 0) {
      note_beginning(const_cast<SSL*>(ssl));
    } else if ((where & SSL_CB_ACCEPT_EXIT) == SSL_CB_ACCEPT_EXIT && result <= 0) {
      const auto error = ERR_peek_last_error();
      if (error != 0 && !is_end_of_connection(error)) // 0: it waits for the other side
        report_failure(ssl, error);
    }
  } catch (...) {
    // OpenSSL is written in C. Only a line is lost.
  }
}

// -- the descriptor in reserve -------------------------------------------------------------

std::atomic<int> reserve{-1};

void keep_reserve() {
  if (reserve.load() >= 0)
    return;
  const int fresh = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  int none = -1;
  if (fresh >= 0 && !reserve.compare_exchange_strong(none, fresh))
    ::close(fresh);
}

void free_reserve() {
  if (const int held = reserve.exchange(-1); held >= 0)
    ::close(held);
}

// -- being called by OpenSSL ---------------------------------------------------------------

/// CAF shows nobody the contexts that it makes, one for each connection. OpenSSL does: it calls those who attach data
/// of their own to contexts when one is made. CAF then reads its files into it, and has done so when it makes an SSL of
/// it.
void watch_contexts() {
  static std::once_flag once;
  std::call_once(once, [] {
    visitor_index = CRYPTO_get_ex_new_index(
      CRYPTO_EX_INDEX_SSL, 0, nullptr, [](void*, void*, CRYPTO_EX_DATA*, int, long, void*) { keep_reserve(); }, nullptr,
      [](void*, void* data, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<visitor*>(data); });
    CRYPTO_get_ex_new_index(
      CRYPTO_EX_INDEX_SSL_CTX, 0, nullptr,
      [](void* context, void*, CRYPTO_EX_DATA*, int, long, void*) {
        SSL_CTX_set_info_callback(static_cast<SSL_CTX*>(context), note);
        free_reserve();
      },
      nullptr, nullptr);
    keep_reserve();
  });
}

} // namespace

tls_watch::tls_watch(uint16_t port, std::function<void(const std::string&)> report) {
  watch_contexts();
  auto& all = watches();
  std::lock_guard guard{all.mutex};
  number_ = ++all.last;
  all.entries.emplace(number_, watched_port{port, std::move(report)});
}

tls_watch::~tls_watch() {
  auto& all = watches();
  std::lock_guard guard{all.mutex};
  all.entries.erase(number_);
}

#endif

} // namespace tandem
