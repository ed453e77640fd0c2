/// What a publication has in the network thread: the sockets that listen, the connections that have not introduced
/// themselves, and the sessions. Internal to publish().
#pragma once

#include "../back_end.hpp"
#include "limited_log.hpp"
#include "network/addresses.hpp"
#include "network/handshake.hpp"
#include "network/network.hpp"
#include "port_status.hpp"
#include "publish_options.hpp"
#include "remote_front.hpp"
#include "tls/tls_credentials.hpp"

#include <asio/basic_socket_acceptor.hpp>

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tandem {

/// How many connections there are, of each host and of all.
struct connection_counts {
  std::unordered_map<std::string, size_t> of_host;
  size_t all = 0;
};

/// Network thread only, unless a function says otherwise.
class port_server : public std::enable_shared_from_this<port_server> {
public:
  /// `credentials`: null without TLS. `options` have been checked.
  port_server(caf::actor_system& system, network& where, port_factory make_port, publish_options options,
              std::shared_ptr<tls_credentials> credentials, std::shared_ptr<limited_log> log);

  /// Opens the sockets. Throws std::runtime_error that names address, port and cause. Before anything else, by any
  /// thread.
  void listen();

  void start();
  void close();

  /// Tells all fronts, also those that come later.
  void say(core::session_notice x);

  port_status status() const;

  /// All sessions.
  std::vector<std::shared_ptr<remote_front>> fronts() const;

  // -- any thread ----------------------------------------------------------------------------

  uint16_t port() const noexcept {
    return port_;
  }
  size_t sessions() const noexcept {
    return session_count_;
  }

private:
  using acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

  /// A connection that has not introduced itself.
  struct stranger {
    std::shared_ptr<tandem::handshake> handshake;
    std::string name; ///< its address
    std::string identity;
    time_point since;
  };
  using stranger_ptr = std::shared_ptr<stranger>;

  std::vector<any_address> addresses() const;
  void listen_at(const any_address& where);
  void accept(size_t index);
  void cannot_accept(size_t index, const asio::error_code& e);
  void introduce(byte_stream::socket socket);
  void wait_for_tls(const stranger_ptr& who);
  void secure(const stranger_ptr& who);
  void read(const stranger_ptr& who);
  void greeted(const stranger_ptr& who, const greeting& x);
  std::shared_ptr<remote_front> find(const greeting& x, const std::string& identity) const;
  bool has_room_for(const std::string& peer);
  void begin(const stranger_ptr& who, const greeting& x);
  void welcome(const stranger_ptr& who, const std::shared_ptr<remote_front>& front, bool is_new, const greeting& x);
  void turn_away(const stranger_ptr& who, const char* cause, const std::string& why);
  void refuse(const stranger_ptr& who, const char* cause, const std::string& why);
  void log_refusal(const std::string& who, const char* cause, const std::string& why);
  void session_over(const std::string& id, const std::string& details, bool in_order);

  caf::actor_system& system_;
  network& network_; ///< which lives until this is closed
  const port_factory make_port_;
  const publish_options options_;
  const std::shared_ptr<tls_credentials> credentials_;
  const std::shared_ptr<limited_log> log_;

  std::vector<acceptor> acceptors_;
  bool is_short_of_descriptors_ = false;
  bool is_closed_ = false;
  core::session_notice notice_ = core::session_notice::ready;
  std::atomic<uint16_t> port_{0};
  std::string path_; ///< of a socket that this has made

  std::list<stranger_ptr> strangers_; ///< the oldest first
  time_point next_tls_handshake_{};
  std::shared_ptr<connection_counts> counts_;
  std::unordered_map<std::string, std::shared_ptr<remote_front>> sessions_;
  std::atomic<size_t> session_count_{0};
  std::map<std::string, uint64_t> refused_; ///< by cause
};

} // namespace tandem
