/// The bytes that CAF reads from a connection, as far as the fuzzer has to know them: which of them are headers of its
/// protocol.
#pragma once

#include "../../actors/compat/network.hpp"
#include "../../actors/compat/network/basp_guard.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tandem_test {

/// Follows what a back sends to a front, as CAF will read it there, and changes what is known to harm CAF itself, in
/// connections that it has made (actors/nodes/README.md, "What strangers can do"):
///
/// - a handshake that says that it has no payload, from which CAF reads all the same, at address 0;
/// - a message that says that it belongs to a stream of CAF's, which CAF takes for granted;
/// - with CAF 1.x, a message that cannot be read and has no sender, whom CAF tells nevertheless;
/// - a length of 16 MiB or more, which CAF allocates and fills with zeros, up to 4 GiB, before anything of it has come.
class caf_stream {
public:
  /// The next bytes that are sent; may change them.
  void pass(std::span<char> bytes) {
    for (auto& x : bytes) {
      if (payload_left_ > 0) {
        --payload_left_;
        continue;
      }
      if (place_ == 0)
        kind_ = static_cast<uint8_t>(x);
      if (place_ == 4)
        x = 0;
      if (place_ >= 4 && place_ < 8)
        length_ = length_ << 8 | static_cast<uint8_t>(x);
      if (place_ == 7 && length_ == 0 && kind_ <= last_handshake)
        x = static_cast<char>(length_ = 1);
      if (place_ == 8)
        x = static_cast<char>(x & ~of_stream);
      if (tandem::compat::answers_unreadable_messages && kind_ > last_handshake)
        keep_sender(x);
      if (++place_ == tandem::compat::basp_guard::header_size) {
        payload_left_ = length_;
        place_ = 0;
        length_ = 0;
      }
    }
  }

private:
  static constexpr uint8_t last_handshake = 1;
  static constexpr char of_stream = 0x20;

  /// Without a sender nobody is the receiver.
  void keep_sender(char& x) {
    if (place_ == 16)
      has_sender_ = false;
    if (place_ >= 16 && place_ < 24)
      has_sender_ = has_sender_ || x != 0;
    if (place_ >= 24 && !has_sender_)
      x = 0x7f;
  }

  bool has_sender_ = false;

  size_t place_ = 0; // in the header
  uint8_t kind_ = 0;
  uint32_t length_ = 0;
  size_t payload_left_ = 0;
};

} // namespace tandem_test
