#include "record_window.hpp"

#include "saturating.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tandem::cli {

namespace {

bool must_stay_apart(const placed_entry& x, const placed_entry& y) {
  if (x.file == y.file && x.run != y.run)
    return true;
  return x.entry->has_operation() && y.entry->has_operation() && x.entry->side == y.entry->side
         && x.entry->operation == y.entry->operation;
}

} // namespace

const placed_entry* record_window::next() {
  unused_.splice(unused_.end(), given_);
  while (!at_end_ && !front_is_due()) {
    const auto* x = input_.next();
    if (x == nullptr)
      at_end_ = true;
    else
      hold(*x);
  }
  if (held_.empty())
    return nullptr;
  given_.splice(given_.end(), held_, held_.begin());
  auto& x = given_.front();
  bytes_ -= x.line.size();
  return &x.placed;
}

bool record_window::front_is_due() const {
  if (held_.empty())
    return false;
  const auto& first = held_.front();
  return first.epoch != epoch_ || first.key <= saturated_difference(latest_ns_, width_ns) || held_.size() > most_records
         || bytes_ > most_bytes;
}

void record_window::hold(const placed_entry& x) {
  if (unused_.empty())
    unused_.emplace_back();
  held_.splice(held_.end(), unused_, std::prev(unused_.end()));
  auto& to = held_.back();
  to.line.assign(x.line);
  to.placed = x;
  to.header = input_.shared_header();
  std::swap(to.entry, input_.own_entry()); // its old buffers serve the reader
  to.placed.entry = &to.entry;
  to.placed.line = to.line;
  to.placed.header = to.header.get();
  to.key = x.wall_ns;
  bytes_ += to.line.size();
  if (to.key < saturated_difference(latest_ns_, width_ns)) {
    ++epoch_;
    latest_ns_ = to.key;
  }
  latest_ns_ = std::max(latest_ns_, to.key);
  to.epoch = epoch_;
  place(std::prev(held_.end()));
}

/// Moves the last one forward to where it belongs.
void record_window::place(std::list<held>::iterator x) {
  auto before = x;
  while (before != held_.begin()) {
    const auto y = std::prev(before);
    if (y->epoch != x->epoch || y->key <= x->key)
      break;
    if (must_stay_apart(y->placed, x->placed)) {
      x->key = y->key;
      break;
    }
    before = y;
  }
  if (before != x)
    held_.splice(before, held_, x);
}

} // namespace tandem::cli
