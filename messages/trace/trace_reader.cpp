#include "trace_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tandem {

namespace {

constexpr size_t chunk = size_t{256} << 10;
/// Of those by which a kind of file is known.
constexpr size_t longest_mark = 5;

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

std::string_view trace_reader::foreign_kind(std::string_view start) noexcept {
  using namespace std::literals;
  constexpr std::pair<std::string_view, std::string_view> beginnings[] = {
    {"\xff\xfe"sv, "it is UTF-16, and a trace is UTF-8"},
    {"\xfe\xff"sv, "it is UTF-16, and a trace is UTF-8"},
    {"{\0"sv, "it is UTF-16, and a trace is UTF-8"},
    {"\0{"sv, "it is UTF-16, and a trace is UTF-8"},
    {"\x1f\x8b"sv, "it is compressed by gzip"},
    {"\x28\xb5\x2f\xfd"sv, "it is compressed by zstd"},
    {"\xfd"
     "7zXZ"sv,
     "it is compressed by xz"},
    {"BZh"sv, "it is compressed by bzip2"},
    {"PK\3\4"sv, "it is a zip archive"},
    {"["sv, "it is a JSON array, and a trace has one JSON object to a line"},
  };
  for (const auto& [beginning, what] : beginnings)
    if (start.starts_with(beginning))
      return what;
  return {};
}

trace_reader::trace_reader(std::istream& in, growing file) : in_(in), growing_(file) {
  if (!read_line())
    return;
  pending_ = true; // the first call of next() takes it
  if (parser_.parse(line_) == trace_parser::found::header)
    header_ = parser_.header();
  else
    note("no header in the first line");
}

trace_entry* trace_reader::next() {
  while (std::exchange(pending_, false) || read_line())
    if (auto* entry = take_line())
      return entry;
  if (growing_ == growing::no)
    settle_broken_line(!has_newline_);
  return nullptr;
}

/// The next line that is not blank.
bool trace_reader::read_line() {
  for (;;) {
    const auto* newline = static_cast<const char*>(
      searched_ < end_ ? std::memchr(buffer_.data() + searched_, '\n', end_ - searched_) : nullptr);
    if (newline == nullptr) {
      searched_ = end_;
      if (end_ - begin_ > longest_line) {
        too_long_ = true;
        begin_ = end_;
      }
      if (read_more())
        continue;
      if (begin_ == end_ || growing_ == growing::yes)
        return false;
    }
    const size_t to = newline ? static_cast<size_t>(newline - buffer_.data()) : end_;
    line_ = {buffer_.data() + begin_, to - begin_};
    begin_ = searched_ = newline ? to + 1 : to;
    ++line_number_;
    has_newline_ = newline != nullptr;
    if (std::exchange(too_long_, false)) {
      settle_broken_line(false);
      broken_ = "longer than " + std::to_string(longest_line) + " bytes";
      broken_line_ = line_number_;
    } else if (!is_blank(line_)) {
      return true;
    }
  }
}

/// Appends what comes next to the buffer; false at the end.
bool trace_reader::read_more() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    searched_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + chunk + trace_parser::padding)
    buffer_.resize(std::max(buffer_.size() * 2, end_ + chunk + trace_parser::padding));
  in_.clear();
  in_.read(buffer_.data() + end_, static_cast<std::streamsize>(chunk));
  const auto count = static_cast<size_t>(in_.gcount());
  end_ += count;
  bytes_ += count;
  if (at_start_ && (line_number_ > 0 || bytes_ >= longest_mark || growing_ == growing::no))
    skip_mark();
  line_ = {}; // it may have moved
  return count > 0;
}

/// Looks at the first bytes, if no line was taken yet.
void trace_reader::skip_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  at_start_ = false;
  if (line_number_ > 0)
    return;
  const std::string_view start{buffer_.data() + begin_, end_ - begin_};
  if (start.starts_with(mark))
    begin_ = searched_ = begin_ + mark.size();
  else
    foreign_ = foreign_kind(start);
}

std::string trace_reader::why_no_trace() const {
  if (!foreign_.empty())
    return foreign_;
  if (bytes_ == 0)
    return "it is empty";
  if (!errors_.empty())
    return errors_.front();
  return broken_ || broken_line_ > 0 ? "its only line is cut off" : "it has no header and no record";
}

trace_entry* trace_reader::take_line() {
  const auto found = parser_.parse(line_);
  settle_broken_line(found == trace_parser::found::header);
  switch (found) {
    case trace_parser::found::header:
      take_header();
      break;
    case trace_parser::found::entry:
      return &parser_.entry();
    case trace_parser::found::other:
      ++skipped_;
      break;
    case trace_parser::found::broken:
      broken_ = parser_.error();
      broken_line_ = line_number_;
  }
  return nullptr;
}

void trace_reader::take_header() {
  auto& header = parser_.header();
  if (header.format > trace_format)
    note("line " + std::to_string(line_number_) + ": written in format " + std::to_string(header.format) + ", known is "
         + std::to_string(trace_format));
  header_ = std::move(header);
  ++headers_;
}

void trace_reader::settle_broken_line(bool was_cut_off) {
  if (!broken_)
    return;
  const auto where = "line " + std::to_string(broken_line_) + ": ";
  if (was_cut_off) {
    note(where + "cut off");
  } else {
    ++broken_lines_;
    if (errors_.size() < most_texts)
      errors_.push_back(where + *broken_);
  }
  broken_.reset();
}

void trace_reader::note(std::string text) {
  if (notes_.size() < most_texts)
    notes_.push_back(std::move(text));
}

} // namespace tandem
