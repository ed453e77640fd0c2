#include "checked_run.hpp"

#include "../../cli/text.hpp"
#include "../reading/saturating.hpp"
#include "../reading/trace_lacks.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

namespace {

/// Equal for the parts of one recording.
std::string key_of(const trace_header& x) {
  std::string result = x.node + '\n' + x.side + '\n' + x.link + '\n';
  return result + std::to_string(x.start_wall_ns) + '/' + std::to_string(x.start_monotonic_ns);
}

/// A recorder takes the time of its start a little after the first things may have happened.
constexpr int64_t start_tolerance_ns = 1'000'000'000;

void check_origin(checked_run& run, const trace_entry& x, const report_function& report) {
  const auto& header = *run.header;
  const auto side = to_string(x.side);
  if (!header.side.empty() && header.side != side)
    report(rule::origin,
           "a record of the " + std::string{side} + ", but the header says \"" + printable(header.side) + '"');
  if (!header.link.empty() && header.link != x.link && !std::exchange(run.other_link, true))
    report(rule::name,
           "a record of \"" + printable(x.link) + "\", but the header says \"" + printable(header.link) + '"');
  // A merged trace's header cannot have the starts of all its nodes' clocks.
  if (x.node.empty() && saturated_difference(header.start_monotonic_ns, x.monotonic_ns) > start_tolerance_ns)
    report(rule::clock, "its monotonic_ns is before the start of the recording");
}

} // namespace

bool checked_run::may_have_dropped(int64_t wall_ns, int64_t slack_ns) const noexcept {
  constexpr int64_t said_late_ns = 10'000'000'000;
  constexpr int64_t said_early_ns = 1'000'000'000;
  const auto from = saturated_difference(wall_ns, saturated_sum(said_early_ns, slack_ns));
  const auto to = saturated_sum(wall_ns, saturated_sum(said_late_ns, slack_ns));
  const auto first = std::lower_bound(dropped_ns.begin(), dropped_ns.end(), from);
  return first != dropped_ns.end() && *first <= to;
}

checked_run* run_checker::take(const placed_entry& x, const place& at, const report_function& report) {
  if (files_.size() <= x.file)
    files_.resize(x.file + 1);
  auto& file = files_[x.file];
  if (file.run == nullptr || at.headers != file.before.headers)
    begin_part(file, x, report);
  auto& run = *file.run;
  const uint64_t broken = at.broken - file.before.broken;
  const uint64_t skipped = at.skipped - file.before.skipped;
  file.before = at;
  if (run.header)
    check_origin(run, *x.entry, report);
  if (broken > 0)
    ++run.gaps;
  if (!check_number(run, *x.entry, broken + skipped, broken == 0, report))
    return nullptr;
  auto& owner = x.entry->node.empty() ? run : run_of_node(file, x.entry->node);
  auto& last_wall_ns = owner.last_wall_ns[static_cast<size_t>(x.entry->side)];
  last_wall_ns = std::max(last_wall_ns, x.wall_ns);
  owner.last_monotonic_ns = std::max(owner.last_monotonic_ns, x.entry->monotonic_ns);
  if (x.entry->event == trace_event::lost && owner.losses.size() < most_losses)
    owner.losses.push_back({x.wall_ns, x.entry->details});
  if (x.entry->event == trace_event::dropped) {
    ++(&owner == &run ? owner.gaps : owner.left_out);
    auto& times = owner.dropped_ns;
    if (times.size() < most_losses)
      times.insert(std::upper_bound(times.begin(), times.end(), x.wall_ns), x.wall_ns); // mostly at its end
    report(rule::dropped, std::to_string(x.entry->count) + " records were left out here");
  }
  if (&owner != &run)
    owner.gaps = run.gaps + owner.left_out;
  return &owner;
}

/// The one that is there, or a new one.
checked_run& run_checker::run_of_key(const std::string& key) {
  const auto [entry, is_new] = by_key_.try_emplace(key, runs_.size());
  if (is_new)
    runs_.emplace_back().index = static_cast<uint32_t>(entry->second);
  return runs_[entry->second];
}

/// Clocks, links and what was dropped are those of a node.
checked_run& run_checker::run_of_node(file_state& file, const std::string& node) {
  auto& result = file.nodes[node];
  if (result == nullptr) {
    result = &run_of_key("node " + node + " of " + std::to_string(file.run->index));
    result->header = file.run->header;
    result->filter = file.run->filter;
    result->node = node;
    result->file = file.run->file;
  }
  return *result;
}

/// The first record after a header, or of a file that has none.
void run_checker::begin_part(file_state& file, const placed_entry& x, const report_function& report) {
  const auto key = x.header ? key_of(*x.header) : "file " + std::to_string(x.file);
  const auto known = runs_.size();
  auto& run = run_of_key(key);
  const bool is_new = runs_.size() > known;
  file.run = &run;
  file.nodes.clear();
  if (!x.header)
    return;
  const auto& header = *x.header;
  if (is_new && header.first_record > 0)
    report(rule::part,
           "the recording begins with part " + std::to_string(header.part) + "; what was recorded before is not there");
  if (!is_new && run.header && header.part > run.header->part + 1 && run.next && header.first_record > *run.next) {
    report(rule::part, "parts of the recording are not there between part " + std::to_string(run.header->part)
                         + " and part " + std::to_string(header.part));
    ++run.gaps;
    run.next = header.first_record;
  }
  if (is_new)
    run.next = header.first_record;
  run.header = header;
  run.node = header.node;
  run.file = x.file;
  auto filter = filter_of(header);
  if (!filter.empty() && run.filter.empty())
    report(rule::filtered, "the trace has only what `" + printable(filter) + "` selects");
  run.filter = std::move(filter);
}

/// False for a record that was there before.
bool run_checker::check_number(checked_run& run, const trace_entry& x, uint64_t excused, bool harmless,
                               const report_function& report) {
  const uint64_t next = run.next.value_or(x.record);
  const auto number = "record " + std::to_string(x.record);
  if (x.record < next) {
    ++run.gaps;
    if (x.record + 1 == next) {
      report(rule::repeat, number + " is there a second time");
      return false;
    }
    report(rule::order, number + " comes after record " + std::to_string(next - 1));
    return true;
  }
  if (!run.filter.empty()) {
    run.gaps += x.record > next ? 1 : 0;
  } else if (x.record - next > excused) {
    const auto missing = x.record - next - excused;
    report(rule::gap, number + ", where " + std::to_string(next + excused) + " comes next: "
                        + (missing == 1 ? "a record is" : std::to_string(missing) + " records are") + " missing");
    ++run.gaps;
  } else if (x.record > next && !harmless) {
    ++run.gaps;
  }
  run.next = x.record + 1;
  return true;
}

} // namespace tandem::cli
