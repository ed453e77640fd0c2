#include "growing_trace.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/text.hpp"

#include <array>
#include <cerrno>
#include <istream>
#include <ostream>
#include <streambuf>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

/// A rotated recording has no more parts than this that one could miss at a time.
constexpr int most_parts = 1000;

/// Reads a descriptor, which it owns; at the end of the file it may be asked again.
class descriptor_buffer final : public std::streambuf {
public:
  explicit descriptor_buffer(int descriptor) : descriptor_(descriptor) {
  }
  ~descriptor_buffer() override {
    ::close(descriptor_);
  }
  descriptor_buffer(const descriptor_buffer&) = delete;
  descriptor_buffer& operator=(const descriptor_buffer&) = delete;

protected:
  int_type underflow() override {
    const auto count = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (count <= 0)
      return traits_type::eof();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
    return traits_type::to_int_type(buffer_[0]);
  }

private:
  int descriptor_;
  std::array<char, 65536> buffer_;
};

/// Where the last `lines` lines of a file begin; a last line without a newline counts.
off_t offset_of_last_lines(int descriptor, uint64_t lines) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0)
    return 0;
  std::array<char, 65536> block;
  off_t end = status.st_size;
  bool at_end = true; // the newline that ends the last line separates nothing
  if (lines == 0)
    return end;
  while (end > 0) {
    const auto size = std::min<off_t>(end, static_cast<off_t>(block.size()));
    const auto count = ::pread(descriptor, block.data(), static_cast<size_t>(size), end - size);
    if (count != size)
      return 0;
    for (auto i = size; i-- > 0;) {
      const bool separates = block[static_cast<size_t>(i)] == '\n' && !at_end;
      at_end = false;
      if (separates && --lines == 0)
        return end - size + i + 1;
    }
    end -= size;
  }
  return 0;
}

bool same_file(const struct stat& x, const struct stat& y) {
  return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

} // namespace

struct growing_trace::source {
  source(int descriptor, off_t offset, trace_reader::growing growing)
    : descriptor(descriptor), offset(offset), buffer(descriptor), in(&buffer), reader(in, growing) {
  }

  /// The file that it reads, as it is now.
  struct stat status() const {
    struct stat result {};
    ::fstat(descriptor, &result);
    return result;
  }

  int descriptor;
  off_t offset; ///< where it began to read
  descriptor_buffer buffer;
  std::istream in;
  trace_reader reader;
};

growing_trace::growing_trace(std::string path, std::ostream& notes, trace_reader::growing file)
  : path_(std::move(path)), notes_(notes), growing_(file) {
}

growing_trace::~growing_trace() = default;

bool growing_trace::open(uint64_t lines) {
  return open_file(path_, lines);
}

bool growing_trace::open_file(const std::string& path, uint64_t lines) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT)
      return false;
    throw user_error{cannot_read(path, errno)};
  }
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    throw user_error{cannot_read(path, EISDIR)};
  }
  const auto offset = lines == UINT64_MAX ? 0 : offset_of_last_lines(descriptor, lines);
  ::lseek(descriptor, offset, SEEK_SET);
  source_ = std::make_unique<source>(descriptor, offset, growing_);
  told_errors_ = 0;
  return true;
}

const placed_entry* growing_trace::take(const trace_entry* entry) {
  tell_notes();
  const auto& reader = source_->reader;
  has_anything_ = has_anything_ || entry != nullptr || reader.headers() > 0;
  if (entry == nullptr)
    return nullptr;
  given_
    = {entry, 0, reader.line_number(), reader.line(), reader.header() ? &*reader.header() : nullptr, entry->wall_ns, 0};
  return &given_;
}

const placed_entry* growing_trace::next() {
  if (source_ == nullptr && !open_file(path_, UINT64_MAX))
    return nullptr;
  if (const auto* x = take(source_->reader.next()))
    return x;
  const auto mine = source_->status();
  if (mine.st_size < source_->offset + static_cast<off_t>(source_->reader.bytes())) {
    notes_ << "tandem: " << printable(path_) << " was truncated; reading it from its beginning\n";
    return open_file(path_, UINT64_MAX) ? take(source_->reader.next()) : nullptr;
  }
  struct stat there {};
  if (::stat(path_.c_str(), &there) != 0 || same_file(there, mine))
    return nullptr;
  // Another file has taken its place. What was written to the old one before that comes first.
  if (const auto* x = take(source_->reader.next()))
    return x;
  return open_file(successor(), UINT64_MAX) ? take(source_->reader.next()) : nullptr;
}

/// The file that was begun when ours was renamed: two rotations may have come one right after the other.
std::string growing_trace::successor() const {
  const auto mine = source_->status();
  auto name = path_;
  for (int age = 1; age < most_parts; ++age) {
    const auto older = path_ + "." + std::to_string(age);
    struct stat there {};
    if (::stat(older.c_str(), &there) != 0)
      break;
    if (same_file(there, mine))
      return name;
    name = older;
  }
  return path_;
}

void growing_trace::tell_notes() {
  const auto& reader = source_->reader;
  for (; told_errors_ < reader.errors().size(); ++told_errors_)
    notes_ << "tandem: " << printable(path_) << ": " << printable(reader.errors()[told_errors_]) << '\n';
}

} // namespace tandem::cli
