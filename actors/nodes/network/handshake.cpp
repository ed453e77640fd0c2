#include "handshake.hpp"
#include "../tls/tls_errors.hpp"

#include <string_view>
#include <utility>

namespace tandem {

handshake::handshake(std::unique_ptr<byte_stream> stream)
  : stream_(std::move(stream)), timer_(stream_->context()), in_(handshake_prefix_size, '\0') {
}

std::shared_ptr<handshake> handshake::make(std::unique_ptr<byte_stream> stream, duration timeout) {
  auto result = std::make_shared<handshake>(std::move(stream));
  result->timeout_ = timeout;
  result->set_timer();
  return result;
}

void handshake::set_timer() {
  timer_.expires_after(timeout_);
  timer_.async_wait([weak = weak_from_this()](const asio::error_code& e) {
    if (const auto self = weak.lock(); self && !e)
      self->cancel("no handshake came within " + std::to_string(self->timeout_ / std::chrono::milliseconds(1)) + " ms");
  });
}

std::unique_ptr<byte_stream> handshake::end() {
  timer_.cancel();
  return std::move(stream_);
}

void handshake::cancel(const std::string& why) {
  if (!stream_ || !cancelled_.empty())
    return;
  cancelled_ = why;
  timer_.cancel();
  stream_->close();
}

std::string handshake::why(const asio::error_code& e) const {
  if (!cancelled_.empty())
    return cancelled_;
  if (e == asio::error::eof || e == asio::error::connection_reset || e == asio::error::broken_pipe)
    return why_silent();
  return e.message();
}

/// Why a connection was closed, by what came before.
std::string handshake::why_silent() const {
  std::string error;
  if (came_ > 0)
    read_handshake_prefix({in_.data(), came_}, error);
  return error.empty() ? "it closed the connection during the handshake" : error;
}

void handshake::wait_for_word(step done) {
  stream_->lowest_layer().async_wait(asio::socket_base::wait_read,
                                     [self = shared_from_this(), done = std::move(done)](const asio::error_code& e) {
                                       done(e ? self->why(e) : std::string{});
                                     });
}

std::string handshake::first_word() {
  std::string result(4, '\0');
  asio::error_code ignored;
  result.resize(stream_->lowest_layer().receive(asio::buffer(result), asio::socket_base::message_peek, ignored));
  return result;
}

void handshake::secure(asio::ssl::stream_base::handshake_type type, step done) {
  stream_->async_handshake(type, [self = shared_from_this(), done = std::move(done)](const asio::error_code& e) {
    if (!e) {
      self->set_timer(); // the greetings take as many ways as this did
      return done({});
    }
    done(self->cancelled_.empty() ? why_handshake_failed(self->stream_->tls(), e) : self->cancelled_);
  });
}

// -- greetings -----------------------------------------------------------------------------------

void handshake::write(const greeting& x, step done) {
  out_ = to_handshake(to_text(x));
  write_rest(0, std::move(done));
}

void handshake::write_rest(size_t from, step done) {
  stream_->async_write_some(
    asio::const_buffer{out_.data() + from, out_.size() - from},
    [self = shared_from_this(), from, done = std::move(done)](const asio::error_code& e, size_t size) {
      if (e)
        return done(self->why(e));
      if (from + size < self->out_.size())
        return self->write_rest(from + size, done);
      done({});
    });
}

void handshake::read(greeted done) {
  stream_->async_read_some(asio::buffer(in_.data() + came_, in_.size() - came_),
                           [self = shared_from_this(), done = std::move(done)](const asio::error_code& e, size_t size) {
                             self->came_ += size;
                             if (e)
                               return done(std::nullopt, self->stream_->tls() != nullptr && self->cancelled_.empty()
                                                           ? why_closed(self->stream_->tls(), e, self->why(e))
                                                           : self->why(e));
                             self->read_rest(done);
                           });
}

void handshake::read_rest(greeted done) {
  std::string error;
  const auto prefix = read_handshake_prefix({in_.data(), came_}, error);
  if (!error.empty())
    return done(std::nullopt, error);
  if (!prefix)
    return read(std::move(done));
  if (!common_version(*prefix))
    return done(std::nullopt, "it speaks versions " + std::to_string(prefix->oldest) + " to "
                                + std::to_string(prefix->newest) + " of the protocol, this side "
                                + std::to_string(oldest_port_version) + " to " + std::to_string(newest_port_version));
  in_.resize(handshake_prefix_size + prefix->greeting_size);
  if (came_ < in_.size())
    return read(std::move(done));
  auto result = parse_greeting(in_.substr(handshake_prefix_size), error);
  done(std::move(result), error);
}

} // namespace tandem
