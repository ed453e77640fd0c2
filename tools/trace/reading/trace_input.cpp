#include "trace_input.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/text.hpp"
#include "../../cli/trace_notes.hpp"
#include "saturating.hpp"

#include <algorithm>
#include <cerrno>
#include <ostream>

namespace tandem::cli {

namespace {

/// "front.jsonl" for front.jsonl, front.jsonl.1, front.jsonl.2, ...
std::string rotated_name(const std::string& path) {
  const auto digits = path.find_last_not_of("0123456789");
  const bool is_part = digits != std::string::npos && digits + 1 < path.size() && path[digits] == '.';
  return is_part ? path.substr(0, digits) : path;
}

} // namespace

struct trace_input::source {
  explicit source(const std::string& path) : file(path) {
  }

  packed_input_file file;
  std::optional<trace_reader> reader;
  trace_entry* entry = nullptr;               ///< the next one; null at the end
  std::shared_ptr<const trace_header> header; ///< that holds for it
  int64_t offset = 0;
  uint64_t run = 0;
  uint64_t headers = 0;
  bool anything = false;
  size_t index = 0;
  std::string recording;         ///< what the headers of the parts of one rotated recording have in common
  std::string rotated;           ///< what their names have in common
  const source* after = nullptr; ///< the part before this one, which is read first
  std::optional<uint64_t> next;  ///< the record number that comes next; nothing: no record of the run was there
  uint64_t run_of_next = 0;
};

trace_input::trace_input(std::vector<std::string> files, std::ostream& notes, stream_paths copies)
  : files_(std::move(files)), notes_(notes), copies_(std::move(copies)), sources_(files_.size()) {
  for (size_t i = 0; i < files_.size(); ++i)
    open(i);
  order_parts();
}

trace_input::~trace_input() = default;

void trace_input::open(size_t file) {
  const auto copy = copies_.find(files_[file]);
  auto x = std::make_unique<source>(copy == copies_.end() ? files_[file] : copy->second);
  x->index = file;
  if (const int error = x->file.error(); error != 0)
    return refuse(file, error);
  x->reader.emplace(x->file.stream());
  if (const int error = x->file.error(); error != 0)
    return refuse(file, error);
  x->anything = x->reader->header().has_value();
  advance(*x);
  if (x->header != nullptr) {
    const auto& header = *x->header; // the last one in front of the first record, which the further parts repeat
    x->recording = header.node + '\n' + header.side + '\n' + header.link + '\n' + std::to_string(header.start_wall_ns)
                   + '/' + std::to_string(header.start_monotonic_ns);
    x->rotated = rotated_name(files_[file]);
  }
  sources_[file] = std::move(x);
}

void trace_input::refuse(size_t file, int error) {
  notes_ << "tandem: " << cannot_read(files_[file], error) << '\n';
  good_ = false;
}

/// Parts of one recording follow each other even if the wall clock jumped between them.
void trace_input::order_parts() {
  for (const auto& x : sources_)
    for (const auto& y : sources_)
      if (x != nullptr && y != nullptr && comes_after(*x, *y)
          && (x->after == nullptr || y->header->part > x->after->header->part))
        x->after = y.get();
}

/// Another recorder may have begun to write into the file between the two parts; then their headers differ, but for the
/// node, and their names tell.
bool trace_input::comes_after(const source& x, const source& y) {
  if (x.header == nullptr || y.header == nullptr || y.header->part >= x.header->part)
    return false;
  return x.recording == y.recording
         || (x.header->node == y.header->node && x.rotated == y.rotated
             && y.header->start_wall_ns <= x.header->start_wall_ns && y.header->first_record <= x.header->first_record);
}

bool trace_input::advance(source& x) {
  x.entry = x.reader->next();
  x.anything = x.anything || x.entry != nullptr;
  if (x.reader->headers() != x.headers) {
    // The further parts of a rotated recording, put one behind the other, are one run.
    if (x.headers > 0 && x.reader->header()->part == 0)
      ++x.run;
    x.headers = x.reader->headers();
    x.header = std::make_shared<const trace_header>(*x.reader->header());
    if (corrections_)
      x.offset = corrections_(x.index, x.header.get());
  }
  return x.entry != nullptr;
}

/// The first record of a run may have any number: an earlier part may not have been given.
uint64_t trace_input::count_missing(source& x) {
  const auto number = x.entry->record;
  if (x.run != x.run_of_next)
    x.next.reset();
  else if (!x.next && x.after != nullptr && x.after->run == x.after->run_of_next && x.run == 0)
    x.next = x.after->next;
  x.run_of_next = x.run;
  const auto result = x.next && number > *x.next ? number - *x.next : 0;
  x.next = std::max(x.next.value_or(0), number + 1);
  return result;
}

const placed_entry* trace_input::next() {
  if (current_ != nullptr)
    advance(*current_);
  current_ = nullptr;
  int64_t earliest = 0;
  for (const auto& x : sources_) {
    if (x == nullptr || x->entry == nullptr || (x->after != nullptr && x->after->entry != nullptr))
      continue;
    const int64_t when = saturated_sum(x->entry->wall_ns, x->offset);
    if (current_ == nullptr || when < earliest) {
      current_ = x.get();
      earliest = when;
    }
  }
  if (current_ == nullptr)
    return nullptr;
  const auto& reader = *current_->reader;
  given_ = {current_->entry,        current_->index, reader.line_number(), reader.line(),
            current_->header.get(), earliest,        current_->run,        count_missing(*current_)};
  return &given_;
}

const std::shared_ptr<const trace_header>& trace_input::shared_header() const noexcept {
  static const std::shared_ptr<const trace_header> none;
  return current_ == nullptr ? none : current_->header;
}

void trace_input::exchange_entry(std::unique_ptr<trace_entry>& other) noexcept {
  current_->reader->exchange_entry(other);
  current_->entry = other.get(); // until next()
}

void trace_input::set_offsets(clock_corrections corrections) {
  corrections_ = std::move(corrections);
  for (const auto& x : sources_)
    if (x != nullptr && x->anything)
      x->offset = corrections_(x->index, x->header.get());
}

bool trace_input::has_anything(size_t file) const {
  return sources_[file] != nullptr && sources_[file]->anything;
}

const trace_header* trace_input::header_of(size_t file) const {
  const auto& x = sources_[file];
  return x != nullptr && x->reader->header() ? &*x->reader->header() : nullptr;
}

std::string trace_input::name_of(size_t file) const {
  return name_of_input(files_[file]);
}

const trace_reader* trace_input::reader_of(size_t file) const {
  return sources_[file] == nullptr ? nullptr : &*sources_[file]->reader;
}

uint64_t trace_input::bytes() const {
  uint64_t result = 0;
  for (const auto& x : sources_)
    if (x != nullptr)
      result += x->reader->bytes();
  return result;
}

int trace_input::finish() {
  for (const auto& x : sources_) {
    if (x == nullptr)
      continue;
    good_ = write_oddities(name_of(x->index), *x->reader, !x->anything, x->file.problem(), notes_) && good_;
    if (x->file.error() != 0)
      refuse(x->index, EIO); // in the midst of it, where nobody noted the reason
  }
  return good_ ? exit_good : exit_error;
}

} // namespace tandem::cli
