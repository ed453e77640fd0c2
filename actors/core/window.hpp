/// What one side lets the other send: a window of payloads beyond those that its customer code has consumed (S-FLOW-3,
/// S-FLOW-5, S-FLOW-9, S-FLOW-13).
///
/// How to use it: arrived() for each payload whose turn came, hold() if customer code gets it, consumed() for those of
/// which the calls have returned; what due() and allow() return is to be told to the other side.
#pragma once

#include "../../messages/ticket.hpp"
#include "settings.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace tandem::core {

class window {
public:
  /// Of so many payloads, or of about so many bytes (0: any number); of `allowed` the other side knows from the
  /// beginning. It is not limited if that is `unlimited`.
  window(uint32_t payloads, uint32_t bytes, uint64_t allowed) noexcept
    : allowed_(allowed), payloads_(payloads), bytes_(bytes) {
    note_told();
  }

  bool is_limited() const noexcept {
    return allowed_ != unlimited;
  }

  /// How many payloads the other side may send in all.
  uint64_t allowed() const noexcept {
    return allowed_;
  }

  /// How many payloads have come and were not consumed.
  uint64_t outstanding() const noexcept {
    return arrived_ - consumed_;
  }

  /// About how many bytes those have that customer code gets.
  uint64_t held_bytes() const noexcept {
    return held_bytes_;
  }

  /// A payload's turn came; its size, or 0 if it is not known. False if it is more than allowed (S-FLOW-5).
  bool arrived(uint64_t bytes) noexcept {
    arrived_bytes_ += bytes;
    return ++arrived_ <= allowed_;
  }

  /// It goes to customer code, and has so many bytes here.
  void hold(uint64_t bytes) noexcept {
    held_bytes_ += bytes;
  }

  /// So many payloads, which had so many bytes here, were consumed.
  void consumed(uint64_t payloads, uint64_t bytes) noexcept {
    consumed_ += payloads;
    held_bytes_ -= bytes;
  }

  /// How many payloads the other side may send in all now; nothing if it does not have to be told.
  std::optional<uint64_t> due() noexcept {
    if (!may_be_due())
      return std::nullopt;
    const uint64_t size = current();
    if (room() > due_at(size) || consumed_ + size <= allowed_)
      return std::nullopt;
    return tell(consumed_ + size);
  }

  /// False, mostly, if nothing is due: to ask first is cheaper, and due() is called for each payload.
  bool may_be_due() const noexcept {
    return is_limited() && room() <= due_at(payloads_); // a smaller window is due later still
  }

  /// From now on, as if it were of 1 payload, or no longer so (S-FLOW-16).
  void spare(bool yes) noexcept {
    sparing_ = yes;
  }

  /// From now on, of so many payloads.
  void resize(uint32_t payloads) noexcept {
    payloads_ = payloads;
  }

  /// So many payloads, which have so many bytes here, are not consumed yet, although their call has returned: somebody
  /// has taken charge of them.
  void keep(uint64_t payloads, uint64_t bytes) noexcept {
    kept_ += static_cast<uint32_t>(payloads);
    kept_bytes_ += bytes;
  }

  bool has_kept() const noexcept {
    return kept_ > 0;
  }

  /// He has done with so many of them; which of them is not known.
  void release(uint64_t payloads) noexcept {
    if (kept_ == 0)
      return;
    payloads = std::min<uint64_t>(payloads, kept_);
    const auto bytes = payloads == kept_ ? kept_bytes_ : payloads * (kept_bytes_ / kept_);
    kept_ -= static_cast<uint32_t>(payloads);
    kept_bytes_ -= bytes;
    consumed(payloads, bytes);
  }

  /// Customer code allows so many more by hand (S-FLOW-9).
  std::optional<uint64_t> allow(uint64_t more) noexcept {
    if (!is_limited() || more == 0)
      return std::nullopt;
    return tell(more < unlimited - allowed_ ? allowed_ + more : unlimited);
  }

  /// How many payloads can be consumed at least before something is due.
  uint64_t until_due() const noexcept {
    const auto size = current();
    if (!is_limited() || size == 0)
      return unlimited;
    const auto due = due_at(size);
    return room() > due ? room() - due : 1;
  }

private:
  /// How many payloads the other side may send beyond what was consumed.
  uint64_t room() const noexcept {
    return allowed_ - consumed_;
  }

  uint64_t due_at(uint64_t size) const noexcept {
    return std::min<uint64_t>(size, told_) / 2;
  }

  /// The window: smaller while payloads are large (S-FLOW-13), or too much is held (S-FLOW-16).
  uint64_t current() const noexcept {
    if (sparing_)
      return std::min<uint64_t>(payloads_, 1);
    if (payloads_ == 0 || bytes_ == 0 || arrived_bytes_ == 0)
      return payloads_;
    const uint64_t mean = std::max<uint64_t>(arrived_bytes_ / arrived_, 1);
    return std::clamp<uint64_t>(bytes_ / mean, 1, payloads_);
  }

  uint64_t tell(uint64_t in_all) noexcept {
    allowed_ = in_all;
    note_told();
    return in_all;
  }

  void note_told() noexcept {
    told_ = static_cast<uint32_t>(std::min<uint64_t>(room(), UINT32_MAX)); // it matters only below a window
  }

  uint64_t allowed_;
  uint64_t arrived_ = 0;
  uint64_t arrived_bytes_ = 0;
  uint64_t consumed_ = 0;
  uint64_t held_bytes_ = 0;
  uint64_t kept_bytes_ = 0; ///< of those
  uint32_t kept_ : 31 = 0;
  uint32_t sparing_ : 1 = 0;
  uint32_t told_ = 0; ///< room(), when the other side was told last
  uint32_t payloads_;
  uint32_t bytes_;
};

} // namespace tandem::core
