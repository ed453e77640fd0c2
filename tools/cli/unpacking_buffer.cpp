#include "unpacking_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <zlib.h>
#include <zstd.h>

namespace tandem::cli {

namespace {

using unpacker = unpacking_buffer::unpacker;

constexpr std::string_view gzip_mark = "\x1f\x8b";
constexpr std::string_view zstd_mark = "\x28\xb5\x2f\xfd";

std::string_view name_of(packing x) noexcept {
  return x == packing::gzip ? "gzip" : "zstd";
}

/// One member after the other: files that were put together are one file.
class gzip_unpacker final : public unpacker {
public:
  gzip_unpacker() {
    constexpr int largest_window = 15;
    constexpr int gzip_only = 16;
    if (inflateInit2(&state_, largest_window + gzip_only) != Z_OK)
      throw std::bad_alloc{};
  }
  ~gzip_unpacker() override {
    inflateEnd(&state_);
  }

  step unpack(std::string_view in, char* to, size_t size) override {
    step done{0, 0};
    if (!problem_.empty())
      throw std::runtime_error{problem_};
    if (!is_within_) {
      // Tapes and some programs fill the last block with zeros.
      done.used = std::min(in.find_first_not_of('\0'), in.size());
      if (done.used == in.size())
        return done;
      if (in[done.used] != gzip_mark[0])
        throw std::runtime_error{"something else follows it"};
      inflateReset(&state_);
      is_within_ = true;
    }
    auto* begin = reinterpret_cast<const Bytef*>(in.data()) + done.used;
    state_.next_in = const_cast<Bytef*>(begin); // which it does not write
    state_.avail_in = static_cast<uInt>(in.size() - done.used);
    state_.next_out = reinterpret_cast<Bytef*>(to);
    state_.avail_out = static_cast<uInt>(std::min<size_t>(size, UINT32_MAX));
    const int result = inflate(&state_, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR)
      throw std::bad_alloc{};
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)     // the last one: it needs more
      problem_ = state_.msg != nullptr ? state_.msg : "it needs a dictionary"; // told after what came before it
    is_within_ = result != Z_STREAM_END;
    done.used += static_cast<size_t>(state_.next_in - begin);
    done.made = static_cast<size_t>(state_.next_out - reinterpret_cast<Bytef*>(to));
    return done;
  }

  bool is_within() const noexcept override {
    return is_within_;
  }

private:
  z_stream state_{};
  bool is_within_ = true;
  std::string problem_;
};

/// One frame after the other, those that are to be skipped too.
class zstd_unpacker final : public unpacker {
public:
  zstd_unpacker() : state_(ZSTD_createDStream()) {
    if (state_ == nullptr)
      throw std::bad_alloc{};
  }
  ~zstd_unpacker() override {
    ZSTD_freeDStream(state_);
  }

  step unpack(std::string_view in, char* to, size_t size) override {
    if (in.empty() && !is_within_)
      return {0, 0}; // else it would wait for another frame
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer into{to, size, 0};
    const size_t left = ZSTD_decompressStream(state_, &into, &from);
    if (ZSTD_isError(left) != 0)
      throw std::runtime_error{ZSTD_getErrorName(left)};
    is_within_ = left > 0;
    return {from.pos, into.pos};
  }

  bool is_within() const noexcept override {
    return is_within_;
  }

private:
  ZSTD_DStream* state_;
  bool is_within_ = true;
};

} // namespace

packing packing_of(std::string_view start) noexcept {
  return start.starts_with(gzip_mark) ? packing::gzip : start.starts_with(zstd_mark) ? packing::zstd : packing::none;
}

packing packing_of_file(const std::string& file) {
  const std::string path = file == "-" ? "/dev/stdin" : file;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    return packing::none;
  std::ifstream in{path, std::ios::binary};
  char start[zstd_mark.size()];
  in.read(start, sizeof start);
  return packing_of({start, static_cast<size_t>(in.gcount())});
}

unpacking_buffer::unpacking_buffer(std::streambuf& from) : from_(from) {
}

unpacking_buffer::~unpacking_buffer() = default;

std::string unpacking_buffer::problem() const {
  if (!is_known_ && is_dry_ && begin_ < end_)
    return "it ends in its first bytes, which are those of a compressed file";
  const auto what = "its " + std::string{name_of(packing_)} + " data ";
  if (!damage_.empty())
    return what + "is damaged: " + damage_;
  return unpacker_ != nullptr && is_dry_ && unpacker_->is_within() ? what + "is cut off" : "";
}

/// Reads more; false if there is nothing now.
bool unpacking_buffer::fetch() {
  if (begin_ == end_)
    begin_ = end_ = 0;
  packed_.resize(block);
  const auto count = from_.sgetn(packed_.data() + end_, static_cast<std::streamsize>(block - end_));
  is_dry_ = count <= 0;
  end_ += is_dry_ ? 0 : static_cast<size_t>(count);
  return !is_dry_;
}

/// False if what is there by now may be the beginning of anything.
bool unpacking_buffer::recognize() {
  while (!is_known_) {
    const std::string_view start{packed_.data() + begin_, end_ - begin_};
    packing_ = packing_of(start);
    if (packing_ == packing::gzip)
      unpacker_ = std::make_unique<gzip_unpacker>();
    else if (packing_ == packing::zstd)
      unpacker_ = std::make_unique<zstd_unpacker>();
    is_known_ = unpacker_ != nullptr || !(zstd_mark.starts_with(start) || gzip_mark.starts_with(start));
    if (!is_known_ && !fetch())
      return false;
  }
  return true;
}

std::streamsize unpacking_buffer::give(char* to, std::streamsize size) {
  if (!recognize() || !damage_.empty())
    return 0;
  if (unpacker_ == nullptr) {
    const auto left = std::min(size, static_cast<std::streamsize>(end_ - begin_));
    if (left == 0)
      return from_.sgetn(to, size);
    std::memcpy(to, packed_.data() + begin_, static_cast<size_t>(left));
    begin_ += static_cast<size_t>(left);
    return left;
  }
  std::streamsize made = 0;
  for (bool has_more = true; has_more && made < size && damage_.empty();) {
    has_more = begin_ < end_ || fetch();
    try { // also if there is no more: what was taken may not all have been given
      const auto step
        = unpacker_->unpack({packed_.data() + begin_, end_ - begin_}, to + made, static_cast<size_t>(size - made));
      begin_ += step.used;
      made += static_cast<std::streamsize>(step.made);
    } catch (const std::runtime_error& e) {
      damage_ = e.what();
    }
  }
  return made;
}

unpacking_buffer::int_type unpacking_buffer::underflow() {
  const auto count = give(unpacked_.data(), static_cast<std::streamsize>(unpacked_.size()));
  if (count <= 0)
    return traits_type::eof();
  setg(unpacked_.data(), unpacked_.data(), unpacked_.data() + count);
  return traits_type::to_int_type(unpacked_[0]);
}

std::streamsize unpacking_buffer::xsgetn(char* to, std::streamsize size) {
  if (const auto ready = std::min<std::streamsize>(size, egptr() - gptr()); ready > 0) {
    std::memcpy(to, gptr(), static_cast<size_t>(ready));
    gbump(static_cast<int>(ready));
    return ready;
  }
  return give(to, size);
}

} // namespace tandem::cli
