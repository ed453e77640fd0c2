#include "merge.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/output_file.hpp"
#include "../../cli/text.hpp"
#include "../reading/prepared_trace.hpp"
#include "../reading/saturating.hpp"

#include "../../../messages/json/text.hpp"
#include "../../../messages/trace/trace_line.hpp"

#include <algorithm>
#include <map>
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

/// The first header of each file, and of those whose clock was set between its runs a header for each clock.
std::string merged_header(const prepared_trace& trace, const std::string& capture) {
  trace_header result;
  std::string list;
  const auto add = [&](const trace_header& x, const clock_offset& offset) {
    const int64_t start = saturated_sum(x.start_wall_ns, offset.nanoseconds);
    if (list.empty() || start < result.start_wall_ns) {
      result.start_wall_ns = start;
      result.start_monotonic_ns = x.start_monotonic_ns;
    }
    if (x.clock != "steady")
      result.clock = x.clock;
    if (x.profile != "full")
      result.profile = x.profile;
    result.sample = std::min(result.sample, x.sample);
    list += (list.empty() ? "" : ",") + list_item(x, offset);
  };
  const auto& clocks = trace.clocks().clocks();
  for (size_t i = 0; i < clocks.files(); ++i) {
    if (const auto* x = trace.input().header_of(i))
      add(*x, trace.clocks()[i]);
    for (size_t j = 1; j < clocks.of_file(i).size(); ++j)
      if (const auto* x = clocks.header_of(clocks.of_file(i)[j]))
        add(*x, trace.clocks().of_clock(clocks.of_file(i)[j]));
  }
  result.capture = capture;
  result.merged = "[" + list + "]";
  return to_line(result);
}

/// `same_as`: the file of which it was told before; empty: none.
void write_estimate(const std::string& name, const clock_offset& x, const std::string& same_as, std::ostream& notes) {
  notes << "tandem: " << name << ": clock ";
  if (!same_as.empty())
    notes << "is that of " << same_as << '\n';
  else if (x.from == clock_offset::basis::reference)
    notes << "taken as the right one\n";
  else if (x.contradiction_ns > 0)
    notes << "moved by " << microseconds(x.nanoseconds)
          << " us, which may be wrong: " << contradiction_text(x.contradiction_ns) << '\n';
  else if (x.nanoseconds == 0)
    notes << "left alone (" << to_string(x.from) << ")\n";
  else
    notes << "moved by " << microseconds(x.nanoseconds) << " us"
          << (x.uncertainty_ns ? ", off by " + microseconds(*x.uncertainty_ns) + " us at most" : ", at least") << " ("
          << to_string(x.from) << ", " << x.tickets << (x.tickets == 1 ? " ticket)\n" : " tickets)\n");
}

void write_estimate_json(const std::string& name, const clock_offset& x, const std::string& same_as,
                         std::ostream& notes) {
  nlohmann::ordered_json result{{"file", text_to_json(name)}, {"offset_ns", x.nanoseconds}};
  result["uncertainty_ns"] = x.uncertainty_ns ? nlohmann::ordered_json(*x.uncertainty_ns) : nullptr;
  result["basis"] = to_string(x.from);
  result["tickets"] = x.tickets;
  if (x.contradiction_ns > 0)
    result["contradiction_ns"] = x.contradiction_ns;
  if (!same_as.empty())
    result["same_as"] = text_to_json(same_as);
  notes << to_line(result) << '\n';
}

/// A line for each file, and for each further clock of it. Of files that are no traces nothing is said.
void write_estimates(const prepared_trace& trace, bool json, std::ostream& notes) {
  const auto& clocks = trace.clocks().clocks();
  std::map<size_t, std::string> told;
  for (size_t i = 0; i < clocks.files(); ++i)
    for (const auto clock : clocks.of_file(i)) {
      auto name = trace.input().name_of(i);
      if (clock != clocks.of_file(i).front())
        name += " from " + clocks.header_of(clock)->node + " on";
      const auto [first, is_new] = told.try_emplace(clock, name);
      const auto same_as = is_new ? std::string{} : first->second;
      if (json)
        write_estimate_json(name, trace.clocks().of_clock(clock), same_as, notes);
      else
        write_estimate(printable(name), trace.clocks().of_clock(clock), printable(same_as), notes);
    }
}

int merge_to(const trace_merge_options& options, std::ostream& out, std::ostream& notes) {
  prepared_trace trace{options.files, notes, {.aligned = options.offset}};
  if (options.offset)
    write_estimates(trace, options.json, notes);
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
  out_ << merged_header(trace, capture) << '\n';
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
