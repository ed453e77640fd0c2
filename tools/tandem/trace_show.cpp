#include "trace_show.hpp"

#include "exit_status.hpp"
#include "trace_table.hpp"

#include <tandem/messages/trace/trace_reader.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

/// More about one file helps nobody.
constexpr size_t most_notes = 10;

/// What is shown of all files, in the order of the output once sort() was called.
struct shown {
  std::vector<trace_row> rows;
  std::vector<std::pair<int64_t, std::string>> lines; ///< for JSON: when, and the line as it was

  void sort() {
    auto earlier = [](const auto& x, const auto& y) { return x.wall_ns < y.wall_ns; };
    std::stable_sort(rows.begin(), rows.end(), earlier);
    std::stable_sort(lines.begin(), lines.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  }
};

void write_notes(const std::string& file, const std::vector<std::string>& texts, std::ostream& notes) {
  for (size_t i = 0; i < std::min(texts.size(), most_notes); ++i)
    notes << "tandem: " << file << ": " << texts[i] << '\n';
  if (texts.size() > most_notes)
    notes << "tandem: " << file << ": and " << texts.size() - most_notes << " more lines like these\n";
}

/// False if this is no trace at all.
bool read_trace(const std::string& name, std::istream& in, const trace_show_options& options, shown& result,
                std::ostream& notes) {
  trace_reader reader{in};
  bool anything = reader.header().has_value();
  while (const auto* entry = reader.next()) {
    anything = true;
    if (options.json)
      result.lines.emplace_back(entry->wall_ns, reader.line());
    else if (entry->is_ticket())
      result.rows.emplace_back(*entry, options.columns);
  }
  if (!anything && !reader.errors().empty()) {
    notes << "tandem: " << name << " is no trace file: " << reader.errors().front() << '\n';
    return false;
  }
  write_notes(name, reader.notes(), notes);
  write_notes(name, reader.errors(), notes);
  if (reader.skipped() > 0)
    notes << "tandem: " << name << ": records of other kinds, which are skipped: " << reader.skipped() << '\n';
  return true;
}

bool read_file(const std::string& name, const trace_show_options& options, shown& result, std::ostream& notes) {
  if (name == "-")
    return read_trace("standard input", std::cin, options, result, notes);
  errno = 0;
  std::ifstream in{name, std::ios::binary};
  std::error_code ignored;
  if (std::filesystem::is_directory(name, ignored))
    errno = EISDIR;
  if (!in || errno == EISDIR) {
    notes << "tandem: cannot read " << name << ": " << std::strerror(errno) << '\n';
    return false;
  }
  return read_trace(name, in, options, result, notes);
}

} // namespace

int trace_show(const trace_show_options& options, std::ostream& out, std::ostream& notes) {
  shown result;
  bool good = true;
  for (const auto& file : options.files)
    good = read_file(file, options, result, notes) && good;
  if (options.files.size() > 1)
    result.sort();
  write_table(result.rows, options.columns, out);
  for (const auto& [when, line] : result.lines)
    out << line << '\n';
  out.flush(); // a reader that has gone, such as head, is no error
  return good ? exit_good : exit_error;
}

size_t output_columns() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 100;
}

} // namespace tandem::cli
