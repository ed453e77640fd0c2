/// The last operations that have ended here: a first ticket that comes again must not run its operation again
/// (S-RECV-6). Memory is bounded by the capacity, and taken as it is needed.
#pragma once

#include "../../messages/operation_id.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem {

/// A ring of ids with an index over it. Not thread-safe.
class ended_memory {
public:
  /// Remembers the last `capacity` ids; with 0, none.
  explicit ended_memory(size_t capacity) : capacity_(capacity) {
  }

  /// Remembers `id`, and forgets the oldest when full.
  void add(const operation_id& id);

  bool contains(const operation_id& id) const;

private:
  static constexpr uint32_t vacant = UINT32_MAX;

  size_t slot_of(const operation_id& id) const;
  void erase(const operation_id& id);
  void grow();

  size_t capacity_;
  size_t oldest_ = 0;
  std::vector<operation_id> ring_;
  std::vector<uint32_t> index_; // open addressing, at most half full: places in ring_
};

} // namespace tandem
