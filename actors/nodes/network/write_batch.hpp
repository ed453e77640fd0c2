/// Messages that are written together: small ones are copied into one buffer, large parts are written from where they
/// are. Internal to nodes/.
#pragma once

#include "../session/ticket_queue.hpp"
#include "port_codec.hpp"

#include <asio/buffer.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

class write_batch {
public:
  /// With `flat`, all is copied: TLS encrypts one buffer at a time, of a record at most.
  explicit write_batch(bool flat = false)
    : enough_(flat ? size_t{16} << 10 : size_t{32} << 10), least_referred_(flat ? SIZE_MAX : large) {
  }

  bool is_full() const noexcept {
    return size_ >= enough_;
  }
  bool empty() const noexcept {
    return size_ == 0;
  }

  void add(std::string_view message) {
    copy(message);
  }

  void add_frame(uint64_t number, uint64_t received, frame_ptr content) {
    const auto head = frame_head(number, received, content->size());
    copy({head.data(), head.size()});
    const auto parts = parts_.size();
    add_part(content->bytes);
    add_part(content->piece);
    if (parts_.size() > parts)
      owners_.push_back(std::move(content));
  }

  /// What is still to be written. Valid until the next change.
  const std::vector<asio::const_buffer>& buffers() {
    buffers_.clear();
    size_t skip = written_;
    for (const auto& x : parts_) {
      const char* begin = x.data != nullptr ? x.data : flat_.data() + x.offset;
      if (skip >= x.size) {
        skip -= x.size;
        continue;
      }
      buffers_.emplace_back(begin + skip, x.size - skip);
      skip = 0;
    }
    return buffers_;
  }

  /// So many bytes of buffers() were written. True if those were all; then it is empty again.
  bool written(size_t bytes) {
    written_ += bytes;
    if (written_ < size_)
      return false;
    clear();
    return true;
  }

  void clear() {
    flat_.clear();
    parts_.clear();
    owners_.clear();
    size_ = written_ = 0;
  }

private:
  /// A part is this or more bytes to be worth a buffer of its own.
  static constexpr size_t large = 4096;

  struct part {
    const char* data; ///< null: in flat_, from `offset` on
    size_t offset;
    size_t size;
  };

  void copy(std::string_view x) {
    if (parts_.empty() || parts_.back().data != nullptr)
      parts_.push_back({nullptr, flat_.size(), 0});
    parts_.back().size += x.size();
    flat_ += x;
    size_ += x.size();
  }

  void add_part(std::string_view x) {
    if (x.size() < least_referred_)
      return copy(x);
    parts_.push_back({x.data(), 0, x.size()});
    size_ += x.size();
  }

  const size_t enough_; ///< for one call of the operating system; more would let control wait behind it (S-PORT-4)
  const size_t least_referred_;
  std::string flat_;
  std::vector<part> parts_;
  std::vector<frame_ptr> owners_;
  std::vector<asio::const_buffer> buffers_;
  size_t size_ = 0;
  size_t written_ = 0;
};

} // namespace tandem
