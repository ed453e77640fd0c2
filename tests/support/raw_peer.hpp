/// Peers that can lie: real sockets and the protocol of a port, but what they say is the test's.
#pragma once

#include "../../actors/nodes/network/port_codec.hpp"
#include "../../messages/greeting.hpp"
#include "../../messages/ticket_codec.hpp"
#include "frame_log.hpp"
#include "raw_socket.hpp"
#include "world.hpp"

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace tandem_test {

/// Reads a whole handshake; its greeting as text, empty if there is none.
std::string read_greeting(const raw_socket& from);

/// One side of a connection after the handshake: takes frames, answers pings, and says what the test wants.
template <class Outgoing, class Incoming>
class raw_peer {
public:
  explicit raw_peer(raw_socket socket);
  ~raw_peer();

  raw_peer(const raw_peer&) = delete;
  raw_peer& operator=(const raw_peer&) = delete;

  /// Any bytes. False if the other side has closed.
  bool send_bytes(std::string_view bytes);

  /// A frame with these bytes; without a number, it has the next one.
  bool send_content(std::string_view content, std::optional<uint64_t> number = {}, uint64_t received = 0);

  bool send(const Outgoing& ticket);

  /// This ticket, as a frame has it.
  std::string item_of(const Outgoing& ticket);

  /// Returns when the other side has closed the connection. False if it does not within a minute.
  bool await_close() const;

  std::shared_ptr<journal> answers = std::make_shared<journal>(); ///< "KIND: DETAILS" of each ticket that came
  std::shared_ptr<frame_log<Incoming>> frames = std::make_shared<frame_log<Incoming>>(); ///< that came

private:
  void read();

  node at_; ///< for payloads
  raw_socket socket_;
  std::mutex mutex_; ///< of what is written
  uint64_t sent_ = 0;
  std::atomic<uint64_t> received_{0};
  std::promise<void> closed_;
  std::shared_future<void> has_closed_;
  std::thread thread_;
};

extern template class raw_peer<tandem::front_to_back_ticket, tandem::back_to_front_ticket>;
extern template class raw_peer<tandem::back_to_front_ticket, tandem::front_to_back_ticket>;

/// A front that can lie.
class lying_front {
public:
  /// Connects to the back at this port, and begins a session.
  explicit lying_front(uint16_t port);

  /// Leaves its session, connects anew and sends a handshake with this greeting. Returns why it was refused; empty if
  /// it was not.
  std::string greet(const std::string& greeting = "{}");

  /// Connects and sends these bytes instead of a handshake; what the back answers before it closes.
  std::string answer_to(std::string_view bytes) const;

  void send(const tandem::front_to_back_ticket& ticket) {
    peer->send(ticket);
  }

  /// Of operation `number`, whose method is "hold".
  static tandem::front_to_back_ticket first_ticket(uint64_t number);

  tandem::greeting answer; ///< to the last handshake that was not refused
  std::unique_ptr<raw_peer<tandem::front_to_back_ticket, tandem::back_to_front_ticket>> peer;

private:
  uint16_t port_;
};

/// A back that can lie: answers the first connection with this handshake.
class lying_back {
public:
  explicit lying_back(std::string handshake);
  ~lying_back();

  uint16_t port() const {
    return listener_.port();
  }

  /// The peer that has connected.
  raw_peer<tandem::back_to_front_ticket, tandem::front_to_back_ticket>& peer();

  /// A handshake that begins a session.
  static std::string welcome();

private:
  raw_listener listener_;
  std::promise<std::unique_ptr<raw_peer<tandem::back_to_front_ticket, tandem::front_to_back_ticket>>> arriving_;
  std::unique_ptr<raw_peer<tandem::back_to_front_ticket, tandem::front_to_back_ticket>> peer_;
  std::thread thread_;
};

} // namespace tandem_test
