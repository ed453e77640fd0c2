/// The frames that the other side of a session may not have yet (S-SESSION-1, S-SESSION-3): numbered from 1, kept until
/// they are acknowledged, and sent again over the next connection.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace tandem::core {

/// `Frame` is what the connection writes; this never looks into it. Frames are copied out, so make copies cheap.
template <class Frame>
class outbound {
public:
  /// `limit`: how many bytes may wait before it is full.
  explicit outbound(size_t limit) : limit_(limit) {
  }

  /// Takes a frame of so many bytes. It is taken also when this is full: control is never held back.
  void give(Frame x, size_t bytes) {
    frames_.push_back({std::move(x), bytes});
    bytes_ += bytes;
    is_full_ = is_full_ || bytes_ >= limit_;
  }

  /// Payloads have to wait: more bytes than the limit are kept, and half of it was not free since.
  bool is_full() const noexcept {
    return is_full_;
  }

  /// Whether there is a frame that was not written over this connection.
  bool has_next() const noexcept {
    return written_ < last();
  }

  /// The number of the frame that take_next() returns.
  uint64_t next_number() const noexcept {
    return written_ + 1;
  }

  /// The next frame to write, which counts as written. Ask has_next() first.
  Frame take_next() {
    auto result = frames_[written_++ - acknowledged_].content;
    most_written_ = std::max(most_written_, written_);
    return result;
  }

  /// The other side has all frames up to `number`: also some that are to be written again, if they had come after it
  /// had said over the new connection how many it has. False if some of them were never written, or if it had more.
  bool acknowledged(uint64_t number) {
    if (number < acknowledged_ || number > most_written_)
      return false;
    written_ = std::max(written_, number);
    drop(number);
    return true;
  }

  /// Goes on over a new connection: the other side has the frames up to `number`, and later ones are to be written
  /// again. False if it claims frames that were never written, or lacks some that it had acknowledged.
  bool resume(uint64_t number) {
    if (number < acknowledged_ || number > most_written_)
      return false;
    resent_ += most_written_ - number;
    written_ = number;
    drop(number);
    return true;
  }

  /// How many frames and bytes were not acknowledged.
  size_t size() const noexcept {
    return frames_.size();
  }
  size_t bytes() const noexcept {
    return bytes_;
  }

  /// The number up to which the other side has said that it has all frames.
  uint64_t acknowledged() const noexcept {
    return acknowledged_;
  }

  /// The number of the frame that was given last.
  uint64_t last() const noexcept {
    return acknowledged_ + frames_.size();
  }

  /// How many frames had to be written again.
  uint64_t resent() const noexcept {
    return resent_;
  }

private:
  struct entry {
    Frame content;
    size_t bytes;
  };

  void drop(uint64_t number) {
    for (; acknowledged_ < number; ++acknowledged_) {
      bytes_ -= frames_.front().bytes;
      frames_.pop_front();
    }
    is_full_ = is_full_ && 2 * bytes_ > limit_;
  }

  size_t limit_;
  std::deque<entry> frames_; // numbered from acknowledged_ + 1 on
  uint64_t acknowledged_ = 0;
  uint64_t written_ = 0;      // over this connection
  uint64_t most_written_ = 0; // over any
  uint64_t resent_ = 0;
  size_t bytes_ = 0;
  bool is_full_ = false;
};

} // namespace tandem::core
