/// The memory of one side of a link session: which frames the other side may not have yet, and which have come from it.
/// By it a link goes on after its connection broke, without losing, repeating or reordering a frame (S-LINK-2). Pure
/// bookkeeping: no lock, no clock, no network. Internal to nodes/.
#pragma once

#include <caf/message.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace tandem {

class link_session {
public:
  /// `limit`: how many bytes are kept for resending; 0: a frame that was handed over is not kept, so the session cannot
  /// be resumed.
  explicit link_session(size_t limit = 0) : limit_(limit) {
  }

  bool can_be_resumed() const {
    return limit_ > 0;
  }

  // -- sending ------------------------------------------------------------------------------

  /// The number that the next frame gets.
  uint64_t next_number() const {
    return first_ + frames_.size();
  }

  /// Takes a frame with next_number(), of about so many bytes.
  void add(caf::message frame, size_t bytes) {
    frames_.push_back({std::move(frame), bytes});
    bytes_ += bytes;
  }

  /// The frame to hand to the connection next, which then counts as handed over; an empty message if there is none.
  caf::message take_next() {
    if (handed_over_ + 1 == next_number())
      return {};
    const size_t index = ++handed_over_ - first_;
    auto result = frames_[index].content;
    shrink();
    return result;
  }

  /// The other side has all frames up to `number`. False if it claims frames that it cannot have.
  bool acknowledged(uint64_t number) {
    if (number > handed_over_)
      return false;
    confirmed_ = std::max(confirmed_, number);
    while (first_ <= number)
      drop_first();
    return true;
  }

  /// The other side has said that it has all frames up to this number.
  uint64_t confirmed() const {
    return confirmed_;
  }

  /// Goes on over a new connection with a side that has `received` frames: the later ones are to be handed over again.
  /// False if some of them are not here any more.
  bool resume(uint64_t received) {
    if (received + 1 < first_ || received > handed_over_)
      return false;
    handed_over_ = received;
    return acknowledged(received);
  }

  /// How many bytes wait for a connection or an acknowledgement.
  size_t kept() const {
    return bytes_;
  }

  /// True if more bytes wait for a connection than may be kept.
  bool overflows() const {
    return bytes_ > limit_;
  }

  // -- receiving ----------------------------------------------------------------------------

  enum class arrival { fresh, repeated, gap };

  /// A frame with this number has come.
  arrival take(uint64_t number, size_t bytes) {
    if (number <= received_)
      return arrival::repeated;
    if (number != received_ + 1)
      return arrival::gap;
    received_ = number;
    unacknowledged_bytes_ += bytes;
    return arrival::fresh;
  }

  uint64_t received() const {
    return received_;
  }

  /// Frames that go the other way carry the acknowledgement. True if none went while much has come: then a frame of its
  /// own has to carry it.
  bool owes_acknowledgement() const {
    return received_ - told_ >= most_frames || unacknowledged_bytes_ >= most_bytes;
  }

  /// Returns received(), which counts as acknowledged from now on.
  uint64_t tell() {
    told_ = received_;
    unacknowledged_bytes_ = 0;
    return received_;
  }

private:
  static constexpr uint64_t most_frames = 64;
  static constexpr size_t most_bytes = size_t{256} << 10;

  struct frame {
    caf::message content;
    size_t bytes;
  };

  void drop_first() {
    bytes_ -= frames_.front().bytes;
    frames_.pop_front();
    ++first_;
  }

  /// Drops the oldest frames that were handed over, down to the limit.
  void shrink() {
    while (bytes_ > limit_ && first_ <= handed_over_)
      drop_first();
  }

  size_t limit_;
  std::deque<frame> frames_; // numbered from first_ on
  uint64_t first_ = 1;
  uint64_t handed_over_ = 0;
  uint64_t confirmed_ = 0;
  size_t bytes_ = 0;
  uint64_t received_ = 0;
  uint64_t told_ = 0;
  size_t unacknowledged_bytes_ = 0;
};

} // namespace tandem
