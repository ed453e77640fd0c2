/// Makes the connections of a link to another node, again and again until the link is dropped: an attempt is to dial,
/// to greet, and to begin a session or go on with the one there was. Internal to connect().
///
/// All of it runs in the network thread.
#pragma once

#include "connect_options.hpp"
#include "front_link.hpp"
#include "limited_log.hpp"
#include "network/dialer.hpp"
#include "network/handshake.hpp"
#include "tls/tls_credentials.hpp"

#include <asio/steady_timer.hpp>

#include <future>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace tandem {

/// What became of the first attempt.
struct connect_report {
  std::string why; ///< it failed; empty: it did not
  bool is_tls = false;
};

class connector : public std::enable_shared_from_this<connector> {
public:
  /// `credentials`: null without TLS. `report` gets the result of the first attempt, or of later ones if nobody has
  /// answered at all; after a failure this does nothing more. Null: a first failure is treated as later ones are.
  connector(caf::actor_system& system, std::shared_ptr<network> network, endpoint to, connect_options options,
            std::shared_ptr<tls_credentials> credentials, std::shared_ptr<std::promise<connect_report>> report);

  void start(std::weak_ptr<front_link> link);

  /// Whoever waits for the report waits no longer.
  void give_up(duration after);

  /// The link is dropped.
  void close();

private:
  using session_type = front_link::session_type;

  enum class failure { unanswered, refused, tls };

  void attempt();
  void dialed(std::optional<byte_stream::socket> socket, const std::string& why);
  void secured(const std::string& why);
  void greet();
  void welcomed(std::optional<greeting> x, const std::string& why);
  void begin(const greeting& x);
  void failed(failure how, const std::string& why);
  void connection_broke(const std::string& why);
  void session_over(const std::string& details, bool in_order);
  void try_again_after(duration pause);
  duration next_pause();

  caf::actor_system& system_;
  const std::shared_ptr<network> network_;
  const endpoint to_;
  const connect_options options_;
  const std::shared_ptr<tls_credentials> credentials_;
  std::shared_ptr<std::promise<connect_report>> report_;
  std::weak_ptr<front_link> link_;
  limited_log log_;

  bool is_closed_ = false;
  bool is_attempting_ = false;
  bool was_connected_ = false; ///< in this attempt
  uint64_t attempts_ = 0;
  std::string last_why_; ///< the last attempt failed
  std::string told_why_; ///< the log has this already
  time_point begun_;     ///< the attempt
  time_point settled_;   ///< the last one that succeeded
  std::shared_ptr<dialer> dialer_;
  std::shared_ptr<handshake> handshake_;
  asio::steady_timer limit_; ///< of dialing
  asio::steady_timer pause_timer_;
  duration pause_;
  std::minstd_rand jitter_;

  std::shared_ptr<session_type> session_;
  std::string session_id_;
  std::string secret_;
};

} // namespace tandem
