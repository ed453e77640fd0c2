/// Reads a stream piece by piece, never more than a piece ahead, and can be told to stop while it waits for input.
#pragma once

#include "event_pipe.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace tandem::cli {

enum class piece { line, chunk };

class input_reader {
public:
  static constexpr size_t chunk_size = size_t{64} << 10;
  /// A longer line comes in pieces, so that no input can exhaust the memory.
  static constexpr size_t longest_line = size_t{1} << 20;

  /// Opens a file, or standard input for "-". Throws user_error naming the file.
  input_reader(const std::string& path, piece kind);
  ~input_reader();

  input_reader(const input_reader&) = delete;
  input_reader& operator=(const input_reader&) = delete;

  /// The next line without its newline, or the next chunk. Nothing at the end, and once stop() was called. Throws
  /// user_error if reading fails.
  std::optional<std::string> next();

  /// Makes next() return at once from now on. Any thread.
  void stop() noexcept {
    stop_.send('s');
  }

private:
  std::optional<std::string> next_line();
  std::optional<std::string> next_chunk();
  /// Appends what there is to the buffer; false at the end.
  bool fill();

  std::string name_;
  piece kind_;
  int file_;
  event_pipe stop_;
  std::string buffer_;
  size_t taken_ = 0; // of the buffer
  bool ended_ = false;
};

} // namespace tandem::cli
