/// A trace that another process is still writing: a file, which it may rotate, truncate, or not have begun yet, or a
/// stream, such as a pipe, which may be compressed, and is over when nobody writes to it any more.
#pragma once

#include "trace_input.hpp"

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

namespace tandem::cli {

/// Not thread-safe.
class growing_trace {
public:
  /// `path` need not exist yet; "-" is standard input. Oddities go to `notes`. With growing::no, a last line without a
  /// newline counts.
  /// `name`: what notes call the file, if not by its path.
  growing_trace(std::string path, std::ostream& notes, trace_reader::growing file = trace_reader::growing::yes,
                std::string name = {});
  ~growing_trace();

  /// Opens the file, to read from its last `lines` lines on. False if it is not there; throws user_error if it cannot
  /// be read. A stream is read from its beginning.
  bool open(uint64_t lines);

  /// The next record, good until the next call; null if there is none now. After a rotation it goes on with the new
  /// file, once the old one was read to its end.
  const placed_entry* next();

  /// True for a stream that is over: there will be nothing more.
  bool is_over() const noexcept;

  /// At the end: notes what is wrong with the compression of a stream. False if anything is.
  bool finish();

  /// There was a header or a record so far.
  bool has_anything() const noexcept {
    return has_anything_;
  }

private:
  struct source;

  const placed_entry* take(const trace_entry* entry);
  bool open_file(const std::string& path, uint64_t lines);
  std::string successor() const;
  const char* where() const noexcept;
  void tell_notes();
  void tell_gap();

  std::string path_;
  std::string name_; ///< printable
  std::ostream& notes_;
  trace_reader::growing growing_;
  std::unique_ptr<source> source_; ///< null: not there yet
  placed_entry given_;
  uint64_t told_errors_ = 0;
  uint64_t seen_headers_ = 0;           ///< of source_
  std::optional<int64_t> recording_;    ///< when the recording began whose records are read
  std::optional<uint64_t> next_record_; ///< the number that comes next
  bool has_anything_ = false;
};

} // namespace tandem::cli
