#include "timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace tandem {

namespace {

constexpr duration tick = std::chrono::milliseconds(1);

/// The level whose slots tell `when` apart from `current`: that of the highest digit in which they differ.
int level_of(uint64_t current, uint64_t when, int bits) {
  const uint64_t differing = (current ^ when) | 1;
  return (63 - std::countl_zero(differing)) / bits;
}

} // namespace

timer_wheel::timer_wheel(time_point beginning) : beginning_(beginning) {
  for (auto& x : levels_)
    for (auto& head : x.heads)
      head.previous = head.next = &head;
}

void timer_wheel::set(timer_node& node, time_point when) {
  cancel(node);
  const auto distance = std::max(when - beginning_, duration::zero());
  node.due = static_cast<uint64_t>(distance / tick + (distance % tick > duration::zero() ? 1 : 0)); // never early
  insert(node);
  ++armed_;
}

void timer_wheel::cancel(timer_node& node) noexcept {
  if (!node.armed())
    return;
  unlink(node);
  --armed_;
}

std::optional<time_point> timer_wheel::next_wake() const {
  auto slot = next_slot();
  if (!slot)
    return std::nullopt;
  return beginning_ + tick * static_cast<int64_t>(slot_time(slot->first, slot->second));
}

timer_node* timer_wheel::take_due(time_point now) {
  const auto elapsed = static_cast<uint64_t>(std::max(now - beginning_, duration::zero()) / tick);
  while (auto next = next_slot()) {
    const auto [index, slot] = *next;
    const uint64_t time = slot_time(index, slot);
    if (time > elapsed)
      return nullptr;
    current_ = std::max(current_, time);
    timer_node& head = levels_[static_cast<size_t>(index)].heads[slot];
    if (index == 0) {
      timer_node& first = *head.next;
      unlink(first);
      --armed_;
      return &first;
    }
    // Their time has come nearer: to finer levels, all of them, for what stayed behind would be overlooked there.
    while (head.next != &head) {
      timer_node& node = *head.next;
      unlink(node);
      insert(node);
    }
  }
  return nullptr;
}

void timer_wheel::insert(timer_node& node) {
  const uint64_t when = std::max(node.due, current_);
  const int index = level_of(current_, when, bits);
  const uint64_t slot = (when >> (index * bits)) & (slots - 1);
  auto& target = levels_[static_cast<size_t>(index)];
  timer_node& head = target.heads[slot];
  node.previous = head.previous;
  node.next = &head;
  node.previous->next = &node;
  head.previous = &node;
  target.occupied |= uint64_t{1} << slot;
}

void timer_wheel::unlink(timer_node& node) noexcept {
  node.previous->next = node.next;
  node.next->previous = node.previous;
  if (node.previous == node.next) { // only the sentinel is left: which slot was it?
    for (auto& x : levels_) {
      timer_node* begin = x.heads.data();
      if (node.next >= begin && node.next < begin + slots) {
        x.occupied &= ~(uint64_t{1} << (node.next - begin));
        break;
      }
    }
  }
  node.previous = node.next = nullptr;
}

std::optional<std::pair<int, uint64_t>> timer_wheel::next_slot() const {
  for (int index = 0; index < levels; ++index) {
    // All slots of a level lie at or after the current one: earlier ones would have been emptied.
    if (const uint64_t occupied = levels_[static_cast<size_t>(index)].occupied)
      return std::pair{index, static_cast<uint64_t>(std::countr_zero(occupied))};
  }
  return std::nullopt;
}

uint64_t timer_wheel::slot_time(int level, uint64_t slot) const {
  const int shift = level * bits;
  const uint64_t turn = ~((uint64_t{1} << (shift + bits)) - 1);
  return (current_ & turn) | slot << shift;
}

} // namespace tandem
