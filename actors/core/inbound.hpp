/// The frames that have come over a session, and what the other side was told of them (S-SESSION-1).
#pragma once

#include <cstddef>
#include <cstdint>

namespace tandem::core {

class inbound {
public:
  enum class arrival : uint8_t {
    fresh,    ///< to be handed on
    repeated, ///< it has come before, over an earlier connection
    gap,      ///< frames are missing before it: the other side breaks the rules
  };

  /// The frame with this number has come, of so many bytes.
  arrival take(uint64_t number, size_t bytes) noexcept {
    if (number <= received_)
      return arrival::repeated;
    if (number != received_ + 1)
      return arrival::gap;
    ++received_;
    untold_bytes_ += bytes;
    return arrival::fresh;
  }

  /// How many frames have come.
  uint64_t received() const noexcept {
    return received_;
  }

  /// Whatever is sent tells how many frames have come. True if so much came since that a message has to go for that.
  bool owes_acknowledgement() const noexcept {
    return received_ - told_ >= most_frames || untold_bytes_ >= most_bytes;
  }

  /// Returns received(), of which the other side is told now.
  uint64_t tell() noexcept {
    told_ = received_;
    untold_bytes_ = 0;
    return received_;
  }

private:
  static constexpr uint64_t most_frames = 64;
  static constexpr size_t most_bytes = size_t{256} << 10;

  uint64_t received_ = 0;
  uint64_t told_ = 0;
  size_t untold_bytes_ = 0;
};

} // namespace tandem::core
