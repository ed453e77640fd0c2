/// Traces that a test writes record by record, for cases that the golden ones do not have.
#pragma once

#include "tandem_process.hpp"

#include "../../messages/json/json_stream.hpp"
#include "../../messages/trace/trace_line.hpp"

#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem_test {

inline const std::string golden_folder = std::string{TANDEM_SOURCE_DIR} + "/tests/trace/golden/";

/// Compares `text` with a file in golden/; if TANDEM_UPDATE_GOLDEN is set in the environment, writes it there.
inline void check_golden_text(const std::string& text, const std::string& name) {
  if (std::getenv("TANDEM_UPDATE_GOLDEN") != nullptr)
    std::ofstream{golden_folder + name, std::ios::binary} << text;
  CHECK(text == content_of(golden_folder + name));
}

/// Names of files stand in outputs with folders that differ from machine to machine.
inline std::string without_folders(std::string text) {
  for (auto at = text.find(golden_folder); at != std::string::npos; at = text.find(golden_folder))
    text.erase(at, golden_folder.size());
  return text;
}

/// The result of a command of `tandem trace`.
struct printed {
  int status;
  std::string out;
  std::string notes;
};

template <class Options>
printed run_command(int (*command)(const Options&, std::ostream&, std::ostream&),
                    const std::type_identity_t<Options>& options) {
  std::ostringstream out;
  std::ostringstream notes;
  const int status = command(options, out, notes);
  return {status, out.str(), notes.str()};
}

/// Traces of several nodes that call one another.
inline std::vector<std::string> shop() {
  return {golden_folder + "shop/web.jsonl", golden_folder + "shop/orders-1.jsonl",
          golden_folder + "shop/orders-2.jsonl", golden_folder + "shop/stock.jsonl"};
}

/// The lines of one node's trace. Times are microseconds since the beginning of the test's time.
class written_trace {
public:
  written_trace(tandem::trace_side side, const std::string& node) : side_(side) {
    header(node);
  }

  static constexpr int64_t start_wall_ns = 1'700'000'000'000'000'000;

  /// A new run begins, or a further part of one.
  void header(const std::string& node, uint64_t part = 0) {
    tandem::trace_header x;
    x.node = node;
    x.part = part;
    x.first_record = part > 0 ? records_ : 0;
    x.side = to_string(side_);
    x.link = "link";
    x.start_wall_ns = start_wall_ns + clock_ns;
    append_line(text_, x);
    text_ += '\n';
    records_ = x.first_record;
  }

  /// What was written so far goes into a file of its own.
  std::string take_text() {
    return std::exchange(text_, {});
  }

  /// How far this node's wall clock is ahead.
  int64_t clock_ns = 0;

  tandem::trace_entry entry(tandem::trace_event event, uint64_t operation, int64_t microseconds) {
    tandem::trace_entry x;
    x.event = event;
    x.side = side_;
    x.wall_ns = start_wall_ns + microseconds * 1000 + clock_ns;
    x.monotonic_ns = microseconds * 1000;
    x.link = "link";
    x.operation = {0x3f2a9c0000000001, operation};
    return x;
  }

  void add(tandem::trace_entry x) {
    x.record = records_++;
    append_line(text_, x);
    text_ += '\n';
  }

  void begun(uint64_t operation, int64_t microseconds, const std::string& name,
             std::optional<tandem::duration> timeout = {}, std::optional<uint64_t> parent = {}) {
    auto x = entry(tandem::trace_event::begun, operation, microseconds);
    x.name = name;
    x.subscription = tandem::subscription_kind::full;
    x.timeout = timeout;
    if (parent)
      x.parent = tandem::operation_id{x.operation.high, *parent};
    add(x);
  }

  void ended(uint64_t operation, int64_t microseconds, tandem::outcome outcome, const std::string& details = {}) {
    auto x = entry(tandem::trace_event::ended, operation, microseconds);
    x.ended = outcome;
    x.details = details;
    add(x);
  }

  void ticket(tandem::trace_event event, uint64_t operation, int64_t microseconds, uint64_t number,
              tandem::ticket_kind kind, const std::string& payload = {}, std::optional<tandem::duration> timeout = {}) {
    auto x = entry(event, operation, microseconds);
    x.sequence_number = {number};
    x.kind = kind;
    x.timeout = timeout;
    if (is_first(kind)) {
      x.name = name;
      x.subscription = subscription;
      x.trace_id = trace_id;
    }
    if (!payload.empty()) {
      x.payload.emplace();
      tandem::append_json_text(x.payload->json, payload);
      x.payload_size = payload.size();
    }
    add(x);
  }

  // Of the first tickets to come.
  std::string name = "echo";
  tandem::subscription_kind subscription = tandem::subscription_kind::full;
  std::optional<tandem::trace_id> trace_id;

  const std::string& text() const {
    return text_;
  }

private:
  tandem::trace_side side_;
  uint64_t records_ = 0;
  std::string text_;
};

} // namespace tandem_test
