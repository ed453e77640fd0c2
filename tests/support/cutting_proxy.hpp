/// A TCP proxy that breaks connections on purpose: a bad network on one machine.
#pragma once

#include "raw_socket.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace tandem_test {

/// Passes bytes from a port of its own on to another port of this machine, and back, for any number of connections.
/// Works in a thread of its own.
class cutting_proxy {
public:
  explicit cutting_proxy(uint16_t target);
  ~cutting_proxy();

  cutting_proxy(const cutting_proxy&) = delete;
  cutting_proxy& operator=(const cutting_proxy&) = delete;

  uint16_t port() const {
    return listener_.port();
  }

  /// Asked whenever a connection has begun: after how many bytes, both ways together, it is to be reset; nothing:
  /// never. Called in the proxy's thread.
  void set_plan(std::function<std::optional<uint64_t>()> plan);

  /// Resets the connections there are now, before it returns.
  void cut();

  /// While true, nothing is passed on, and neither side is told: as if a cable had been pulled out.
  void hold(bool on);

  /// While true, new connections are reset at once.
  void refuse(bool on);

  /// Shown all bytes before they are passed on, and may change them: those of one direction of the connection with this
  /// number, which counts from 0. Called in the proxy's thread.
  using filter = std::function<void(uint64_t connection, bool to_target, std::span<char> bytes)>;
  void set_filter(filter x);

  /// How many connections have been reset by plan or by cut().
  uint64_t cuts() const {
    return cuts_.load();
  }

private:
  struct connection {
    uint64_t number;
    int near;
    int far;
    std::optional<uint64_t> left; ///< bytes until it is reset
  };

  void run();
  void accept_one();
  /// False if it has ended; its sockets are closed then.
  bool serve(connection& x, short near_events, short far_events);
  bool pass(connection& x, int from, int to);
  void cut(const connection& x);
  void nudge();

  uint16_t target_;
  raw_listener listener_;
  int nudge_[2] = {-1, -1};
  std::atomic<bool> stop_{false};
  std::atomic<bool> cut_{false};
  std::atomic<bool> held_{false};
  std::atomic<bool> refusing_{false};
  std::atomic<uint64_t> cuts_{0};
  std::mutex mutex_; // guards the plan and the filter
  std::function<std::optional<uint64_t>()> plan_;
  filter filter_;
  uint64_t accepted_ = 0; // of the thread, as the connections
  std::vector<connection> connections_;
  std::thread thread_;
};

} // namespace tandem_test
