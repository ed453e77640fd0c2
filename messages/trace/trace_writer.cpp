#include "trace_writer.hpp"
#include "trace_line.hpp"
#include "trace_output.hpp"

#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace tandem {

trace_writer::trace_writer(std::string path, trace_header header, trace_limits limits)
  : path_(std::move(path)), header_(std::move(header)), limits_(limits) {
  if (limits_.files == 0)
    throw std::invalid_argument{"trace_limits: files must be at least 1"};
  std::error_code ignored;
  if (limits_.file_bytes > 0 && std::filesystem::exists(path_, ignored)
      && !std::filesystem::is_regular_file(path_, ignored))
    throw std::invalid_argument{"trace_limits: " + path_ + " is not a regular file, so its size cannot be limited"};
  open(path_);
}

trace_writer::~trace_writer() = default;

void trace_writer::write(trace_entry& entry) {
  std::lock_guard guard{mutex_};
  entry.record = next_record_++;
  line_.clear();
  append_line(line_, entry);
  out_->append(line_);
  if (limits_.file_bytes > 0 && out_->size() >= limits_.file_bytes)
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
  out_->append(to_line(header_));
}

void trace_writer::flush() {
  std::lock_guard guard{mutex_};
  out_->flush();
}

bool trace_writer::writes_to(const std::string& path) const {
  std::lock_guard guard{renaming_};
  return out_->is_at(path);
}

void trace_writer::open(const std::string& path) {
  // If this fails, the file that was open stays so.
  auto next = std::make_unique<trace_output>(path);
  next->append(to_line(header_));
  next->flush();
  out_ = std::move(next);
}

void trace_writer::rotate() {
  out_->flush();
  std::lock_guard guard{renaming_};
  const auto path = out_->place();
  const auto name_of = [&path](uint64_t age) { return age == 0 ? path : path + "." + std::to_string(age); };
  std::error_code error;
  std::filesystem::remove(name_of(limits_.files - 1), error);
  for (uint64_t age = limits_.files - 1; age-- > 0;)
    if (std::filesystem::exists(name_of(age), error))
      std::filesystem::rename(name_of(age), name_of(age + 1), error);
  if (error)
    throw std::system_error(error, "cannot rename the trace file " + path_);
  ++header_.part;
  header_.first_record = next_record_;
  open(path);
}

} // namespace tandem
