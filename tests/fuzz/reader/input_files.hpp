/// Bytes as a trace file, without a disk: for the fuzzer of the trace reader.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <streambuf>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace tandem_test {

/// A file of which only the first bytes have been written so far. What it is made of must outlive it.
class growing_bytes : public std::streambuf {
public:
  growing_bytes(std::string_view text, size_t written) : text_(text), written_(std::min(written, text.size())) {
  }

  bool is_all() const noexcept {
    return written_ == text_.size();
  }

  void grow(size_t bytes) {
    written_ += std::min(bytes, text_.size() - written_);
  }

protected:
  std::streamsize xsgetn(char* to, std::streamsize most) override {
    const auto count = std::min(static_cast<size_t>(most), written_ - read_);
    text_.copy(to, count, read_);
    read_ += count;
    return static_cast<std::streamsize>(count);
  }

  int_type underflow() override {
    return read_ < written_ ? traits_type::to_int_type(text_[read_]) : traits_type::eof();
  }

  int_type uflow() override {
    return read_ < written_ ? traits_type::to_int_type(text_[read_++]) : traits_type::eof();
  }

private:
  std::string_view text_;
  size_t written_;
  size_t read_ = 0;
};

/// A file in memory, for code that wants a path. Kept for the life of the program.
class memory_file {
public:
  memory_file() : descriptor_(memfd_create("trace", 0)) {
    if (descriptor_ < 0)
      fail("memfd_create");
  }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  void set(std::string_view content) const {
    if (ftruncate(descriptor_, 0) != 0
        || pwrite(descriptor_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size()))
      fail("writing a file in memory");
  }

  std::string path() const {
    return "/proc/self/fd/" + std::to_string(descriptor_);
  }

private:
  [[noreturn]] static void fail(const char* what) {
    std::perror(what);
    std::abort();
  }

  int descriptor_;
};

} // namespace tandem_test
