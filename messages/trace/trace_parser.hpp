/// Parses one line of a trace file. It reads field by field and builds no document: a trace of a gigabyte takes seconds
/// to read.
#pragma once

#include "trace_entry.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tandem {

/// Keeps its buffers from line to line. Not thread-safe.
class trace_parser {
public:
  trace_parser();
  ~trace_parser();

  trace_parser(const trace_parser&) = delete;
  trace_parser& operator=(const trace_parser&) = delete;

  /// How many bytes behind a line must be readable; their content does not matter.
  static const size_t padding;

  enum class found {
    header, ///< header()
    entry,  ///< entry()
    other,  ///< an object that this version does not know
    broken, ///< error()
  };

  /// Reads `line`, which has `padding` bytes behind it.
  found parse(std::string_view line);

  trace_header& header() noexcept {
    return header_;
  }
  trace_entry& entry() noexcept {
    return *entry_;
  }
  /// Gives entry() away, and takes another one for the next lines; it must not be null.
  void exchange_entry(std::unique_ptr<trace_entry>& other) noexcept;
  const std::string& error() const noexcept {
    return error_;
  }

private:
  struct implementation;

  trace_header header_;
  std::unique_ptr<trace_entry> entry_ = std::make_unique<trace_entry>();
  std::string error_;
  std::unique_ptr<implementation> implementation_; ///< knows the others
};

/// Read one line of a kind each. If it is anything else: nothing, and `error` says what is wrong. Any thread.
std::optional<trace_entry> parse_entry(std::string_view line, std::string& error);
std::optional<trace_header> parse_header(std::string_view line, std::string& error);

} // namespace tandem
