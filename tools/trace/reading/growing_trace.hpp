/// A trace that another process is still writing, and may rotate, truncate, or not have begun yet.
#pragma once

#include "trace_input.hpp"

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>

namespace tandem::cli {

/// Not thread-safe.
class growing_trace {
public:
  /// `path` need not exist yet. Oddities go to `notes`. With growing::no, a last line without a newline counts.
  growing_trace(std::string path, std::ostream& notes, trace_reader::growing file = trace_reader::growing::yes);
  ~growing_trace();

  /// Opens the file, to read from its last `lines` lines on. False if it is not there; throws user_error if it cannot
  /// be read.
  bool open(uint64_t lines);

  /// The next record, good until the next call; null if there is none now. After a rotation it goes on with the new
  /// file, once the old one was read to its end.
  const placed_entry* next();

  /// False if there was something in the files, but neither a header nor a record, so far.
  bool may_be_trace() const noexcept {
    return has_anything_ || told_errors_ == 0;
  }

private:
  struct source;

  const placed_entry* take(const trace_entry* entry);
  bool open_file(const std::string& path, uint64_t lines);
  std::string successor() const;
  void tell_notes();

  std::string path_;
  std::ostream& notes_;
  trace_reader::growing growing_;
  std::unique_ptr<source> source_; ///< null: not there yet
  placed_entry given_;
  uint64_t told_errors_ = 0;
  bool has_anything_ = false;
};

} // namespace tandem::cli
