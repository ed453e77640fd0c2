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
  if (given_ != nullptr)
    unused_.push_back(std::move(given_));
  while (!at_end_ && !front_is_due()) {
    const auto* x = input_.next();
    if (x == nullptr)
      at_end_ = true;
    else if (!is_wanted_ || is_wanted_(*x))
      hold(*x);
  }
  if (held_.empty())
    return nullptr;
  given_ = std::move(held_.front().record);
  held_.pop_front();
  bytes_ -= given_->line.size();
  return &given_->placed;
}

bool record_window::front_is_due() const {
  if (held_.empty())
    return false;
  const auto& first = held_.front();
  return first.epoch != epoch_ || first.key <= saturated_difference(latest_ns_, width_ns) || held_.size() > most_records
         || bytes_ > most_bytes;
}

void record_window::hold(const placed_entry& x) {
  held_record record;
  if (unused_.empty()) {
    record = std::make_unique<held>();
  } else {
    record = std::move(unused_.back());
    unused_.pop_back();
  }
  auto& to = *record;
  to.line.assign(x.line);
  to.placed = x;
  to.header = input_.shared_header();
  std::swap(to.entry, input_.own_entry()); // its old buffers serve the reader
  to.placed.entry = &to.entry;
  to.placed.line = to.line;
  to.placed.header = to.header.get();
  bytes_ += to.line.size();
  const int64_t when = to.placed.wall_ns;
  if (when < saturated_difference(latest_ns_, width_ns)) {
    ++epoch_;
    latest_ns_ = when;
  }
  latest_ns_ = std::max(latest_ns_, when);
  place({when, epoch_, std::move(record)});
}

/// Puts it where it belongs, which is mostly the end.
void record_window::place(slot x) {
  auto at = held_.end();
  while (at != held_.begin()) {
    const auto& y = *std::prev(at);
    if (y.epoch != x.epoch || y.key <= x.key)
      break;
    if (must_stay_apart(y.record->placed, x.record->placed)) {
      x.key = y.key;
      break;
    }
    --at;
  }
  held_.insert(at, std::move(x));
}

} // namespace tandem::cli
