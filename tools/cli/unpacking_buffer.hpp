/// Reads what may be compressed by gzip or zstd: its first bytes tell.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <streambuf>
#include <string>
#include <string_view>

namespace tandem::cli {

/// How a file is compressed.
enum class packing : uint8_t { none, gzip, zstd };

/// By the first bytes of a file.
packing packing_of(std::string_view start) noexcept;

/// By the file itself, "-" being standard input; `none` for one that is no regular file, or cannot be read.
packing packing_of_file(const std::string& file);

/// Gives what another buffer gives, unpacked if that is compressed. Where the other one has nothing now, such as a pipe
/// that is still written to, it has nothing either, and may be asked again. Memory is bounded: a megabyte at most for
/// gzip, and for zstd the window that the file wants, of 128 MB at most.
class unpacking_buffer final : public std::streambuf {
public:
  /// `from` must outlive it.
  explicit unpacking_buffer(std::streambuf& from);
  ~unpacking_buffer() override;

  unpacking_buffer(const unpacking_buffer&) = delete;
  unpacking_buffer& operator=(const unpacking_buffer&) = delete;

  /// Once reading has come to the end of `from`: what is wrong with the compressed data, such as "its gzip data is cut
  /// off"; empty if nothing is.
  std::string problem() const;

  /// Undoes the compression of a stream. Internal.
  class unpacker {
  public:
    virtual ~unpacker() = default;

    struct step {
      size_t used;
      size_t made;
    };
    /// Unpacks from `in`, which may be empty, into `size` bytes at `to`, as far as either lasts. Throws
    /// std::runtime_error that says what is wrong with the data.
    virtual step unpack(std::string_view in, char* to, size_t size) = 0;

    /// More has to come.
    virtual bool is_within() const noexcept = 0;
  };

protected:
  int_type underflow() override;
  std::streamsize xsgetn(char* to, std::streamsize size) override;

private:
  bool fetch();
  bool recognize();
  std::streamsize give(char* to, std::streamsize size);

  static constexpr size_t block = size_t{64} << 10;

  std::streambuf& from_;
  bool is_known_ = false; ///< whether it is compressed
  packing packing_ = packing::none;
  std::unique_ptr<unpacker> unpacker_;
  std::string packed_; ///< what was read of `from`; from begin_ to end_ it is not used yet
  size_t begin_ = 0;
  size_t end_ = 0;
  bool is_dry_ = false; ///< `from` gave nothing when it was asked last
  std::string damage_;
  std::array<char, 4096> unpacked_; ///< for those who ask for single characters
};

} // namespace tandem::cli
