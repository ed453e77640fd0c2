#include "record_window.hpp"

#include "saturating.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tandem::cli {

namespace {

/// Those of one operation at one side, and of several runs of a file, stay as they were written.
template <class Place>
bool must_stay_apart(const Place& x, const Place& y) {
  if (x.file == y.file && x.run != y.run)
    return true;
  return x.operation && y.operation && x.side == y.side && x.operation == y.operation;
}

} // namespace

const placed_entry* record_window::next() {
  if (given_ != nullptr)
    unused_.push_back(std::move(given_));
  for (;;) {
    while (!at_end_ && !front_is_due()) {
      const auto* x = input_.next();
      if (x == nullptr)
        at_end_ = true;
      else if (!how_.is_wanted || how_.is_wanted(*x))
        take(*x);
    }
    if (held_.empty())
      return nullptr;
    given_ = std::move(held_.front().record);
    bytes_ -= held_.front().bytes;
    held_.pop_front();
    if (given_ != nullptr)
      return &given_->placed;
  }
}

bool record_window::front_is_due() const {
  if (held_.empty())
    return false;
  const auto& first = held_.front();
  return first.epoch != epoch_ || first.key <= saturated_difference(latest_ns_, width_ns) || held_.size() > most_records
         || bytes_ > most_bytes;
}

void record_window::take(const placed_entry& x) {
  slot to;
  to.file = x.file;
  to.run = x.run;
  to.side = x.entry->side;
  if (x.entry->has_operation())
    to.operation = x.entry->operation;
  to.bytes = x.line.size();
  bytes_ += to.bytes;
  const int64_t when = x.wall_ns;
  if (!how_.is_given || how_.is_given(x))
    to.record = hold(x);
  if (when < saturated_difference(latest_ns_, width_ns)) {
    ++epoch_;
    latest_ns_ = when;
  }
  latest_ns_ = std::max(latest_ns_, when);
  to.key = when;
  to.epoch = epoch_;
  place(std::move(to));
}

record_window::held_record record_window::hold(const placed_entry& x) {
  held_record record;
  if (unused_.empty()) {
    record = std::make_unique<held>();
    record->entry = std::make_unique<trace_entry>();
  } else {
    record = std::move(unused_.back());
    unused_.pop_back();
  }
  auto& to = *record;
  if (how_.keeps_lines)
    to.line.assign(x.line);
  to.placed = x;
  if (const auto& header = input_.shared_header(); to.header != header) // mostly it is the same, and sharing costs
    to.header = header;
  input_.exchange_entry(to.entry); // its old buffers serve the reader
  to.placed.entry = to.entry.get();
  to.placed.line = to.line;
  to.placed.header = to.header.get();
  return record;
}

/// Puts it where it belongs, which is mostly the end.
void record_window::place(slot x) {
  auto at = held_.end();
  while (at != held_.begin()) {
    const auto& y = *std::prev(at);
    if (y.epoch != x.epoch || y.key <= x.key)
      break;
    if (must_stay_apart(y, x)) {
      x.key = y.key;
      break;
    }
    --at;
  }
  held_.insert(at, std::move(x));
}

} // namespace tandem::cli
