#include "flight_record.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "trace_sink.hpp"

#include <algorithm>
#include <utility>

namespace tandem {

flight_record::flight_record(std::shared_ptr<trace_recorder> recorder, size_t shards,
                             std::function<void(std::string)> done)
  : recorder_(std::move(recorder)), missing_(shards), done_(std::move(done)) {
}

void flight_record::add(std::vector<captured> records) {
  {
    std::lock_guard guard{mutex_};
    int64_t latest = INT64_MIN;
    for (auto& x : records) {
      latest = std::max(latest, x.monotonic_ns);
      records_.push_back({latest, std::move(x)});
    }
    if (--missing_ > 0)
      return;
  }
  std::stable_sort(records_.begin(), records_.end(),
                   [](const placed& x, const placed& y) { return x.latest < y.latest; });
  auto header = recorder_->header();
  for (const auto& x : records_) { // it was begun when the first of them came, not now
    const auto earlier = std::max<int64_t>(header.start_monotonic_ns - x.record.monotonic_ns, 0);
    header.start_monotonic_ns -= earlier;
    header.start_wall_ns -= earlier;
  }
  std::string result = to_line(header) + "\n";
  const payload_policy payloads{{}};
  trace_entry entry;
  entry.link = recorder_->link();
  const auto offset = recorder_->wall_offset();
  for (const auto& x : records_) {
    fill(entry, x.record, payloads);
    entry.wall_ns = entry.monotonic_ns + offset;
    append_line(result, entry);
    result += '\n';
    ++entry.record;
  }
  done_(std::move(result));
}

} // namespace tandem
