/// A connected socket, of TCP or of the file system, with TLS or without. Internal to nodes/. Network thread only.
#pragma once

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tandem {

class byte_stream {
public:
  using socket = asio::generic::stream_protocol::socket;

  /// Sets the socket so that it never blocks and holds back nothing.
  explicit byte_stream(socket x);

  byte_stream(const byte_stream&) = delete;
  byte_stream& operator=(const byte_stream&) = delete;

  asio::io_context& context();

  socket& lowest_layer() {
    return socket_;
  }

  /// From now on what is read and written is inside TLS, of which the handshake is to come.
  void begin_tls(std::shared_ptr<asio::ssl::context> context);

  /// Null without TLS.
  SSL* tls() {
    return tls_ ? tls_->native_handle() : nullptr;
  }

  template <class Handler>
  void async_handshake(asio::ssl::stream_base::handshake_type type, Handler handler) {
    tls_->async_handshake(type, std::move(handler));
  }

  template <class Handler>
  void async_read_some(asio::mutable_buffer to, Handler handler) {
    if (tls_)
      tls_->async_read_some(to, std::move(handler));
    else
      socket_.async_read_some(to, std::move(handler));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler handler) {
    if (tls_)
      tls_->async_write_some(from, std::move(handler));
    else
      socket_.async_write_some(from, std::move(handler));
  }

  /// "192.0.2.7:40312", "[2001:db8::1]:40312", "unix:/run/back.sock", "a process of this machine".
  std::string peer() const {
    return peer_;
  }

  /// Who the other side has proved to be: the names in its certificate, such as "CN=alpha DNS:alpha.example", or
  /// "user 1000" at a unix socket; empty if nothing was proved.
  std::string identity();

  /// Keeps this as long as it lives.
  void keep(std::shared_ptr<void> x) {
    kept_ = std::move(x);
  }

  /// What is under way ends with an error. TLS is not told: the session has its own words for that.
  void close();

private:
  socket socket_;
  std::string peer_;
  std::shared_ptr<void> kept_;
  std::shared_ptr<asio::ssl::context> tls_context_;
  std::optional<asio::ssl::stream<socket&>> tls_;
};

} // namespace tandem
