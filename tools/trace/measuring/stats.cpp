#include "stats.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../reading/prepared_trace.hpp"

#include <ostream>

namespace tandem::cli {

const std::string trace_stats::other_names = "(other names)";

trace_stats::trace_stats() : table_([this](measured& x) { done(x); }) {
}

void trace_stats::take(const placed_entry& x) {
  const auto& entry = *x.entry;
  ++records_;
  first_wall_ns_ = std::min(first_wall_ns_, x.wall_ns);
  last_wall_ns_ = std::max(last_wall_ns_, x.wall_ns);
  if (entry.event == trace_event::dropped)
    dropped_ += entry.count;
  if (!entry.is_ticket()) {
    table_.take(x);
    return;
  }
  ++tickets_;
  auto* operation = table_.find(x);
  if (operation == nullptr) { // its operation ended long ago
    ++long_late_;
    return;
  }
  const auto& stream = operation->stream(entry.goes_to_back());
  const auto payloads = stream.payloads;
  const auto before = stream.last_payload;
  table_.take(x);
  if (operation->stats == nullptr && !operation->name.empty())
    operation->stats = &stats_of(operation->name, operation->side);
  if (operation->stats == nullptr || stream.payloads == payloads)
    return;
  auto& stats = entry.goes_to_back() ? operation->stats->to_back : operation->stats->to_front;
  if (before)
    stats.between_payloads.add(entry.monotonic_ns - before->monotonic_ns);
  else if (operation->has_beginning)
    stats.to_first_payload.add(entry.monotonic_ns - operation->first.monotonic_ns);
}

void trace_stats::finish() {
  table_.finish();
}

name_stats& trace_stats::stats_of(const std::string& name, trace_side side) {
  auto found = names_.find({name, side});
  if (found == names_.end()) {
    auto& count = names_of_side_[static_cast<size_t>(side)];
    const auto& kept = count < most_names ? name : other_names;
    ++count;
    found = names_.try_emplace({kept, side}, nullptr).first;
    if (found->second == nullptr)
      found->second = std::make_unique<name_stats>();
  }
  return *found->second;
}

void trace_stats::done(measured& x) {
  auto& stats = x.stats != nullptr ? *x.stats : stats_of(x.name, x.side);
  ++stats.operations;
  if (x.ended)
    ++stats.outcomes[*x.ended];
  else
    ++stats.unended;
  stats.refused += x.was_refused ? 1 : 0;
  stats.late += x.late;
  if (const auto total = x.total())
    stats.total.add(total->count());
  for (const bool to_back : {true, false}) {
    const auto& from = x.stream(to_back);
    auto& to = to_back ? stats.to_back : stats.to_front;
    to.tickets += from.tickets;
    to.payloads += from.payloads;
    to.bytes += from.bytes;
  }
}

int trace_stats_of(const trace_stats_options& options, std::ostream& out, std::ostream& notes) {
  prepared_trace trace{options.files, notes, {.in_order = false, .finds_lacks = true}};
  trace_stats stats;
  while (const auto* x = trace.next())
    stats.take(*x);
  stats.finish();
  const int status = trace.finish();
  trace.write_clock_notes();
  trace.lacks().write_notes(notes);
  const auto& input = trace.input();
  const auto files = options.files.size() == 1 ? input.name_of(0) : std::to_string(options.files.size()) + " files";
  if (options.json)
    write_stats_json(stats, input.bytes(), out);
  else
    write_stats(stats, files + ", " + write_size(static_cast<double>(input.bytes())), out, options.columns);
  out.flush();
  return status;
}

} // namespace tandem::cli
