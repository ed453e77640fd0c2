/// The operations of a trace that are open, or ended not long ago, one view for each side. Memory is bounded by how
/// many are open at a time.
///
///     operation_table<> table{[](operation_view& x) { ... what became of it ... }};
///     while (const auto* x = input.next())
///       table.take(*x);
///     table.finish();
#pragma once

#include "../reading/trace_input.hpp"
#include "operation_view.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tandem::cli {

/// A view that knows who recorded it.
struct placed_view : operation_view {
  using operation_view::operation_view;

  std::string node;
  int64_t offset_ns = 0; ///< of the clock that its moments are of

  /// With a record of it.
  void place(const placed_entry& x) {
    if (!node.empty())
      return;
    node = x.node();
    offset_ns = x.wall_ns - x.entry->wall_ns;
  }
};

/// `View` is an operation_view, or derived from it and made of the same arguments.
template <class View = operation_view>
class operation_table {
public:
  /// `done` is called once for each operation and side: some time after its end, so that a late `ended` record or late
  /// tickets are part of it; when its node begins a new run; or from finish().
  explicit operation_table(std::function<void(View&)> done) : done_(std::move(done)) {
  }

  /// The view, `entry` folded in, until the next call; null if the entry is of no operation, or of one that was given
  /// to `done` already.
  View* take(const placed_entry& x) {
    begin_run(x);
    const auto& entry = *x.entry;
    if (!entry.has_operation())
      return nullptr;
    auto* slot = slot_of(entry, x.file);
    if (slot == nullptr) {
      ++late_;
      return nullptr;
    }
    const bool was_ended = slot->view.ended.has_value();
    slot->view.take(entry);
    if (slot->view.ended && !was_ended)
      retire({entry.operation, entry.side});
    return &slot->view;
  }

  /// The view of an entry before it is folded in, which is made if there is none; null as from take().
  View* find(const placed_entry& x) {
    begin_run(x);
    auto* slot = x.entry->has_operation() ? slot_of(*x.entry, x.file) : nullptr;
    return slot != nullptr ? &slot->view : nullptr;
  }

  /// How many entries came after their operation was given to `done`.
  uint64_t late() const noexcept {
    return late_;
  }

  /// Gives all that are left to `done`, in the order in which they began.
  void finish() {
    finish_if([](const slot&) { return true; });
    retired_.clear();
  }

  /// Calls `f` for each that is here: open, or ended not long ago. In no order.
  template <class F>
  void for_each(F f) {
    for (auto& [key, x] : slots_)
      f(x.view);
  }

private:
  struct key {
    operation_id id;
    trace_side side;

    friend bool operator==(const key&, const key&) = default;
  };

  struct hash {
    size_t operator()(const key& x) const noexcept {
      return static_cast<size_t>(hash_of(x.id) * 2 + static_cast<size_t>(x.side));
    }
  };

  struct slot {
    View view;
    size_t file;
  };

  /// How many ended ones are kept for what comes late.
  static constexpr size_t most_retired = 1024;
  /// Of how many more it is known that they were there.
  static constexpr size_t most_gone = 100'000;

  /// An operation that begins again is another one.
  bool is_gone(const trace_entry& entry) {
    const key k{entry.operation, entry.side};
    if (gone_.empty() || !gone_.contains(k))
      return false;
    const bool begins = entry.event == trace_event::begun || (entry.is_ticket() && is_first(entry.kind));
    if (begins)
      gone_.erase(k);
    return !begins;
  }

  void forget(const key& k) {
    if (!gone_.insert(k).second)
      return;
    gone_order_.push_back(k);
    if (gone_order_.size() > most_gone) {
      gone_.erase(gone_order_.front());
      gone_order_.pop_front();
    }
  }

  /// Made if there is none; null if the entry's operation is gone. None that is gone has a slot.
  slot* slot_of(const trace_entry& entry, size_t file) {
    const key k{entry.operation, entry.side};
    auto found = slots_.find(k);
    if (found == slots_.end() && is_gone(entry))
      return nullptr;
    if (found == slots_.end())
      found = slots_.try_emplace(k, slot{View{entry.operation, entry.side}, file}).first;
    found->second.file = file;
    return &found->second;
  }

  void retire(const key& k) {
    retired_.push_back(k);
    if (retired_.size() <= most_retired)
      return;
    const auto front = retired_.front();
    retired_.pop_front();
    const auto oldest = slots_.find(front);
    if (front == k || oldest == slots_.end() || !oldest->second.view.ended)
      return; // its end was a wrong guess; or it is k, which now stands at the end of the queue
    done_(oldest->second.view);
    slots_.erase(oldest);
    forget(front);
  }

  /// Operations do not outlive the process that ran them.
  void begin_run(const placed_entry& x) {
    if (x.file >= runs_.size())
      runs_.resize(x.file + 1);
    auto& now = runs_[x.file];
    if (now.number == x.run)
      return;
    now.number = x.run;
    if (!x.node().empty() && std::exchange(now.node, x.node()) == x.node())
      return; // another recorder of the same process writes into the file
    gone_.clear();
    gone_order_.clear();
    finish_if([&x](const slot& y) { return y.file == x.file; });
  }

  template <class Predicate>
  void finish_if(Predicate ends) {
    std::vector<typename std::unordered_map<key, slot, hash>::iterator> ending;
    for (auto x = slots_.begin(); x != slots_.end(); ++x)
      if (ends(x->second))
        ending.push_back(x);
    std::sort(ending.begin(), ending.end(), [](const auto& x, const auto& y) {
      const auto& a = x->second.view;
      const auto& b = y->second.view;
      return std::tie(a.first.wall_ns, a.id, a.side) < std::tie(b.first.wall_ns, b.id, b.side);
    });
    for (auto x : ending) {
      done_(x->second.view);
      slots_.erase(x);
    }
  }

  std::function<void(View&)> done_;
  std::unordered_map<key, slot, hash> slots_;
  std::deque<key> retired_;
  std::unordered_set<key, hash> gone_; ///< ended, and given to done_
  std::deque<key> gone_order_;
  uint64_t late_ = 0;
  struct run {
    std::optional<uint64_t> number;
    std::string node;
  };
  std::vector<run> runs_; ///< of each file
};

} // namespace tandem::cli
