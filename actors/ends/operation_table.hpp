/// The operations of a shard, by id. Internal to the ends.
#pragma once

#include "../../messages/operation_id.hpp"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <utility>

namespace tandem {

/// `Ref` is a pointer that keeps an operation, which has `operation()`, its id. The table has only these, since a
/// million of them may be open, and gives memory back when most of them have ended. Not thread-safe.
template <class Ref>
class operation_table {
public:
  void add(Ref operation) {
    entries_.insert(std::move(operation));
  }

  void remove(const operation_id& id) {
    entries_.erase(id);
    if (entries_.capacity() > smallest && entries_.size() < entries_.capacity() / 16)
      entries_.rehash(0); // to what it needs now
  }

  /// A plain pointer, to look at it; null if there is none.
  auto* find(const operation_id& id) const {
    const auto entry = entries_.find(id);
    return entry == entries_.end() ? nullptr : entry->get();
  }

  size_t size() const noexcept {
    return entries_.size();
  }
  /// How many there is room for.
  size_t capacity() const noexcept {
    return entries_.capacity();
  }
  auto begin() const noexcept {
    return entries_.begin();
  }
  auto end() const noexcept {
    return entries_.end();
  }

private:
  static constexpr size_t smallest = 1024;

  static const operation_id& id_of(const operation_id& x) noexcept {
    return x;
  }
  static const operation_id& id_of(const Ref& x) noexcept {
    return x->operation();
  }

  struct hash {
    using is_transparent = void;

    template <class T>
    size_t operator()(const T& x) const noexcept {
      return absl::Hash<operation_id>{}(id_of(x));
    }
  };

  struct equal {
    using is_transparent = void;

    template <class A, class B>
    bool operator()(const A& a, const B& b) const noexcept {
      return id_of(a) == id_of(b);
    }
  };

  absl::flat_hash_set<Ref, hash, equal> entries_;
};

} // namespace tandem
