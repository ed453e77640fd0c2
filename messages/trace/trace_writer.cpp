#include "trace_writer.hpp"
#include "trace_line.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace tandem {

namespace {

/// False for a file that is empty or cannot be read, and for pipes, since reading would take bytes from them.
bool ends_in_midst_of_line(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    return false;
  std::ifstream in{path, std::ios::binary | std::ios::ate};
  if (!in || in.tellg() <= 0)
    return false;
  in.seekg(-1, std::ios::end);
  char last = '\n';
  in.get(last);
  return last != '\n';
}

} // namespace

trace_writer::trace_writer(std::string path, trace_header header, trace_limits limits)
  : path_(std::move(path)), header_(std::move(header)), limits_(limits) {
  if (limits_.files == 0)
    throw std::invalid_argument{"trace_limits: files must be at least 1"};
  std::error_code ignored;
  if (limits_.file_bytes > 0 && std::filesystem::exists(path_, ignored)
      && !std::filesystem::is_regular_file(path_, ignored))
    throw std::invalid_argument{"trace_limits: " + path_ + " is not a regular file, so its size cannot be limited"};
  open();
}

void trace_writer::write(trace_entry& entry) {
  std::lock_guard guard{mutex_};
  entry.record = next_record_++;
  line_.clear();
  append_line(line_, entry);
  append(line_);
  if (limits_.file_bytes > 0 && size_ >= limits_.file_bytes)
    rotate();
}

uint64_t trace_writer::records() const {
  std::lock_guard guard{mutex_};
  return next_record_;
}

void trace_writer::begin_run(trace_header header) {
  std::lock_guard guard{mutex_};
  header_ = std::move(header);
  next_record_ = 0;
  append(to_line(header_));
}

void trace_writer::flush() {
  std::lock_guard guard{mutex_};
  if (std::fflush(file_.get()) != 0)
    fail("cannot write", errno);
}

void trace_writer::open() {
  const bool cut_off = ends_in_midst_of_line(path_);
  // If this fails, the file that was open stays so.
  std::unique_ptr<std::FILE, closer> file{std::fopen(path_.c_str(), "ab")};
  if (!file)
    fail("cannot write", errno);
  file_ = std::move(file);
  std::setvbuf(file_.get(), nullptr, _IOFBF, size_t{1} << 18);
  std::error_code ignored;
  const auto before = std::filesystem::file_size(path_, ignored);
  size_ = ignored ? 0 : before;
  append((cut_off ? "\n" : "") + to_line(header_));
  if (std::fflush(file_.get()) != 0)
    fail("cannot write", errno);
}

void trace_writer::rotate() {
  if (std::fflush(file_.get()) != 0)
    fail("cannot write", errno);
  const auto name_of = [this](uint64_t age) { return age == 0 ? path_ : path_ + "." + std::to_string(age); };
  std::error_code error;
  std::filesystem::remove(name_of(limits_.files - 1), error);
  for (uint64_t age = limits_.files - 1; age-- > 0;)
    if (std::filesystem::exists(name_of(age), error))
      std::filesystem::rename(name_of(age), name_of(age + 1), error);
  if (error)
    fail("cannot rename", error.value());
  ++header_.part;
  header_.first_record = next_record_;
  open();
}

void trace_writer::append(std::string_view line) {
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() || std::fputc('\n', file_.get()) == EOF)
    fail("cannot write", errno);
  size_ += line.size() + 1;
}

void trace_writer::fail(const char* what, int code) const {
  throw std::system_error(code, std::generic_category(), std::string{what} + " the trace file " + path_);
}

} // namespace tandem
