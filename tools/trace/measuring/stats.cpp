#include "stats.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../reading/prepared_trace.hpp"
#include "../reading/saturating.hpp"

#include <ostream>

namespace tandem::cli {

const std::string trace_stats::other_names = "(other names)";

trace_stats::trace_stats(clock_uncertainty uncertainty)
  : table_([this](measured& x) { done(x); }), uncertainty_(std::move(uncertainty)) {
}

void trace_stats::take(const placed_entry& x) {
  const auto& entry = *x.entry;
  ++records_;
  first_wall_ns_ = std::min(first_wall_ns_, x.wall_ns);
  last_wall_ns_ = std::max(last_wall_ns_, x.wall_ns);
  if (entry.event == trace_event::dropped)
    dropped_ += entry.count;
  if (!entry.is_ticket()) {
    if (auto* operation = table_.take(x))
      place(*operation, x);
    return;
  }
  ++tickets_;
  auto* operation = table_.find(x);
  if (operation == nullptr) { // its operation ended long ago
    ++long_late_;
    return;
  }
  place(*operation, x);
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

/// Who recorded it.
void trace_stats::place(measured& x, const placed_entry& at) {
  if (x.source)
    return;
  std::pair key{at.file, std::string{at.node()}};
  const auto [found, is_new] = source_numbers_.try_emplace(key, sources_.size());
  if (is_new)
    sources_.push_back(std::move(key));
  x.source = found->second;
  x.offset_ns = saturated_difference(at.wall_ns, at.entry->wall_ns);
}

/// What one side alone tells of where the time went.
void trace_stats::split(const measured& x, name_stats& stats) {
  const auto add = [](histogram& to, int64_t from, int64_t until) { to.add(saturated_difference(until, from)); };
  const auto& to_back = x.stream(true);
  const auto& to_front = x.stream(false);
  if (x.credit.times() > 0)
    stats.without_credit.add(x.credit.without_ns(x.ended ? x.end : x.last));
  if (x.side == trace_side::front && x.has_begun_record && to_back.first_payload)
    add(stats.at_sender, x.first.monotonic_ns, to_back.first_payload->monotonic_ns);
  if (x.side == trace_side::back && x.consumption && to_back.first_payload
      && x.consumption->first_number() == to_back.first_payload_number) {
    add(stats.at_receiver, to_back.first_payload->monotonic_ns, x.consumption->first_began_ns());
    if (to_front.last_ticket)
      add(stats.work, x.consumption->first_began_ns(), to_front.last_ticket->monotonic_ns);
  }
  if (!x.has_beginning || !x.source)
    return;
  const auto common = [&x](const std::optional<moment>& when) {
    return when ? std::optional{saturated_sum(when->wall_ns, x.offset_ns)} : std::nullopt;
  };
  pair_up(x.id, {x.side, *x.source, &stats, to_back.first_payload_number, common(to_back.first_payload),
                 common(to_front.last_ticket)});
}

void trace_stats::pair_up(const operation_id& id, const half& x) {
  const auto found = halves_.find(id);
  if (found == halves_.end() || found->second.side == x.side) {
    if (found == halves_.end())
      halves_order_.push_back(id);
    halves_.insert_or_assign(id, x);
    if (halves_order_.size() > most_halves) {
      halves_.erase(halves_order_.front());
      halves_order_.pop_front();
    }
    return;
  }
  const auto other = found->second;
  halves_.erase(found); // its place in the order goes when its turn comes
  ++pairs_;
  const auto& front = x.side == trace_side::front ? x : other;
  const auto& back = x.side == trace_side::front ? other : x;
  const auto [known, is_new] = uncertainties_.try_emplace({front.source, back.source});
  if (is_new && uncertainty_) {
    const auto& [file, node] = sources_[front.source];
    const auto& [other_file, other_node] = sources_[back.source];
    known->second = uncertainty_(file, node, other_file, other_node);
  }
  if (!known->second) {
    ++pairs_without_clocks_;
    return;
  }
  uncertainty_ns_ = std::max(uncertainty_ns_, *known->second);
  if (front.payload_ns && back.payload_ns && front.payload_number == back.payload_number)
    front.stats->on_the_way.add(saturated_difference(*back.payload_ns, *front.payload_ns));
  if (front.completion_ns && back.completion_ns)
    front.stats->way_back.add(saturated_difference(*front.completion_ns, *back.completion_ns));
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
  split(x, stats);
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
  trace_stats stats{[&trace](size_t file, const std::string& node, size_t other_file, const std::string& other_node) {
    return trace.uncertainty_ns(file, node, other_file, other_node);
  }};
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
