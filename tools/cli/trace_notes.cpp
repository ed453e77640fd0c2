#include "trace_notes.hpp"

#include "text.hpp"

#include <algorithm>
#include <ostream>
#include <vector>

namespace tandem::cli {

namespace {

/// More about one file helps nobody.
constexpr size_t most_notes = 10;

void write_notes(const std::string& file, const std::vector<std::string>& texts, uint64_t count, std::ostream& notes) {
  const size_t shown = std::min(texts.size(), most_notes);
  for (size_t i = 0; i < shown; ++i)
    notes << "tandem: " << file << ": " << printable(texts[i]) << '\n';
  if (count > shown)
    notes << "tandem: " << file << ": and " << count - shown << " more lines like these\n";
}

} // namespace

bool write_packing_problem(const std::string& name, const std::string& problem, std::ostream& notes) {
  if (!problem.empty())
    notes << "tandem: " << printable(name) << ": " << problem << "; what comes before is used\n";
  return problem.empty();
}

bool write_oddities(const std::string& name, const trace_reader& reader, bool is_empty, const std::string& problem,
                    std::ostream& notes) {
  const auto shown = printable(name);
  if (is_empty) {
    notes << "tandem: " << shown
          << " is not a trace file: " << printable(problem.empty() ? reader.why_no_trace() : problem) << '\n';
    return false;
  }
  write_notes(shown, reader.notes(), reader.notes().size(), notes);
  write_notes(shown, reader.errors(), reader.broken_lines(), notes);
  if (reader.skipped() > 0)
    notes << "tandem: " << shown << ": records of other kinds, which are skipped: " << reader.skipped() << '\n';
  return write_packing_problem(name, problem, notes);
}

} // namespace tandem::cli
