/// The open operations of an end as JSON: each shard adds its own. The format is that of get_operations
/// (messages/commands.hpp). Internal to the ends.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

/// The oldest of a shard's operations, `most` at the most, for people.
template <class Operations>
std::vector<nlohmann::json> descriptions_of_oldest(const Operations& operations, size_t most) {
  std::vector all(operations.begin(), operations.end());
  std::erase_if(all, [](const auto& x) { return !x->machine->active(); });
  const auto wanted = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), wanted, all.end(),
                    [](const auto& x, const auto& y) { return x->machine->begun() < y->machine->begun(); });
  std::vector<nlohmann::json> result;
  std::transform(all.begin(), wanted, std::back_inserter(result), [](const auto& x) { return x->describe(); });
  return result;
}

/// Each shard adds its operations; the last one calls `done`. Any thread.
class operation_listing {
public:
  using callback = std::function<void(nlohmann::json)>;

  operation_listing(nlohmann::json head, size_t shards, size_t most, callback done)
    : result_(std::move(head)), missing_(shards), most_(most), done_(std::move(done)) {
  }

  /// How many operations are wanted.
  size_t most() const noexcept {
    return most_;
  }

  /// Takes the oldest operations of one shard, at most most() of them.
  void add(std::vector<nlohmann::json> operations);

private:
  std::mutex mutex_;
  nlohmann::json result_;
  std::vector<nlohmann::json> operations_;
  size_t missing_;
  size_t most_;
  callback done_;
};

} // namespace tandem
