/// What waits, by operation, so that operations take turns (S-STATS-9).
///
///     turns<operation_id, std::string> waiting{2};             // two of one operation, then the next operation
///     for (auto x : {"a1", "a2", "a3", "b1"})
///       waiting.add(x[0] == 'a' ? a : b, x);
///     for (; !waiting.empty(); waiting.done(1))
///       std::puts(std::string{std::move(waiting.next())}.c_str()); // a1 a2 b1 a3
///
/// A ring of lines, one for each operation of which something waits. The first line has its turn until so much of it
/// was done as makes a turn; then it goes behind the others. An operation without a line takes no memory. One caller at
/// a time.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace tandem::core {

template <class Key, class Item>
class turns {
public:
  explicit turns(size_t turn) : turn_(turn) {
  }

  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  bool empty() const noexcept {
    return first_ == nullptr;
  }

  /// Behind everything else of this operation.
  void add(const Key& key, Item&& x) {
    const auto [found, is_new] = lines_.try_emplace(key);
    auto& items = found->second.items;
    if (spare_.empty()) {
      items.push_back(std::move(x));
    } else {
      spare_.front() = std::move(x);
      items.splice(items.end(), spare_, spare_.begin());
    }
    if (is_new)
      append(&*found);
  }

  /// The oldest of an operation; null if nothing of it waits.
  const Item* oldest(const Key& key) const {
    const auto found = lines_.find(key);
    return found == lines_.end() ? nullptr : &found->second.items.front();
  }

  /// What waits of an operation goes, in order, to `f`.
  template <class F>
  void remove(const Key& key, F f) {
    const auto found = lines_.find(key);
    if (found == lines_.end())
      return;
    for (auto& x : found->second.items)
      f(x);
    if (first_ == &*found) {
      take_first();
    } else {
      auto* before = first_;
      while (before->second.next != &*found)
        before = before->second.next;
      before->second.next = found->second.next;
      last_ = last_ == &*found ? before : last_;
    }
    lines_.erase(found);
  }

  /// What is next. It stays where it is, whatever is added, until it is done. There has to be one.
  Item& next() {
    return first_->second.items.front();
  }

  /// next() is done, and was moved away. It is `amount` of its turn.
  void done(size_t amount) {
    auto& items = first_->second.items;
    if (spare_.size() < most_spare)
      spare_.splice(spare_.end(), items, items.begin());
    else
      items.pop_front();
    used_ += amount;
    if (items.empty())
      lines_.erase(Key{take_first()->first});
    else if (used_ >= turn_)
      append(take_first());
  }

private:
  struct line;
  using place = std::pair<const Key, line>;

  struct line {
    std::list<Item> items; // never empty; one takes little, and many never move
    place* next = nullptr; // in the ring
  };

  void append(place* x) {
    (first_ == nullptr ? first_ : last_->second.next) = x;
    last_ = x;
  }

  /// The turn is over.
  place* take_first() {
    used_ = 0;
    return std::exchange(first_, std::exchange(first_->second.next, nullptr));
  }

  static constexpr size_t most_spare = 256;

  size_t turn_;
  size_t used_ = 0; // of the first line's turn
  std::unordered_map<Key, line> lines_;
  std::list<Item> spare_;  // nodes for those that come: another thread may free nodes than the one that makes them
  place* first_ = nullptr; // the ring, which is cut open here
  place* last_ = nullptr;
};

} // namespace tandem::core
