/// What few operations have, in memory of its own that is taken when it is needed: operations wait by the million, and
/// a member that is empty in nearly all of them would cost each its size.
#pragma once

#include <memory>

namespace tandem::core {

template <class T>
class rare {
public:
  rare() = default;
  // Explorations copy operations.
  rare(const rare& x) : value_(x.value_ ? std::make_unique<T>(*x.value_) : nullptr) {
  }
  rare& operator=(const rare& x) {
    auto copy = x;
    value_.swap(copy.value_);
    return *this;
  }
  rare(rare&&) noexcept = default;
  rare& operator=(rare&&) noexcept = default;
  ~rare() = default;

  explicit operator bool() const noexcept {
    return value_ != nullptr;
  }

  const T* operator->() const noexcept {
    return value_.get();
  }
  T* operator->() noexcept {
    return value_.get();
  }
  const T& operator*() const noexcept {
    return *value_;
  }
  T& operator*() noexcept {
    return *value_;
  }

  /// Made now, if it is not there.
  T& get() {
    if (!value_)
      value_ = std::make_unique<T>();
    return *value_;
  }

  void reset() noexcept {
    value_.reset();
  }

private:
  std::unique_ptr<T> value_;
};

} // namespace tandem::core
