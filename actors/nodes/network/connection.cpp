#include "connection.hpp"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>
#include <variant>

namespace tandem {

namespace {

/// An idle connection costs this; one that has much to read gets more.
constexpr size_t first_room = size_t{4} << 10;
constexpr size_t most_room = size_t{256} << 10;

} // namespace

connection::connection(std::unique_ptr<byte_stream> stream)
  : stream_(std::move(stream)), buffer_(first_room, '\0'), batch_(stream_->tls() != nullptr) {
}

void connection::start(std::weak_ptr<connection_user> user) {
  user_ = std::move(user);
  read();
}

// -- reading -------------------------------------------------------------------------------------

void connection::read() {
  stream_->async_read_some(asio::buffer(buffer_) + kept_,
                           [self = shared_from_this()](const asio::error_code& e, size_t size) {
                             if (!self->is_open_)
                               return;
                             if (e)
                               return self->break_off(e == asio::error::eof ? "the other side closed it" : e.message());
                             self->came(size);
                           });
}

void connection::came(size_t size) {
  if (closes_) // nobody listens any more, but bytes that nobody reads would reset the connection
    return read();
  const auto user = user_.lock();
  if (user == nullptr)
    return close();
  user->heard();
  std::string_view in{buffer_.data(), kept_ + size};
  const bool is_filled = in.size() == buffer_.size();
  const bool good = parse(*user, in);
  if (is_open_ && good)
    user->took_all();
  if (!is_open_ || !good)
    return;
  // What follows is read behind it.
  std::memmove(buffer_.data(), in.data(), in.size());
  kept_ = in.size();
  if (is_filled && buffer_.size() < most_room)
    buffer_.resize(4 * buffer_.size());
  read();
}

bool connection::parse(connection_user& user, std::string_view& in) {
  std::string error;
  while (is_open_) {
    auto message = take_message(in, error);
    if (!message)
      break;
    user.take(*message);
  }
  if (!is_open_)
    return false;
  if (error.empty())
    return true;
  break_off(error, true);
  return false;
}

// -- writing -------------------------------------------------------------------------------------

void connection::wake() {
  if (is_open_ && !is_writing_ && !cannot_write_)
    write();
}

void connection::write() {
  while (is_open_) {
    if (batch_.empty())
      if (const auto user = user_.lock(); user != nullptr && !closes_)
        user->fill(batch_);
    if (batch_.empty()) {
      if (closes_) {
        asio::error_code ignored;
        stream_->lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
      }
      return;
    }
    if (stream_->tls() != nullptr) {
      is_writing_ = true;
      stream_->async_write_some(batch_.buffers(), [self = shared_from_this()](const asio::error_code& e, size_t size) {
        self->is_writing_ = false;
        if (!self->is_open_)
          return;
        if (e)
          return self->stop_writing();
        self->batch_.written(size);
        self->write();
      });
      return;
    }
    asio::error_code e;
    const auto size = stream_->lowest_layer().write_some(batch_.buffers(), e);
    if (e == asio::error::would_block || e == asio::error::try_again)
      return wait_for_room();
    if (e)
      return stop_writing();
    batch_.written(size);
  }
}

void connection::wait_for_room() {
  is_writing_ = true;
  stream_->lowest_layer().async_wait(asio::socket_base::wait_write,
                                     [self = shared_from_this()](const asio::error_code& e) {
                                       self->is_writing_ = false;
                                       if (!self->is_open_)
                                         return;
                                       if (e)
                                         return self->stop_writing();
                                       self->write();
                                     });
}

/// The other side takes nothing more, but what it has sent is still there to be read; after that, reading fails too.
void connection::stop_writing() {
  cannot_write_ = true;
  batch_.clear();
}

// -- the end -------------------------------------------------------------------------------------

void connection::close(bool after_writing) {
  if (!is_open_)
    return;
  if (closes_)
    return;
  if (after_writing) {
    closes_ = true;
    auto timer = std::make_shared<asio::steady_timer>(stream_->context(), std::chrono::seconds(1));
    timer->async_wait([self = shared_from_this(), timer](const asio::error_code&) {
      self->closes_ = false;
      self->close();
    });
    return wake();
  }
  is_open_ = false;
  stream_->close();
}

void connection::break_off(const std::string& why, bool by_nonsense) {
  is_open_ = false;
  stream_->close();
  if (const auto user = user_.lock(); user != nullptr && !closes_)
    user->broken(why, by_nonsense);
}

} // namespace tandem
