/// Reads a trace file (TRACE.md) in any state, in bounded memory.
///
///     std::ifstream in{"calls.jsonl", std::ios::binary};
///     trace_reader reader{in};
///     while (auto* entry = reader.next())
///       std::puts(std::string{to_string(entry->event)}.c_str());
#pragma once

#include "trace_parser.hpp"

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

/// A byte order mark at the beginning is skipped. Lines that cannot be read do not stop it; it counts them, and says
/// what is wrong with them. Not thread-safe.
class trace_reader {
public:
  /// Whether the file is still being written. If so, a last line without a newline does not count yet, and next() looks
  /// each time whether more has come.
  enum class growing { no, yes };

  /// Reads from `in`, which must outlive the reader; the first line is read at once for the header. Files are to be
  /// opened in binary mode.
  explicit trace_reader(std::istream& in, growing file = growing::no);

  /// The next entry, which is good until the next call and may be moved from; null at the end.
  trace_entry* next();

  /// Gives the last entry of next() to the caller, to keep it, and takes another one with the buffers that it has; not
  /// null. After next() only, if that gave one.
  void exchange_entry(std::unique_ptr<trace_entry>& other) noexcept {
    parser_.exchange_entry(other);
  }

  /// The header that holds for the last entry of next(); nothing if there is none.
  const std::optional<trace_header>& header() const noexcept {
    return header_;
  }

  /// How many headers there were.
  uint64_t headers() const noexcept {
    return headers_;
  }

  /// The line of the last entry of next(), good until the next call, and its number from 1.
  std::string_view line() const noexcept {
    return line_;
  }
  uint64_t line_number() const noexcept {
    return line_number_;
  }

  /// How many bytes were read.
  uint64_t bytes() const noexcept {
    return bytes_;
  }

  /// How many records were skipped because this version does not know their events.
  uint64_t skipped() const noexcept {
    return skipped_;
  }

  /// Notes about harmless oddities: a missing header, a line that was cut off, a later version of the format.
  const std::vector<std::string>& notes() const noexcept {
    return notes_;
  }

  /// How many lines cannot be read, and about the first of them: "line 12: kind: expected ...".
  uint64_t broken_lines() const noexcept {
    return broken_lines_;
  }
  const std::vector<std::string>& errors() const noexcept {
    return errors_;
  }

  /// What a file that begins with these bytes is instead of a trace: "it is compressed", ...; empty if it may be one.
  static std::string_view foreign_kind(std::string_view start) noexcept;

  /// Why a file without any header or record is no trace: "it is empty", "it is compressed", ...
  std::string why_no_trace() const;

  /// More than this many notes, and errors, are counted only.
  static constexpr size_t most_texts = 100;
  /// A line that is longer is a broken one.
  static constexpr size_t longest_line = size_t{256} << 20;

private:
  bool read_line();
  bool read_more();
  trace_entry* take_line();
  void take_header();
  void settle_broken_line(bool was_cut_off);
  void note(std::string text);
  void skip_mark();

  std::istream& in_;
  growing growing_;
  trace_parser parser_;
  std::string buffer_; ///< the bytes that were read; those from begin_ to end_ are not used yet, padding follows
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t searched_ = 0;   ///< from begin_ to here there is no newline
  bool too_long_ = false; ///< in the midst of a line that is longer than a line may be
  std::string_view line_;
  uint64_t line_number_ = 0;
  bool has_newline_ = false;
  bool pending_ = false; ///< line_ was read ahead, for the header
  std::optional<trace_header> header_;
  uint64_t headers_ = 0;
  std::optional<std::string> broken_; ///< about a line that cannot be read: cut off if a header or nothing follows
  uint64_t broken_line_ = 0;
  uint64_t bytes_ = 0;
  bool at_start_ = true;
  std::string foreign_; ///< what the file seems to be, by its first bytes; empty: a text
  uint64_t skipped_ = 0;
  uint64_t broken_lines_ = 0;
  std::vector<std::string> notes_;
  std::vector<std::string> errors_;
};

} // namespace tandem
