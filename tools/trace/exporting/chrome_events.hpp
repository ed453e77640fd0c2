/// Traces as Chrome trace events, by the description "Trace Event Format" that Chromium's developers published: JSON
/// that Perfetto (ui.perfetto.dev) and chrome://tracing open.
///
/// A process for each node and side. In it, an async track for each operation (events b and e), its tickets and
/// annotations as instants on that track (n); and two threads, "tickets to the back" and "tickets to the front", with
/// a slice of a nanosecond for each ticket (X), from which arrows lead to the other side (s and f): arrows begin and
/// end at slices of threads only. Instants have the name of their operation, since Perfetto tells tracks apart by it.
///
/// Times count from a day before the first record, and otherData says when that was: since 1970 they would take more
/// digits than readers keep, and readers drop events before zero, where a record may be if a clock jumped back. They
/// show a document from its first event on.
#pragma once

#include "../../../messages/json/json_stream.hpp"
#include "../operations/spans.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace tandem::cli {

/// Writes one JSON document; readers put the events in order themselves.
class chrome_events {
public:
  /// `first_ns`: the time of the first record. Others are at most a day before it, or count as that.
  chrome_events(std::ostream& out, int64_t first_ns);

  /// A ticket or an annotation, when it happened.
  void add(const span& of, const span_event& event);

  /// An operation at a side, when it is over.
  void add(const span& ended);

  /// An event of a link.
  void add(const placed_entry& placed);

  /// The end of the document.
  void finish();

private:
  int64_t since_begin(int64_t ns) const noexcept {
    return std::max<int64_t>(ns - begin_ns_, 0);
  }
  uint64_t process(std::string_view node, trace_side side);
  template <class Fill>
  void write(Fill fill);
  void write_out();
  void write_async(std::string_view phase, const span& of, int64_t at_ns, std::string_view arguments);
  void write_consumption(const span& of, const span_event& event);

  struct known_process {
    std::string node;
    uint64_t pid = 0; ///< 0: none yet
  };

  std::ostream& out_;
  std::string buffer_;    ///< what is still to be written
  std::string arguments_; ///< of the ticket that is being added
  bool first_ = true;
  int64_t begin_ns_;
  std::map<std::pair<std::string, trace_side>, uint64_t> processes_;
  std::array<known_process, 2> last_; ///< by side: that of the record before is nearly always that of the next
};

} // namespace tandem::cli
