#include "growing_trace.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/text.hpp"
#include "../../cli/trace_notes.hpp"
#include "../../cli/unpacking_buffer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <istream>
#include <ostream>
#include <streambuf>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

/// A rotated recording has no more parts than this that one could miss at a time.
constexpr int most_parts = 1000;

/// Reads a descriptor, which it owns. It gives what is there: at the end of a file, or where a stream has nothing now,
/// it may be asked again.
class descriptor_buffer final : public std::streambuf {
public:
  descriptor_buffer(int descriptor, bool is_stream) : descriptor_(descriptor), is_stream_(is_stream) {
  }
  ~descriptor_buffer() override {
    ::close(descriptor_);
  }
  descriptor_buffer(const descriptor_buffer&) = delete;
  descriptor_buffer& operator=(const descriptor_buffer&) = delete;

  /// Of a stream: nobody writes to it any more.
  bool is_over() const noexcept {
    return is_over_;
  }

protected:
  int_type underflow() override {
    pollfd ready{descriptor_, POLLIN, 0};
    if (is_stream_ && ::poll(&ready, 1, 0) == 0)
      return traits_type::eof();
    const auto count = ::read(descriptor_, buffer_.data(), buffer_.size());
    is_over_ = is_stream_ && count == 0;
    if (count <= 0)
      return traits_type::eof();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
    return traits_type::to_int_type(buffer_[0]);
  }

  /// Does not wait until all of it is there.
  std::streamsize xsgetn(char* to, std::streamsize size) override {
    if (gptr() == egptr() && traits_type::eq_int_type(underflow(), traits_type::eof()))
      return 0;
    const auto count = std::min<std::streamsize>(size, egptr() - gptr());
    std::memcpy(to, gptr(), static_cast<size_t>(count));
    gbump(static_cast<int>(count));
    return count;
  }

private:
  int descriptor_;
  bool is_stream_;
  bool is_over_ = false;
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
  source(int descriptor, bool is_stream, off_t offset, trace_reader::growing growing)
    : descriptor(descriptor),
      is_stream(is_stream),
      offset(offset),
      buffer(descriptor, is_stream),
      unpacked(buffer),
      in(&unpacked),
      reader(in, growing) {
  }

  /// The file that it reads, as it is now.
  struct stat status() const {
    struct stat result {};
    ::fstat(descriptor, &result);
    return result;
  }

  int descriptor;
  bool is_stream;
  off_t offset; ///< where it began to read
  descriptor_buffer buffer;
  unpacking_buffer unpacked;
  std::istream in;
  trace_reader reader;
};

growing_trace::growing_trace(std::string path, std::ostream& notes, trace_reader::growing file, std::string name)
  : path_(std::move(path)), name_(printable(name.empty() ? path_ : name)), notes_(notes), growing_(file) {
}

growing_trace::~growing_trace() = default;

bool growing_trace::open(uint64_t lines) {
  return open_file(path_, lines);
}

bool growing_trace::open_file(const std::string& path, uint64_t lines) {
  const int descriptor
    = path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
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
  const bool is_stream = !S_ISREG(status.st_mode);
  const auto offset = is_stream || lines == UINT64_MAX ? 0 : offset_of_last_lines(descriptor, lines);
  if (!is_stream)
    ::lseek(descriptor, offset, SEEK_SET);
  source_ = std::make_unique<source>(descriptor, is_stream, offset, growing_);
  told_errors_ = 0;
  seen_headers_ = 0;
  return true;
}

const placed_entry* growing_trace::take(const trace_entry* entry) {
  tell_notes();
  const auto& reader = source_->reader;
  has_anything_ = has_anything_ || entry != nullptr || reader.headers() > 0;
  tell_gap();
  if (entry == nullptr)
    return nullptr;
  next_record_ = entry->record + 1;
  given_ = {
    entry, 0, reader.line_number(), reader.line(), reader.header() ? &*reader.header() : nullptr, entry->wall_ns, 0, 0};
  return &given_;
}

const placed_entry* growing_trace::next() {
  if (source_ == nullptr && !open_file(path_, UINT64_MAX))
    return nullptr;
  if (const auto* x = take(source_->reader.next()))
    return x;
  if (source_->is_stream)
    return nullptr;
  const auto mine = source_->status();
  if (mine.st_size < source_->offset + static_cast<off_t>(source_->reader.bytes())) {
    notes_ << "tandem: " << name_ << " was truncated; reading it from its beginning\n";
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

bool growing_trace::is_over() const noexcept {
  return source_ != nullptr && source_->buffer.is_over();
}

bool growing_trace::finish() {
  if (source_ != nullptr && growing_ == trace_reader::growing::no)
    for (const auto& x : source_->reader.notes())
      if (source_->offset == 0 || x.starts_with("line ")) // the last lines have no header
        notes_ << "tandem: " << name_ << ": " << where() << printable(x) << '\n';
  return source_ == nullptr || write_packing_problem(name_of_input(path_), source_->unpacked.problem(), notes_);
}

/// After a rotation the header says which record comes next: parts may have come and gone in between.
void growing_trace::tell_gap() {
  const auto& reader = source_->reader;
  if (reader.headers() == seen_headers_)
    return;
  seen_headers_ = reader.headers();
  const auto& header = *reader.header();
  if (recording_ == header.start_wall_ns && header.part > 0 && next_record_ && header.first_record > *next_record_)
    notes_ << "tandem: " << name_ << ": " << header.first_record - *next_record_
           << " records are missing: it was rotated faster than it was read\n";
  recording_ = header.start_wall_ns;
}

/// For a line's number: those before the last lines were not counted.
const char* growing_trace::where() const noexcept {
  return source_->offset > 0 ? "of the last lines, " : "";
}

void growing_trace::tell_notes() {
  const auto& reader = source_->reader;
  for (; told_errors_ < reader.errors().size(); ++told_errors_)
    notes_ << "tandem: " << name_ << ": " << where() << printable(reader.errors()[told_errors_]) << '\n';
}

} // namespace tandem::cli
