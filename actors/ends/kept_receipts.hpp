/// The receipts of payloads of which customer code has charge (S-FLOW-14): they go when the charge goes, and no later
/// than their operation ends, for nothing of an operation that has ended may hold up its link (S-PORT-11). Internal to
/// the ends.
#pragma once

#include "../../messages/operation_id.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace tandem {

/// Of all operations of an end. Any thread.
class kept_receipts : public std::enable_shared_from_this<kept_receipts> {
public:
  using receipt = std::shared_ptr<const void>;

  /// Keeps a receipt until the result goes, or forget() is called.
  receipt keep(const operation_id& operation, receipt x) {
    std::lock_guard guard{mutex_};
    const key id{operation, next_++};
    all_.emplace(id, std::move(x));
    count_ = all_.size();
    return {nullptr, [self = shared_from_this(), id](const void*) { self->remove(id, id); }};
  }

  /// The operation has ended.
  void forget(const operation_id& operation) {
    if (count_ > 0)
      remove({operation, 0}, {operation, UINT64_MAX});
  }

private:
  using key = std::pair<operation_id, uint64_t>;

  /// They go when the lock is not held any more: what hears of that may come back here.
  void remove(const key& first, const key& last) {
    std::vector<receipt> gone;
    std::lock_guard guard{mutex_};
    const auto begin = all_.lower_bound(first);
    const auto end = all_.upper_bound(last);
    for (auto x = begin; x != end; ++x)
      gone.push_back(std::move(x->second));
    all_.erase(begin, end);
    count_ = all_.size();
  }

  std::mutex mutex_;
  std::map<key, receipt> all_;
  std::atomic<size_t> count_{0};
  uint64_t next_ = 0;
};

} // namespace tandem
