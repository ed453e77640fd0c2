/// How a recording is set up: what goes into a trace (messages/TRACE.md), and within which bounds.
///
///     recorder->start({.file = "calls.jsonl", .capture = "db.*{p:256}, -db.health",
///                      .profile = recording_profile::production, .file_bytes = 100 << 20, .files = 5});
#pragma once

#include "../../messages/payload.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace tandem {

/// How payloads are written.
enum class recording_profile : uint8_t {
  full, ///< as they are, as far as the capture filter allows
  /// Type, size and a keyed hash, unless `redact` says otherwise. Names, details and annotations are written as they
  /// are: a secret that must not be in a trace must not be in the text of an exception either.
  production,
};

/// Decides about one payload. Nothing: it is written as the profile says. Else the result is written in its place; an
/// empty one stands for "redacted" without a hash, as does an exception. The capture filter's limit holds for a
/// replacement too. Called by the recording's own thread.
using redaction = std::function<std::optional<payload>(const payload& content)>;

/// Every member has a default; name those that you change.
struct recording_options {
  /// The file to write. An existing trace is appended to; a file that does not begin as a trace is refused. Ends and
  /// links of one process may share a file, by whatever names; the first of them then decides about its limits. A named
  /// pipe is refused if nobody opens it for reading within a second (TRACE.md has more).
  std::string file = {};
  /// The node's name in the trace; empty: HOST/PROCESS.
  std::string node = {};
  /// Which operations are recorded, by name, and how many bytes of their payloads (capture_filter.hpp). Empty: all.
  std::string capture = {};
  /// The share of operations that is recorded, more than 0 and at most 1, chosen by trace id, or by operation id where
  /// there is none: all nodes that record the same share choose the same.
  double sample = 1;
  recording_profile profile = recording_profile::full;
  /// For the keyed hashes of `production`: equal payloads have equal hashes in recordings with the same key. Empty: a
  /// random one of this process.
  std::string key = {};
  redaction redact = {};
  /// Records for each payload, too, when the call of customer code that consumed it began, and how long it took
  /// (TRACE.md: `consumed`). For debugging: it tells who waited for whom, and is one record more for each payload. Of
  /// ends only; a link knows no consumers.
  bool consumption = false;
  /// At most so many records a second, further ones are dropped; 0: no limit. Operations that are recorded already may
  /// use the next second's share, so that they are recorded whole.
  uint64_t records_per_second = 0;
  /// The recording ends by itself after so many records; 0: no limit.
  uint64_t records = 0;
  /// A file that has so many bytes is renamed, and another begun; 0: no limit.
  uint64_t file_bytes = 0;
  /// How many files there may be, the current one included; beyond it the oldest is removed.
  uint64_t files = 1;
  /// How many records may wait to be written, and how many bytes their payloads may have; further ones are dropped.
  uint64_t waiting_records = 65536;
  uint64_t waiting_bytes = uint64_t{64} << 20;
};

/// Throws std::invalid_argument naming the option that makes no sense. Any thread.
void check_options(const recording_options& options);

} // namespace tandem
