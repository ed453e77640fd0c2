#include "ended_memory.hpp"

#include <algorithm>

namespace tandem {

namespace {

/// From a slot that is taken to the next one to try. Neighbouring ids have neighbouring hashes, in blocks of 64
/// (hash_of), so that whole blocks meet: then the next block is the one to try, not the rest of this one. Odd, so that
/// every slot has its turn; and one more than 64, so that a block that moves stays together.
constexpr size_t stride = 65;

/// A distance times this is the number of strides.
constexpr size_t inverse = [] {
  size_t x = stride;
  for (int i = 0; i < 6; ++i) // Newton's method doubles the bits that are right
    x *= 2 - stride * x;
  return x;
}();
static_assert(inverse * stride == 1);

} // namespace

void ended_memory::add(const operation_id& id) {
  if (capacity_ == 0 || contains(id))
    return;
  if (ring_.size() < capacity_) {
    if ((ring_.size() + 1) * 2 > index_.size())
      grow();
    ring_.push_back(id);
    index_[slot_of(id)] = static_cast<uint32_t>(ring_.size() - 1);
    return;
  }
  erase(ring_[oldest_]);
  ring_[oldest_] = id;
  index_[slot_of(id)] = static_cast<uint32_t>(oldest_);
  oldest_ = (oldest_ + 1) % capacity_;
}

bool ended_memory::contains(const operation_id& id) const {
  return !index_.empty() && index_[slot_of(id)] != vacant;
}

/// Where `id` is in the index, or the vacant slot where it would be.
size_t ended_memory::slot_of(const operation_id& id) const {
  const size_t mask = index_.size() - 1;
  size_t slot = hash_of(id) & mask;
  while (index_[slot] != vacant && ring_[index_[slot]] != id)
    slot = (slot + stride) & mask;
  return slot;
}

void ended_memory::erase(const operation_id& id) {
  const size_t mask = index_.size() - 1;
  size_t hole = slot_of(id);
  // Entries behind the hole that could not be found any more move into it.
  auto strides = [mask](size_t from, size_t to) { return (to - from) * inverse & mask; };
  for (size_t slot = (hole + stride) & mask; index_[slot] != vacant; slot = (slot + stride) & mask) {
    const size_t home = hash_of(ring_[index_[slot]]) & mask;
    if (strides(home, slot) >= strides(hole, slot)) {
      index_[hole] = index_[slot];
      hole = slot;
    }
  }
  index_[hole] = vacant;
}

void ended_memory::grow() {
  index_.assign(std::max<size_t>(index_.size() * 2, 64), vacant);
  for (size_t i = 0; i < ring_.size(); ++i)
    index_[slot_of(ring_[i])] = static_cast<uint32_t>(i);
}

} // namespace tandem
