/// The traces that a command reads: one or several files as one sequence of entries, in bounded memory.
///
///     trace_input input{options.files, std::cerr};
///     while (const auto* x = input.next())
///       ... x->entry, x->file, x->line_number ...
///     return input.finish();
#pragma once

#include "stream_copies.hpp"

#include "../../../messages/trace/trace_reader.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

/// An entry, and where it stands. Good until the next call of next().
struct placed_entry {
  const trace_entry* entry = nullptr;
  size_t file = 0; ///< index into the files
  uint64_t line_number = 0;
  std::string_view line;
  const trace_header* header = nullptr; ///< that holds for it; null if there is none
  int64_t wall_ns = 0;                  ///< the entry's, plus the offset of its run
  uint64_t run = 0;                     ///< of its file: how many headers there were that began a new run
  uint64_t missing = 0;                 ///< by the numbers: how many records are not there between it and the last one

  /// The node that recorded it; empty if that is not known.
  std::string_view node() const noexcept {
    return !entry->node.empty() ? std::string_view{entry->node} : header != nullptr ? header->node : std::string_view{};
  }
};

class trace_input {
public:
  /// `files`: "-" is standard input. If `copies` has a path for a file, that is read in its place. Oddities go to
  /// `notes`, a line each, beginning with "tandem: ".
  trace_input(std::vector<std::string> files, std::ostream& notes, stream_paths copies = {});
  ~trace_input();

  /// The next entry: of one file, in the order of the file; of several, the earliest by wall_ns plus the offset of its
  /// run, but the parts of one rotated recording one after the other. Null at the end.
  const placed_entry* next();

  /// What to add to the wall clock of a run, by its file and its header, for runs whose clocks differ (merge).
  using clock_corrections = std::function<int64_t(size_t file, const trace_header* header)>;

  /// Before the first next().
  void set_offsets(clock_corrections corrections);

  const std::vector<std::string>& files() const noexcept {
    return files_;
  }

  const stream_paths& copies() const noexcept {
    return copies_;
  }

  /// The first header of a file, until next() is called; null if there is none.
  const trace_header* header_of(size_t file) const;

  /// Whether a file has a header or a record: others are no traces.
  bool has_anything(size_t file) const;

  /// The header of the last entry, for those who keep the entry; null if there is none.
  const std::shared_ptr<const trace_header>& shared_header() const noexcept;

  /// Gives the last entry to the caller, to keep it, and takes another one, not null, for its buffers. Once, until
  /// next() is called.
  void exchange_entry(std::unique_ptr<trace_entry>& other) noexcept;

  /// The name of a file in messages: its own, or "standard input".
  std::string name_of(size_t file) const;

  /// The reader of a file, which knows its oddities; null if the file cannot be read.
  const trace_reader* reader_of(size_t file) const;

  /// How many bytes were read of all files.
  uint64_t bytes() const;

  /// Writes the notes about what was read; returns exit_good, or exit_error if a file could not be read or is no trace.
  int finish();

private:
  struct source;

  void open(size_t file);
  void refuse(size_t file, int error);
  void order_parts();
  static bool comes_after(const source& x, const source& y);
  bool advance(source& x);
  static uint64_t count_missing(source& x);

  std::vector<std::string> files_;
  std::ostream& notes_;
  stream_paths copies_;
  clock_corrections corrections_;                ///< none: all are zero
  std::vector<std::unique_ptr<source>> sources_; ///< null: cannot be read
  source* current_ = nullptr;                    ///< whose entry was given last
  placed_entry given_;
  bool good_ = true;
};

} // namespace tandem::cli
