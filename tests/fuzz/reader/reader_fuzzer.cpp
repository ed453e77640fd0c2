/// For any bytes in a trace file, reading ends well, and what was read is what was there: libFuzzer makes the
/// bytes. What does not hold is reported as a crash, with the input in a file; `reader_fuzzer FILE` runs it again.
#include "input_files.hpp"

#include "../../../actors/compat/system.hpp"
#include "../../../messages/trace/trace_line.hpp"
#include "../../../messages/trace/trace_reader.hpp"
#include "../../../messages/type_ids.hpp"
#include "../../../tools/trace/exporting/export.hpp"
#include "../../../tools/trace/listing/show.hpp"
#include "../../../tools/trace/measuring/diff.hpp"
#include "../../../tools/trace/measuring/stats.hpp"
#include "../../../tools/trace/merging/merge.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace tandem;
using namespace tandem_test;

namespace {

/// libFuzzer takes an abort for a find, and keeps the input.
void require(bool good, const char* what, std::string_view about) {
  if (good)
    return;
  std::cerr << "\nreader_fuzzer: " << what << ":\n" << about << '\n';
  std::abort();
}

/// A line that we write has to be read as what it was written from.
void check_line(const trace_entry& entry, std::string_view line) {
  const auto written = to_line(entry);
  std::string error;
  const auto again = parse_entry(written, error);
  require(again.has_value(), "what was written of an entry cannot be read", std::string{line} + '\n' + error);
  require(*again == entry, "an entry is another one when it was written and read", line);
  require(to_line(*again) == written, "an entry is written in two ways", line);
  if (entry.is_ticket())
    to_ticket(entry, error);
}

void check_line(const trace_header& header) {
  const auto written = to_line(header);
  std::string error;
  const auto again = parse_header(written, error);
  require(again.has_value(), "what was written of a header cannot be read", written + '\n' + error);
  require(*again == header, "a header is another one when it was written and read", written);
}

/// The parts of a trace, as a reader understood it.
struct reading {
  std::vector<trace_entry> entries;
  std::optional<trace_header> header;
  uint64_t headers = 0;
  uint64_t skipped = 0;
  uint64_t broken = 0;
  uint64_t bytes = 0;

  friend bool operator==(const reading&, const reading&) = default;
};

void take_entries(trace_reader& reader, std::vector<trace_entry>& entries) {
  while (const auto* entry = reader.next())
    entries.push_back(*entry);
}

void take_rest(const trace_reader& reader, reading& result) {
  result.header = reader.header();
  result.headers = reader.headers();
  result.skipped = reader.skipped();
  result.broken = reader.broken_lines();
  result.bytes = reader.bytes();
}

reading read_whole(std::string_view text) {
  growing_bytes bytes{text, text.size()};
  std::istream in{&bytes};
  trace_reader reader{in};
  reading result;
  while (const auto* entry = reader.next()) {
    check_line(*entry, reader.line());
    result.entries.push_back(*entry);
  }
  take_rest(reader, result);
  require(reader.next() == nullptr, "there is an entry behind the last one", text);
  require(result.bytes == text.size(), "not every byte was read", text);
  if (result.header)
    check_line(*result.header);
  return result;
}

/// The same while it is being written, in pieces of odd sizes.
reading read_growing(std::string_view text, uint64_t seed) {
  growing_bytes bytes{text, seed % 100};
  std::istream in{&bytes};
  trace_reader reader{in, trace_reader::growing::yes};
  reading result;
  take_entries(reader, result.entries);
  while (!bytes.is_all()) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    bytes.grow(1 + (seed >> 33) % (1 + text.size() / 4));
    take_entries(reader, result.entries);
  }
  take_rest(reader, result);
  return result;
}

void check_reader(std::string_view text, uint64_t seed) {
  // A growing trace has a line once its newline is there, and does not yet know of a broken last one.
  const auto whole = read_whole(std::string{text} + "\n{}\n");
  const auto growing = read_growing(std::string{text} + "\n{}\n", seed);
  require(growing == whole, "a trace that grows is read as another one", text);
  read_whole(text);
}

/// A merged trace has the records of all files.
void check_merge(const std::vector<std::string>& files) {
  std::ostringstream notes;
  size_t records = 0;
  cli::trace_input input{files, notes};
  while (input.next() != nullptr)
    ++records;
  std::ostringstream out;
  cli::trace_merge({.files = files}, out, notes);
  const auto merged = read_whole(out.str());
  require(merged.broken == 0, "a merged trace has broken lines", out.str());
  require(merged.headers == 1, "a merged trace has not one header", out.str());
  require(merged.entries.size() == records, "a merged trace has not all records", out.str());
}

/// Runs one of the commands. It only has to come to its end.
void run_command(uint64_t choice, const std::vector<std::string>& files) {
  std::ostringstream out;
  std::ostringstream notes;
  switch (choice % 9) {
    case 0:
      cli::trace_stats_of({.files = files, .json = choice % 2 == 0}, out, notes);
      break;
    case 1:
      cli::trace_show({.files = files, .color = choice % 2 == 0}, out, notes);
      break;
    case 2:
      cli::write_export({.files = files, .format = cli::export_format::csv}, out, notes);
      break;
    case 3:
      cli::write_export({.files = files, .format = cli::export_format::chrome, .payload_limit = 7}, out, notes);
      break;
    case 4:
      cli::write_export({.files = files, .format = cli::export_format::otlp, .most_events = 2}, out, notes);
      break;
    case 5:
      cli::trace_diff({.good = files.front(), .bad = files.back(), .json = choice % 2 == 0}, out, notes);
      break;
    default:
      check_merge(files);
  }
}

/// FNV-1a: the same input is treated in the same way whenever it is run.
uint64_t hash_of_bytes(std::string_view text) {
  uint64_t result = 14695981039346656037ULL;
  for (const char c : text)
    result = (result ^ static_cast<uint8_t>(c)) * 1099511628211ULL;
  return result ^ result >> 29;
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  compat::init_types<caf::id_block::tandem>();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto hash = hash_of_bytes(text);
  check_reader(text, hash);
  // A form feed on a line of its own, which no trace has, parts the input into two files.
  static memory_file first;
  static memory_file second;
  const std::string_view separator = "\n\f\n";
  const auto at = text.find(separator);
  first.set(text.substr(0, at));
  std::vector<std::string> files{first.path()};
  if (at != std::string_view::npos) {
    second.set(text.substr(at + separator.size()));
    files.push_back(second.path());
  }
  run_command(hash >> 40, files);
  return 0;
}
