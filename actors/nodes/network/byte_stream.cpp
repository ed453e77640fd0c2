#include "byte_stream.hpp"
#include "../endpoint.hpp"
#include "../tls/certificate_names.hpp"
#include "addresses.hpp"

#include <asio/local/stream_protocol.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace tandem {

namespace {

/// So many bytes may wait in the kernel that are not on their way yet: what goes before others cannot overtake them.
constexpr int unsent_limit = 32 << 10;

/// What may wait in the kernel of the side that receives, for the same reason; and so much more for each microsecond of
/// the round trip as a path carries in that time that is faster than any.
constexpr int shortest_window = 512 << 10;
constexpr int window_per_microsecond = 1 << 10;

/// Of a connection that was made just now: later, its round trip tells of what waits, too.
void limit_window([[maybe_unused]] int descriptor) {
#ifdef TCP_WINDOW_CLAMP
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return;
  const auto round_trip = static_cast<int>(std::min<uint32_t>(info.tcpi_rtt, 1'000'000)); // microseconds
  const int window = shortest_window + round_trip * window_per_microsecond;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof window);
#endif
}

bool is_local(const byte_stream::socket& x) {
  asio::error_code e;
  return x.local_endpoint(e).protocol().family() == AF_UNIX;
}

std::string name_of_peer(const byte_stream::socket& x) {
  asio::error_code e;
  const auto end = x.remote_endpoint(e);
  if (e)
    return "a peer that is gone";
  if (end.protocol().family() == AF_UNIX) {
    asio::local::stream_protocol::endpoint local;
    std::memcpy(local.data(), end.data(), std::min(end.size(), local.capacity()));
    local.resize(end.size());
    return local.path().empty() ? "a process of this machine" : "unix:" + local.path();
  }
  const auto tcp = tcp_endpoint(end);
  return to_string(endpoint{tcp.address().to_string(), tcp.port()});
}

/// The user whose process is at the other end of a unix socket.
std::string local_user(int descriptor) {
#if defined(__linux__)
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
    return {};
  return "user " + std::to_string(who.uid);
#else
  uid_t user = 0;
  gid_t group = 0;
  if (::getpeereid(descriptor, &user, &group) != 0)
    return {};
  return "user " + std::to_string(user);
#endif
}

} // namespace

byte_stream::byte_stream(socket x) : socket_(std::move(x)), peer_(name_of_peer(socket_)) {
  asio::error_code ignored;
  socket_.non_blocking(true, ignored);
  if (is_local(socket_))
    return;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  limit_window(socket_.native_handle());
#ifdef TCP_NOTSENT_LOWAT
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_limit, sizeof unsent_limit);
#endif
}

asio::io_context& byte_stream::context() {
  return static_cast<asio::io_context&>(socket_.get_executor().context());
}

void byte_stream::begin_tls(std::shared_ptr<asio::ssl::context> context) {
  tls_context_ = std::move(context);
  tls_.emplace(socket_, *tls_context_);
}

std::string byte_stream::identity() {
  if (tls_)
    return names_of_peer(tls_->native_handle());
  return is_local(socket_) ? local_user(socket_.native_handle()) : std::string{};
}

void byte_stream::close() {
  asio::error_code ignored;
  socket_.close(ignored);
}

} // namespace tandem
