#include "tls_probe.hpp"

#if TANDEM_WITH_TLS
#  include "../sockets/socket_address.hpp"
#  include "tls_context.hpp"

#  include <openssl/err.h>

#  include <poll.h>
#  include <unistd.h>

#  include <algorithm>
#  include <array>
#  include <cerrno>
#  include <chrono>
#endif

namespace tandem {

#if !TANDEM_WITH_TLS

std::string why_tls_fails(const std::string&, uint16_t, const std::optional<tls_options>&, duration) {
  return {};
}

#else

namespace {

using time_point = std::chrono::steady_clock::time_point;

/// A connection that never blocks for longer than until a point in time.
class timed_socket {
public:
  timed_socket(const std::string& host, uint16_t port, time_point until) : until_(until) {
    const auto found = resolve(host, port);
    for (const auto* x = found.get(); x != nullptr && descriptor_ < 0; x = x->ai_next)
      try_connect(*x);
  }

  ~timed_socket() {
    close();
  }

  timed_socket(const timed_socket&) = delete;
  timed_socket& operator=(const timed_socket&) = delete;

  bool is_connected() const {
    return descriptor_ >= 0;
  }

  /// The bytes of a handshake fit into the socket's buffer.
  void send(const char* data, size_t size) const {
    [[maybe_unused]] const auto sent = ::send(descriptor_, data, size, MSG_NOSIGNAL);
  }

  enum class news { some, closed, none };

  news receive(std::array<char, 16384>& buffer, size_t& size) const {
    if (!await(POLLIN))
      return news::none;
    const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    size = got > 0 ? static_cast<size_t>(got) : 0;
    return got > 0 ? news::some : news::closed;
  }

private:
  void try_connect(const addrinfo& x) {
    descriptor_ = ::socket(x.ai_family, x.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, x.ai_protocol);
    if (descriptor_ < 0 || ::connect(descriptor_, x.ai_addr, x.ai_addrlen) == 0)
      return;
    int error = errno;
    if (error == EINPROGRESS && await(POLLOUT)) {
      socklen_t size = sizeof error;
      ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0)
      close();
  }

  bool await(short event) const {
    pollfd wanted{descriptor_, event, 0};
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now()).count();
      if (left <= 0)
        return false;
      if (::poll(&wanted, 1, static_cast<int>(std::min<int64_t>(left, 60'000))) > 0)
        return true;
    }
  }

  void close() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
    descriptor_ = -1;
  }

  time_point until_;
  int descriptor_ = -1;
};

/// TLS over such a socket. OpenSSL works on memory: over a socket it would wait for ever, and raise SIGPIPE.
class conversation {
public:
  conversation(SSL_CTX* context, const timed_socket& socket) : socket_(socket), ssl_(SSL_new(context)) {
    from_socket_ = BIO_new(BIO_s_mem());
    to_socket_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), from_socket_, to_socket_);
    // When a handshake begins.
    SSL_set_msg_callback(ssl_.get(), [](int sent, int, int type, const void*, size_t, SSL*, void* self) {
      if (sent == 0 && (type == SSL3_RT_HANDSHAKE || type == SSL3_RT_ALERT))
        static_cast<conversation*>(self)->other_spoke_ = true;
    });
    SSL_set_msg_callback_arg(ssl_.get(), this);
  }

  enum class end { good, failed, closed, silence };

  /// The handshake, and the first bytes after it: with TLS 1.3 the other side says no only there.
  end run() {
    const auto result = repeat([](SSL* ssl) { return SSL_connect(ssl); });
    if (result != end::good)
      return result;
    return repeat([](SSL* ssl) {
      char byte = 0;
      return SSL_read(ssl, &byte, 1);
    });
  }

  /// The other side has sent something that belongs to TLS.
  bool other_spoke() const {
    return other_spoke_;
  }

  const SSL* ssl() const {
    return ssl_.get();
  }

private:
  template <class Step>
  end repeat(Step step) {
    for (;;) {
      ERR_clear_error();
      const int result = step(ssl_.get());
      flush();
      if (result > 0)
        return end::good;
      const int error = SSL_get_error(ssl_.get(), result);
      if (error == SSL_ERROR_ZERO_RETURN)
        return end::closed;
      if (error != SSL_ERROR_WANT_READ)
        return end::failed;
      size_t size = 0;
      const auto news = socket_.receive(buffer_, size);
      if (news != timed_socket::news::some)
        return news == timed_socket::news::closed ? end::closed : end::silence;
      BIO_write(from_socket_, buffer_.data(), static_cast<int>(size));
    }
  }

  void flush() {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(to_socket_, &data);
    if (size > 0)
      socket_.send(data, static_cast<size_t>(size));
    BIO_reset(to_socket_);
  }

  const timed_socket& socket_;
  ssl_ptr ssl_;
  BIO* from_socket_; // both are owned by ssl_
  BIO* to_socket_;
  bool other_spoke_ = false;
  std::array<char, 16384> buffer_{};
};

} // namespace

std::string why_tls_fails(const std::string& host, uint16_t port, const std::optional<tls_options>& own,
                          duration patience) {
  ssl_context_ptr context;
  try {
    context = own ? make_context(*own) : ssl_context_ptr{SSL_CTX_new(TLS_client_method())};
  } catch (const tls_error& e) {
    return e.what(); // a file that has gone meanwhile, say
  }
  const timed_socket socket{host, port, std::chrono::steady_clock::now() + patience};
  if (!context || !socket.is_connected())
    return {};
  conversation talk{context.get(), socket};
  const auto end = talk.run();
  const auto error = ERR_peek_last_error();
  ERR_clear_error();
  if (!own)
    return talk.other_spoke() ? "the other side speaks TLS, which this side was not told to use" : "";
  if (end == conversation::end::good || end == conversation::end::silence)
    return {};
  if (!talk.other_spoke())
    return "the other side does not speak TLS";
  if (end == conversation::end::closed)
    return "the other side closed the connection during the TLS handshake";
  return "TLS: " + why_handshake_failed(talk.ssl(), error);
}

#endif

} // namespace tandem
