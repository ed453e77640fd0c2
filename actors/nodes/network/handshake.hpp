/// The beginning of a connection between two nodes: TLS if it is wanted, then the greetings of both sides (S-PORT-2),
/// all within a time. Internal to nodes/. Network thread only.
#pragma once

#include "../../../messages/greeting.hpp"
#include "../../../messages/time.hpp"
#include "byte_stream.hpp"
#include "port_codec.hpp"

#include <asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

/// Each step calls its function once: with an empty error, or with one for people, after which there is no other step.
class handshake : public std::enable_shared_from_this<handshake> {
public:
  /// Without end() within `timeout` the stream is closed, and the step that is under way fails.
  static std::shared_ptr<handshake> make(std::unique_ptr<byte_stream> stream, duration timeout);

  /// For make() only.
  explicit handshake(std::unique_ptr<byte_stream> stream);

  using step = std::function<void(const std::string& error)>;
  using greeted = std::function<void(std::optional<greeting>, const std::string& error)>;

  /// Waits until the other side has said something.
  void wait_for_word(step done);

  /// The first bytes of that, up to four, which are still to be read.
  std::string first_word();

  /// The handshake of TLS; `type` says which side this is.
  void secure(asio::ssl::stream_base::handshake_type type, step done);

  void write(const greeting& x, step done);
  void read(greeted done);

  byte_stream& stream() {
    return *stream_;
  }

  /// It is over: the stream is the caller's.
  std::unique_ptr<byte_stream> end();

  /// It is over: closes the stream. The step that is under way fails for this reason.
  void cancel(const std::string& why);

private:
  void set_timer();
  void write_rest(size_t from, step done);
  void read_rest(greeted done);
  std::string why(const asio::error_code& e) const;
  std::string why_silent() const;

  std::unique_ptr<byte_stream> stream_;
  asio::steady_timer timer_;
  duration timeout_{};
  std::string cancelled_; ///< why
  std::string out_;
  std::string in_;
  size_t came_ = 0; ///< so much of in_
};

} // namespace tandem
