/// Appends to a trace file (TRACE.md), and begins a new one when it has grown large enough.
///
///     trace_writer writer{"calls.jsonl", header, {.file_bytes = 100 << 20, .files = 5}};
///     writer.write(entry);
///     writer.flush();
#pragma once

#include "trace_entry.hpp"

#include <cstdint>
#include <cstdio>
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

/// Thread-safe: lines of several threads do not mix. One writer to a file at a time.
class trace_writer {
public:
  /// Opens or makes the file and appends the header, on a new line if the file's last one was cut off. Throws
  /// std::system_error naming the file if that fails, and std::invalid_argument for limits that make no sense.
  trace_writer(std::string path, trace_header header, trace_limits limits = {});

  /// Writes out the rest; an error at this point is lost, so call flush() where errors matter.
  ~trace_writer() = default;

  trace_writer(const trace_writer&) = delete;
  trace_writer& operator=(const trace_writer&) = delete;

  /// Appends one entry, whose `record` it sets to the next number. Throws like the constructor, for instance when the
  /// disk is full.
  void write(trace_entry& entry);
  void write(trace_entry&& entry) {
    write(entry);
  }

  /// Appends another header: the numbers of records begin anew.
  void begin_run(trace_header header);

  /// How many entries were written since the last header that is not that of a rotated part.
  uint64_t records() const;

  /// Hands everything written so far to the operating system. Throws like the constructor.
  void flush();

  const std::string& path() const noexcept {
    return path_;
  }

private:
  struct closer {
    void operator()(std::FILE* file) const noexcept {
      std::fclose(file);
    }
  };

  void open();
  void rotate();
  void append(std::string_view line);
  [[noreturn]] void fail(const char* what, int code) const;

  std::string path_;
  trace_header header_;
  trace_limits limits_;
  mutable std::mutex mutex_; // guards the members below
  std::unique_ptr<std::FILE, closer> file_;
  std::string line_;
  uint64_t next_record_ = 0;
  uint64_t size_ = 0;
};

} // namespace tandem
