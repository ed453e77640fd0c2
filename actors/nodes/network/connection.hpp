/// A connection to another node after the handshake: cuts what comes into messages, and writes what its user gives.
/// Internal to nodes/. Network thread only.
#pragma once

#include "../../core/session_events.hpp"
#include "byte_stream.hpp"
#include "write_batch.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tandem {

/// Who uses a connection: a session's carrier.
class connection_user {
public:
  virtual ~connection_user() = default;

  /// Something has come, perhaps only a part of a message.
  virtual void heard() = 0;
  /// A message has come, of the connection that was attached.
  virtual void take(core::session_message<std::string_view>& x) = 0;
  /// All that came at once was taken.
  virtual void took_all() = 0;
  /// There is room to write: to fill `x`, with nothing if there is nothing.
  virtual void fill(write_batch& x) = 0;
  /// The connection is gone; called once, not after close(). `by_nonsense`: what came is no message.
  virtual void broken(const std::string& why, bool by_nonsense) = 0;
};

class connection : public std::enable_shared_from_this<connection> {
public:
  explicit connection(std::unique_ptr<byte_stream> stream);

  /// Begins to read.
  void start(std::weak_ptr<connection_user> user);

  /// The user has something to write.
  void wake();

  /// Not a word more. What was given is still written if `after_writing`, for a second at most.
  void close(bool after_writing = false);

  byte_stream& stream() {
    return *stream_;
  }

private:
  void read();
  void came(size_t size);
  bool parse(connection_user& user, std::string_view& in);
  void write();
  void wait_for_room();
  void stop_writing();
  void break_off(const std::string& why, bool by_nonsense = false);

  std::unique_ptr<byte_stream> stream_;
  std::weak_ptr<connection_user> user_;
  std::string buffer_; ///< for what is read; its size is its room
  size_t kept_ = 0;    ///< so much of it is the beginning of a message
  write_batch batch_;  ///< being written
  bool is_writing_ = false;
  bool is_open_ = true;
  bool closes_ = false; ///< after writing
  bool cannot_write_ = false;
};

} // namespace tandem
