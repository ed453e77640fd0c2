/// The open operations of an end as JSON: each shard adds its own. The format is that of get_operations
/// (messages/commands.hpp). Internal to the ends.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

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
