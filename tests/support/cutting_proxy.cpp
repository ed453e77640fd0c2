#include "cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace tandem_test {

namespace {

/// Closes with a reset instead of an orderly end.
void reset(int socket) {
  const linger now{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(socket);
}

void hurry(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

cutting_proxy::cutting_proxy(uint16_t target) : target_(target) {
  if (::pipe(nudge_) != 0)
    throw std::runtime_error{"cutting_proxy: there is no pipe"};
  thread_ = std::thread{[this] { run(); }};
}

cutting_proxy::~cutting_proxy() {
  stop_ = true;
  nudge();
  thread_.join();
  ::close(nudge_[0]);
  ::close(nudge_[1]);
}

void cutting_proxy::set_plan(std::function<std::optional<uint64_t>()> plan) {
  std::lock_guard guard{mutex_};
  plan_ = std::move(plan);
}

void cutting_proxy::set_filter(filter x) {
  std::lock_guard guard{mutex_};
  filter_ = std::move(x);
}

void cutting_proxy::cut() {
  cut_ = true;
  nudge();
  cut_.wait(true);
}

void cutting_proxy::hold(bool on) {
  held_ = on;
  nudge();
}

void cutting_proxy::refuse(bool on) {
  refusing_ = on;
  nudge();
}

void cutting_proxy::nudge() {
  [[maybe_unused]] const auto written = ::write(nudge_[1], "", 1);
}

void cutting_proxy::run() {
  while (!stop_) {
    const short reading = held_ ? 0 : POLLIN;
    std::vector<pollfd> wanted{pollfd{nudge_[0], POLLIN, 0}, pollfd{listener_.descriptor(), POLLIN, 0}};
    for (const auto& x : connections_) {
      wanted.push_back({x.near, reading, 0});
      wanted.push_back({x.far, reading, 0});
    }
    if (::poll(wanted.data(), wanted.size(), -1) < 0)
      continue;
    if (char ignored = 0; (wanted[0].revents & POLLIN) != 0 && ::read(nudge_[0], &ignored, 1) > 0 && cut_) {
      for (const auto& x : connections_)
        cut(x);
      connections_.clear();
      cut_ = false;
      cut_.notify_all();
      continue;
    }
    std::vector<connection> left;
    for (size_t i = 0; i < connections_.size(); ++i)
      if (serve(connections_[i], wanted[2 + 2 * i].revents, wanted[3 + 2 * i].revents))
        left.push_back(connections_[i]);
    connections_ = std::move(left);
    if ((wanted[1].revents & POLLIN) != 0)
      accept_one();
  }
  for (const auto& x : connections_) {
    ::close(x.near);
    ::close(x.far);
  }
}

void cutting_proxy::accept_one() {
  connection x{accepted_++, ::accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC),
               ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), std::nullopt};
  const auto address = loopback_at(target_);
  if (refusing_ || ::connect(x.far, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    reset(x.near);
    ::close(x.far);
    return;
  }
  hurry(x.near);
  hurry(x.far);
  {
    std::lock_guard guard{mutex_};
    if (plan_)
      x.left = plan_();
  }
  if (x.left == 0)
    cut(x);
  else
    connections_.push_back(x);
}

void cutting_proxy::cut(const connection& x) {
  reset(x.near);
  reset(x.far);
  ++cuts_;
}

bool cutting_proxy::serve(connection& x, short near_events, short far_events) {
  constexpr short something = POLLIN | POLLHUP | POLLERR;
  if ((near_events & something) != 0 && !pass(x, x.near, x.far))
    return false;
  return (far_events & something) == 0 || pass(x, x.far, x.near);
}

bool cutting_proxy::pass(connection& x, int from, int to) {
  std::array<char, 16384> buffer{};
  const auto most = std::min<uint64_t>(buffer.size(), x.left.value_or(buffer.size()));
  const auto size = ::recv(from, buffer.data(), most, 0);
  if (size > 0) {
    std::lock_guard guard{mutex_};
    if (filter_)
      filter_(x.number, to == x.far, {buffer.data(), static_cast<size_t>(size)});
  }
  if (size <= 0 || !send_all(to, {buffer.data(), static_cast<size_t>(size)})) {
    ::close(x.near);
    ::close(x.far);
    return false;
  }
  if (x.left && (*x.left -= static_cast<uint64_t>(size)) == 0) {
    cut(x);
    return false;
  }
  return true;
}

} // namespace tandem_test
