/// The last operations that have ended here: a first ticket that comes again must not run its operation again
/// (S-RECV-6). Memory is bounded by the capacity, and taken as it is needed.
#pragma once

#include "../../messages/operation_id.hpp"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem {

/// A ring of ids with an index over it. Not thread-safe.
class ended_memory {
public:
  /// Remembers the last `capacity` ids; with 0, none.
  explicit ended_memory(size_t capacity) : capacity_(capacity), index_(0, hash{&ring_}, equal{&ring_}) {
  }

  ended_memory(const ended_memory&) = delete; // the index knows where the ring is
  ended_memory& operator=(const ended_memory&) = delete;

  /// Remembers `id`, and forgets the oldest when full.
  void add(const operation_id& id) {
    if (capacity_ == 0 || contains(id))
      return;
    if (ring_.size() < capacity_) {
      ring_.push_back(id);
      index_.insert(static_cast<place>(ring_.size() - 1));
      return;
    }
    index_.erase(oldest_);
    ring_[oldest_] = id;
    index_.insert(oldest_);
    oldest_ = static_cast<place>((oldest_ + 1) % capacity_);
  }

  bool contains(const operation_id& id) const {
    return index_.contains(id);
  }

private:
  /// In the ring. The index has these and not ids, which are four times as large.
  using place = uint32_t;
  using ring = std::vector<operation_id>;

  /// The id that a place or an id stands for.
  struct view {
    const ring* ids;

    const operation_id& of(place x) const {
      return (*ids)[x];
    }
    static const operation_id& of(const operation_id& x) {
      return x;
    }
  };

  struct hash : view {
    using is_transparent = void;

    template <class T>
    size_t operator()(const T& x) const {
      return absl::Hash<operation_id>{}(this->of(x));
    }
  };

  struct equal : view {
    using is_transparent = void;

    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return this->of(a) == this->of(b);
    }
  };

  size_t capacity_;
  place oldest_ = 0;
  ring ring_;
  absl::flat_hash_set<place, hash, equal> index_;
};

} // namespace tandem
