#include "dialer.hpp"

#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace tandem {

namespace {

constexpr auto head_start = std::chrono::milliseconds(250);

/// What an error of the operating system means here.
std::string why_not_connected(const asio::error_code& e) {
  if (e == asio::error::connection_refused)
    return "nothing listens there (connection refused)";
  if (e == asio::error_code{ENOENT, asio::error::get_system_category()})
    return "nothing listens there (no such file)";
  return e.message();
}

/// The two families in turn, the one that the operating system prefers first.
template <class Addresses>
Addresses in_turns(const Addresses& all) {
  Addresses first;
  Addresses second;
  for (const auto& x : all)
    (x.protocol().family() == all.front().protocol().family() ? first : second).push_back(x);
  Addresses result;
  for (size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size())
      result.push_back(first[i]);
    if (i < second.size())
      result.push_back(second[i]);
  }
  return result;
}

} // namespace

dialer::dialer(network& where, endpoint to) : network_(where), to_(std::move(to)), pause_(network_.context()) {
}

void dialer::start(done f) {
  done_ = std::move(f);
  if (to_.is_local())
    return looked_up({asio::local::stream_protocol::endpoint{to_.path()}}, {});
  asio::error_code e;
  const auto ip = asio::ip::make_address(to_.host, e);
  if (!e)
    return looked_up({asio::ip::tcp::endpoint{ip, to_.port}}, {});
  look_up();
}

/// In a thread of its own, which nobody waits for: it may take as long as the resolver likes.
void dialer::look_up() {
  std::thread{[weak = weak_from_this(), network = network_.weak_from_this(), to = to_] {
    asio::error_code e;
    auto found = tandem::look_up(to.host, to.port, {}, e);
    const auto here = network.lock();
    if (here == nullptr)
      return;
    asio::post(here->context(), [weak, found = std::move(found), e] {
      if (const auto self = weak.lock())
        self->looked_up(found, e ? "its name cannot be looked up: " + e.message() : std::string{});
    });
  }}.detach();
}

void dialer::looked_up(std::vector<any_address> addresses, const std::string& error) {
  if (!done_)
    return;
  if (addresses.empty())
    return finish(std::nullopt, error.empty() ? "its name has no address" : error);
  addresses_ = in_turns(addresses);
  try_next();
}

void dialer::try_next() {
  if (next_ == addresses_.size())
    return;
  const auto& to = addresses_[next_++];
  auto x = std::make_shared<attempt>(attempt{byte_stream::socket{network_.context()}, {}});
  attempts_.push_back(x);
  ++open_;
  x->socket.async_connect(to, [self = shared_from_this(), x](const asio::error_code& e) {
    --self->open_;
    if (!self->done_)
      return;
    if (e)
      return self->failed(why_not_connected(e));
    asio::error_code ignored;
    if (x->socket.local_endpoint(ignored) == x->socket.remote_endpoint(ignored)) // a port of loopback may meet itself
      return self->failed("nothing listens there (it was the socket itself)");
    self->finish(std::move(x->socket), {});
  });
  if (next_ == addresses_.size())
    return;
  pause_.expires_after(head_start);
  pause_.async_wait([weak = weak_from_this()](const asio::error_code& e) {
    const auto self = weak.lock();
    if (!e && self != nullptr && self->done_)
      self->try_next();
  });
}

void dialer::failed(const std::string& why) {
  if (why_.find(why) == std::string::npos)
    why_ += (why_.empty() ? "" : "; ") + why;
  if (next_ < addresses_.size()) {
    pause_.cancel();
    return try_next();
  }
  if (open_ == 0)
    finish(std::nullopt, why_);
}

void dialer::finish(std::optional<byte_stream::socket> socket, const std::string& why) {
  const auto f = std::exchange(done_, nullptr);
  pause_.cancel();
  asio::error_code ignored;
  for (auto& x : attempts_)
    if (x->socket.is_open())
      x->socket.close(ignored);
  attempts_.clear();
  f(std::move(socket), why);
}

void dialer::cancel() {
  done_ = nullptr;
  pause_.cancel();
  asio::error_code ignored;
  for (auto& x : attempts_)
    x->socket.close(ignored);
}

} // namespace tandem
