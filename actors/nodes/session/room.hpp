/// How much a side of a session may send, by what the other side has dealt with (S-PORT-11). All numbers are bytes of
/// frames' contents, since the session began. Pure: no lock, no socket. Internal to nodes/.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tandem {

/// At the side that sends.
class send_room {
public:
  /// Whether another frame may be begun.
  bool has_some() const noexcept {
    return sent_ < allowed_;
  }

  void sent(uint64_t bytes) noexcept {
    sent_ += bytes;
  }

  /// The other side takes so many in all. It never takes back what it has said.
  void allowed(uint64_t bytes) noexcept {
    allowed_ = std::max(allowed_, bytes);
  }

private:
  uint64_t sent_ = 0;
  uint64_t allowed_ = 0;
};

/// At the side that receives.
class receive_room {
public:
  /// `limit`: how many bytes may have come and not been dealt with.
  explicit receive_room(uint64_t limit) : limit_(limit), told_(limit) {
  }

  /// So many have come. False if those are more than anybody has allowed: what goes ahead of its turn needs no room,
  /// but there is never that much of it.
  bool came(uint64_t bytes) noexcept {
    came_ += bytes;
    return came_ <= told_ + limit_;
  }

  /// What the other side was told that it may send.
  uint64_t told() const noexcept {
    return told_;
  }

  /// The other side is worth telling as soon as so many are dealt with.
  int64_t next_news() const noexcept {
    return static_cast<int64_t>(told_ - limit_ + std::max<uint64_t>(limit_ / 4, 1));
  }

  /// So many are dealt with, at least next_news(). Returns what the other side may send now.
  uint64_t tell(int64_t done) noexcept {
    told_ = static_cast<uint64_t>(done) + limit_;
    return told_;
  }

private:
  const uint64_t limit_;
  uint64_t told_;
  uint64_t came_ = 0;
};

} // namespace tandem
