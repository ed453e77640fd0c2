/// The records of the flight recorders of an end's shards, as one trace. Internal to the ends.
#pragma once

#include "captured.hpp"
#include "trace_recorder.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

/// Each shard adds its records; the last one calls `done` with the text of a trace file. Any thread.
class flight_record {
public:
  flight_record(std::shared_ptr<trace_recorder> recorder, size_t shards, std::function<void(std::string)> done);

  void add(std::vector<captured> records);

private:
  std::shared_ptr<trace_recorder> recorder_;
  /// Each shard's records are in order, though not all of their times are; the records of several shards are merged by
  /// time.
  struct placed {
    int64_t latest; ///< time in this shard so far
    captured record;
  };

  std::mutex mutex_;
  std::vector<placed> records_;
  size_t missing_;
  std::function<void(std::string)> done_;
};

} // namespace tandem
