/// A pointer to a light actor (light_actor.hpp) that keeps it alive. It has a header of its own, so that handles of
/// operations do not show the class behind them.
#pragma once

#include <caf/actor_control_block.hpp>

#include <type_traits>
#include <utility>

namespace tandem::compat {

/// As large as a pointer. T may be incomplete until the actor itself is used.
template <class T>
class light_ptr {
public:
  light_ptr() = default;

  /// Shares ownership of `x`.
  explicit light_ptr(T* x) : control_(x == nullptr ? nullptr : x->ctrl()) {
  }

  template <class U>
  light_ptr(const light_ptr<U>& other) requires(std::is_base_of_v<T, U>) : light_ptr(other.get()) {
  }

  T* get() const noexcept {
    return control_ ? static_cast<T*>(control_->get()) : nullptr;
  }

  T* operator->() const noexcept {
    return get();
  }

  T& operator*() const noexcept {
    return *get();
  }

  explicit operator bool() const noexcept {
    return control_ != nullptr;
  }

  friend bool operator==(const light_ptr&, const light_ptr&) = default;

private:
  caf::strong_actor_ptr control_;
};

} // namespace tandem::compat
