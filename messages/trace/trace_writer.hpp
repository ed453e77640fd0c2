/// Appends to a trace file (TRACE.md), and begins a new one when it has grown large enough.
///
///     trace_writer writer{"calls.jsonl", header, {.file_bytes = 100 << 20, .files = 5}};
///     writer.write(entry);
///     writer.flush();
#pragma once

#include "trace_entry.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace tandem {

/// How large a trace may become. When the file has this size, it is renamed from `path` to `path`.1, that file to
/// `path`.2 and so on, and the oldest beyond `files` is removed.
struct trace_limits {
  uint64_t file_bytes = 0; ///< 0: no limit
  uint64_t files = 1;      ///< how many there may be, the current one included; at least 1
};

class trace_output;

/// Thread-safe: lines of several threads do not mix, nor do those of several writers to a file; but each writer numbers
/// its records for itself. A write raises no signal (SIGPIPE, SIGXFSZ), and waits for the reader of a pipe no longer
/// than trace_output.hpp says.
class trace_writer {
public:
  /// Opens or makes the file and appends the header, on a new line if the file's last one was cut off. Children of the
  /// process do not inherit the file. Throws std::system_error naming the file if that fails, also for a named pipe
  /// that nobody opens for reading within a second, and std::invalid_argument for limits that make no sense and for a
  /// file that has something and does not begin as a trace, to which nothing is appended.
  trace_writer(std::string path, trace_header header, trace_limits limits = {});

  /// Writes out the rest; an error at this point is lost, so call flush() where errors matter.
  ~trace_writer();

  trace_writer(const trace_writer&) = delete;
  trace_writer& operator=(const trace_writer&) = delete;

  /// Appends one entry, whose `record` it sets to the next number. Throws std::system_error like the constructor, for
  /// instance when the disk is full or the reader of a pipe has gone.
  void write(trace_entry& entry);
  void write(trace_entry&& entry) {
    write(entry);
  }

  /// Appends another header: the numbers of records begin anew.
  void begin_run(trace_header header);

  /// How many entries were written since the last header that is not that of a rotated part.
  uint64_t records() const;

  /// Hands everything written so far to the operating system. Throws like write().
  void flush();

  /// The name as it was given.
  const std::string& path() const noexcept {
    return path_;
  }

  /// Whether this name is that of the file that it writes now, however it is spelt, and by whatever links.
  bool writes_to(const std::string& path) const;

private:
  void open(const std::string& path);
  void rotate();

  std::string path_;
  trace_header header_;
  trace_limits limits_;
  mutable std::mutex mutex_;    // guards the members below
  mutable std::mutex renaming_; // locked after mutex_ while out_ changes, so that writes_to() does not wait for a disk
  std::unique_ptr<trace_output> out_;
  std::string line_;
  uint64_t next_record_ = 0;
};

} // namespace tandem
