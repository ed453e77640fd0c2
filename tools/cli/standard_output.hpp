/// Standard output: every command reports that it cannot be written.
#pragma once

#include <streambuf>
#include <string>

namespace tandem::cli {

/// Passes everything on to another buffer, and keeps the reason of the first failure: a stream knows only that it
/// failed.
class watched_buffer final : public std::streambuf {
public:
  explicit watched_buffer(std::streambuf& to) : to_(to) {
  }

  /// The errno of the first failure; 0 if there was none.
  int error() const noexcept {
    return error_;
  }

protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

private:
  template <class Write>
  bool attempt(Write write);

  std::streambuf& to_;
  int error_ = 0;
};

/// Watches std::cout while it lives.
class output_watch {
public:
  output_watch();
  ~output_watch();

  output_watch(const output_watch&) = delete;
  output_watch& operator=(const output_watch&) = delete;

  /// Hands everything to the operating system. Returns the first error since the beginning, in words; empty if there
  /// was none. A reader that has gone, such as head, is not an error.
  std::string finish();

private:
  std::streambuf* to_;
  watched_buffer buffer_;
};

/// If standard input, output or error is closed, puts a file in its place that can be neither read nor written.
/// Otherwise the next file that is opened would take that place.
void occupy_closed_streams();

/// Waits for this long at most; true as soon as nobody can read standard output any more.
bool reader_leaves_within(int milliseconds);

} // namespace tandem::cli
