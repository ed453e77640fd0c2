/// The file of a trace that is being written: whole lines, to a file, a pipe or a device. What goes wrong with it is an
/// exception and never a signal, and no call waits for a reader without an end. Internal to trace_writer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem {

/// Not thread-safe, but for is_at().
class trace_output {
public:
  /// How long to wait for somebody who opens the other end of a named pipe, and for one who takes something from it.
  static constexpr std::chrono::milliseconds patience_for_reader{1000};
  static constexpr std::chrono::milliseconds patience_while_full{5000};

  /// Opens the file for appending, or makes it; a child of this process does not inherit it. Throws std::system_error
  /// naming the file if that fails, also for a named pipe that nobody reads, and std::invalid_argument for a file that
  /// has something and does not begin as a trace.
  explicit trace_output(const std::string& path);

  /// Writes out what is left, unless something has failed before; an error at this point is lost.
  ~trace_output();

  trace_output(const trace_output&) = delete;
  trace_output& operator=(const trace_output&) = delete;

  /// Takes a line, to which it adds the newline. The operating system gets whole lines, so that those of several
  /// writers to one file do not mix. Throws std::system_error as the constructor does, also for a reader that is gone.
  void append(std::string_view line);

  /// Hands everything to the operating system. Throws as append() does.
  void flush();

  /// How many bytes the file has, with those that are not handed over yet; 0 for what has no size when it is opened.
  uint64_t size() const noexcept {
    return size_;
  }

  /// Whether this name, however it is spelt or linked, is that of this file now. Any thread.
  bool is_at(const std::string& path) const noexcept;

  /// The name that does not depend on the working directory and on links, under which the file can be renamed.
  const std::string& place() const noexcept {
    return place_;
  }

private:
  void open();
  void begin_on_new_line();
  void write_all();
  [[noreturn]] void fail(int code, const char* why = "") const;

  std::string path_; ///< as it was given
  std::string place_;
  int file_ = -1;
  uint64_t device_ = 0;
  uint64_t number_ = 0; ///< of the file on its device
  uint64_t size_ = 0;
  std::string buffer_;
  size_t written_ = 0; ///< how many bytes of buffer_ the operating system has
  bool has_failed_ = false;
};

} // namespace tandem
