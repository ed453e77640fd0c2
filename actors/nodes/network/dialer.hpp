/// Connects a socket to an endpoint: a name is looked up, and of its addresses one after the other is tried, the next
/// one when an attempt has failed or a quarter of a second has passed (S-PORT-6, RFC 8305). Internal to nodes/. Network
/// thread only.
#pragma once

#include "../endpoint.hpp"
#include "addresses.hpp"
#include "byte_stream.hpp"
#include "network.hpp"

#include <asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

class dialer : public std::enable_shared_from_this<dialer> {
public:
  /// Called once, unless it was cancelled: with a socket, or with the reason why there is none, for people.
  using done = std::function<void(std::optional<byte_stream::socket>, const std::string& why)>;

  dialer(network& where, endpoint to);

  void start(done f);

  /// Does nothing more, at once: what the operating system still does is of no consequence.
  void cancel();

private:
  struct attempt {
    byte_stream::socket socket;
    std::string name;
  };

  void look_up();
  void looked_up(std::vector<any_address> addresses, const std::string& error);
  void try_next();
  void failed(const std::string& why);
  void finish(std::optional<byte_stream::socket> socket, const std::string& why);

  network& network_;
  endpoint to_;
  done done_; ///< empty once it was called
  std::vector<any_address> addresses_;
  size_t next_ = 0;
  size_t open_ = 0; ///< attempts
  std::vector<std::shared_ptr<attempt>> attempts_;
  asio::steady_timer pause_;
  std::string why_; ///< the attempts have failed so far
};

} // namespace tandem
