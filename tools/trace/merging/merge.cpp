#include "merge.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/output_file.hpp"
#include "../reading/prepared_trace.hpp"

#include "../../../messages/json/text.hpp"
#include "../../../messages/trace/trace_line.hpp"

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

/// A header in the list of the merged one: as it was, and what was done to its clock.
std::string list_item(const trace_header& header, const clock_offset& offset) {
  auto result = to_line(header);
  result.back() = ',';
  result += "\"offset_ns\":" + std::to_string(offset.nanoseconds);
  if (offset.uncertainty_ns)
    result += ",\"uncertainty_ns\":" + std::to_string(*offset.uncertainty_ns);
  return result + "}";
}

std::string merged_header(const trace_input& input, const std::vector<clock_offset>& offsets,
                          const std::string& capture) {
  trace_header result;
  std::string list;
  for (size_t i = 0; i < input.files().size(); ++i) {
    const auto* x = input.header_of(i);
    if (x == nullptr)
      continue;
    const int64_t start = x->start_wall_ns + offsets[i].nanoseconds;
    if (list.empty() || start < result.start_wall_ns) {
      result.start_wall_ns = start;
      result.start_monotonic_ns = x->start_monotonic_ns;
    }
    if (x->clock != "steady")
      result.clock = x->clock;
    if (x->profile != "full")
      result.profile = x->profile;
    result.sample = std::min(result.sample, x->sample);
    list += (list.empty() ? "" : ",") + list_item(*x, offsets[i]);
  }
  result.capture = capture;
  result.merged = "[" + list + "]";
  return to_line(result);
}

void write_estimate(const std::string& name, const clock_offset& x, std::ostream& notes) {
  notes << "tandem: " << name << ": clock ";
  if (x.from == clock_offset::basis::reference)
    notes << "taken as the right one\n";
  else if (x.nanoseconds == 0)
    notes << "left alone (" << to_string(x.from) << ")\n";
  else
    notes << "moved by " << microseconds(x.nanoseconds) << " us"
          << (x.uncertainty_ns ? ", off by " + microseconds(*x.uncertainty_ns) + " us at most" : ", at least") << " ("
          << to_string(x.from) << ", " << x.tickets << (x.tickets == 1 ? " ticket)\n" : " tickets)\n");
}

void write_estimate_json(const std::string& name, const clock_offset& x, std::ostream& notes) {
  nlohmann::ordered_json result{{"file", name}, {"offset_ns", x.nanoseconds}};
  result["uncertainty_ns"] = x.uncertainty_ns ? nlohmann::ordered_json(*x.uncertainty_ns) : nullptr;
  result["basis"] = to_string(x.from);
  result["tickets"] = x.tickets;
  notes << to_line(result) << '\n';
}

int merge_to(const trace_merge_options& options, std::ostream& out, std::ostream& notes) {
  prepared_trace trace{options.files, notes, {.aligned = options.offset}};
  const auto& input = trace.input();
  const auto& offsets = trace.clocks();
  for (size_t i = 0; i < offsets.size() && options.offset; ++i)
    if (input.reader_of(i) != nullptr) // a note says already that the others cannot be read
      (options.json ? write_estimate_json : write_estimate)(input.name_of(i), offsets[i], notes);
  merged_writer writer{trace, out};
  while (const auto* x = trace.next()) {
    writer.write(*x);
    if (!out)
      break; // a reader that has gone, such as head, is not an error
  }
  out.flush();
  return trace.finish();
}

} // namespace

merged_writer::merged_writer(const prepared_trace& trace, std::ostream& out, const std::string& capture) : out_(out) {
  out_ << merged_header(trace.input(), trace.clocks(), capture) << '\n';
}

void merged_writer::write(const placed_entry& x) {
  entry_ = *x.entry;
  next_record_ += x.missing; // what is known to be missing stays so
  entry_.record = next_record_++;
  entry_.wall_ns = x.wall_ns;
  entry_.node = x.node();
  line_.clear();
  append_line(line_, entry_);
  line_ += '\n';
  out_ << line_;
}

int trace_merge(const trace_merge_options& options, std::ostream& out, std::ostream& notes) {
  if (options.output.empty())
    return merge_to(options, out, notes);
  output_file file{options.output, options.files};
  const int status = merge_to(options, file.stream(), notes);
  file.close();
  return status;
}

} // namespace tandem::cli
