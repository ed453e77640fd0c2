/// Trace files: what the recording link writes, one line for each ticket that passes, and what the trace tools read.
///
/// A trace file is text, one JSON object to a line (JSON lines, UTF-8). The first line is a header:
///
///     {"tandem_trace": 1, "node": "host/4711", "side": "front", "link": "orders", "start_wall_ns": ...,
///      "start_monotonic_ns": ...}
///
/// `tandem_trace` is the version of this format. Every other line is a record:
///
///     {"record": 0, "wall_ns": ..., "monotonic_ns": ..., "side": "front", "link": "orders",
///      "direction": "front to back", "ticket": {...}, "payload_size": 5}
///
/// | field | meaning |
/// | --- | --- |
/// | record | the number of the record in its run: 0, 1, 2, ... |
/// | wall_ns | when the ticket passed, nanoseconds since 1970 UTC; this clock may jump |
/// | monotonic_ns | the same by a clock that never goes back; comparable within one node and run only |
/// | side | "front" or "back": whose link recorded the ticket |
/// | link | the name of that link |
/// | direction | "front to back" or "back to front" |
/// | ticket | as in ticket_json.hpp; it may break the field rules, as it may have come from anywhere |
/// | payload_size | bytes that the payload takes on the wire; 0 if there is none, or they were not counted |
///
/// Objects that have no `ticket` are records of other kinds, for later versions; readers skip them. Fields beyond
/// these are skipped too. A program that is started again may append to its old file: another header follows, and the
/// numbers begin at 0 again. If it died in the midst of a line, that line is cut off and means nothing.
#pragma once

#include <tandem/messages/ticket.hpp>

#include <cstdint>
#include <cstdio>
#include <istream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tandem {

/// The version of the format that is written; readers take later ones too, as far as they understand them.
inline constexpr int trace_format = 1;

struct trace_header {
  int format = trace_format;
  std::string node;
  std::string side;
  std::string link;
  int64_t start_wall_ns = 0;
  int64_t start_monotonic_ns = 0;

  friend bool operator==(const trace_header&, const trace_header&) = default;
};

struct trace_record {
  uint64_t record = 0;
  int64_t wall_ns = 0;
  int64_t monotonic_ns = 0;
  std::string side;
  std::string link;
  std::variant<front_to_back_ticket, back_to_front_ticket> ticket;
  uint64_t payload_size = 0;

  /// "front to back" or "back to front"; follows from the ticket.
  std::string_view direction() const noexcept;
};

/// One line, without the newline. Never fails but for lack of memory.
std::string to_line(const trace_record& record);
std::string to_line(const trace_header& header);

/// Reads one line. Nothing if it is something else, and `error` says what is wrong. Payloads of types that are not
/// registered for JSON in this process become opaque payloads, whose values are lost: where these are wanted, read
/// the line as JSON.
std::optional<trace_record> parse_line(std::string_view line, std::string& error);
std::optional<trace_header> parse_header(std::string_view line, std::string& error);

/// True if both are the same, with payloads compared as in payload_json.hpp.
bool equal(const trace_record& x, const trace_record& y);

/// Reads a trace to its end, whatever state it is in. Lines that cannot be read do not stop it; it says afterwards, and
/// on the way, what it met. Not thread-safe.
class trace_reader {
public:
  /// Reads from `in`, which must outlive the reader; the first line is read at once for the header.
  explicit trace_reader(std::istream& in);

  /// The next record; nothing at the end.
  std::optional<trace_record> next();

  /// The header that holds for the record that `next` gave last; nothing if there is none.
  const std::optional<trace_header>& header() const noexcept {
    return header_;
  }

  /// The line that `next` read last, and its number from 1.
  const std::string& line() const noexcept {
    return line_;
  }
  uint64_t line_number() const noexcept {
    return line_number_;
  }

  /// How many records of kinds were skipped that this version does not know.
  uint64_t skipped() const noexcept {
    return skipped_;
  }

  /// What is odd but does no harm: a missing header, a line that was cut off, a later version of the format.
  const std::vector<std::string>& notes() const noexcept {
    return notes_;
  }

  /// Lines that cannot be read: "line 12: kind: expected ...".
  const std::vector<std::string>& errors() const noexcept {
    return errors_;
  }

private:
  bool read_line();
  std::optional<trace_record> take_line();
  void take_header(trace_header header);
  void settle_broken_line(bool was_cut_off);

  std::istream& in_;
  std::string line_;
  uint64_t line_number_ = 0;
  bool has_newline_ = false;
  bool pending_ = false; ///< line_ was read ahead, for the header, and is a record
  std::optional<trace_header> header_;
  std::optional<std::string> broken_; ///< about a line that cannot be read: cut off if a header or nothing follows
  uint64_t broken_line_ = 0;
  uint64_t skipped_ = 0;
  std::vector<std::string> notes_;
  std::vector<std::string> errors_;
};

/// Appends to a trace file. Thread-safe: lines of several threads do not mix. One writer to a file at a time.
class trace_writer {
public:
  /// Opens or makes the file and appends the header, on a new line if the file's last one was cut off. Throws
  /// std::system_error whose text names the file if that does not work.
  trace_writer(std::string path, const trace_header& header);

  /// Writes out what is left; an error at this point is lost, so call flush() where that matters.
  ~trace_writer() = default;

  trace_writer(const trace_writer&) = delete;
  trace_writer& operator=(const trace_writer&) = delete;

  /// Appends one record. Throws like the constructor, for instance when the disk is full.
  void write(const trace_record& record);

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

  void append(const std::string& line);
  [[noreturn]] void fail(int code) const;

  std::string path_;
  std::mutex mutex_;
  std::unique_ptr<std::FILE, closer> file_;
};

} // namespace tandem
