#include <tandem/actors/tracing/flight_record.hpp>
#include <tandem/actors/tracing/trace_sink.hpp>
#include <tandem/messages/trace/trace_line.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tandem {

flight_record::flight_record(std::shared_ptr<trace_recorder> recorder, size_t shards,
                             std::function<void(std::string)> done)
  : recorder_(std::move(recorder)), missing_(shards), done_(std::move(done)) {
}

void flight_record::add(std::vector<captured> records) {
  {
    std::lock_guard guard{mutex_};
    std::move(records.begin(), records.end(), std::back_inserter(records_));
    if (--missing_ > 0)
      return;
  }
  // Each shard's are in order; those of several only by time.
  std::stable_sort(records_.begin(), records_.end(),
                   [](const captured& x, const captured& y) { return x.monotonic_ns < y.monotonic_ns; });
  std::string result = to_line(recorder_->header()) + "\n";
  const payload_policy payloads{{}};
  trace_entry entry;
  entry.link = recorder_->link();
  const auto offset = recorder_->wall_offset();
  for (const auto& x : records_) {
    fill(entry, x, payloads);
    entry.wall_ns = entry.monotonic_ns + offset;
    append_line(result, entry);
    result += '\n';
    ++entry.record;
  }
  done_(std::move(result));
}

} // namespace tandem
