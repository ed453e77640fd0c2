#include "clock_offsets.hpp"

#include "../../cli/measures.hpp"
#include "saturating.hpp"

#include <algorithm>
#include <ostream>

namespace tandem::cli {

std::string host_of(std::string_view node) {
  return std::string{node.substr(0, node.rfind('/'))};
}

std::string_view to_string(clock_offset::basis basis) noexcept {
  constexpr std::string_view words[]
    = {"reference", "tickets both ways", "tickets one way", "same host", "no ticket in common"};
  return words[static_cast<size_t>(basis)];
}

std::string contradiction_text(int64_t contradiction_ns) {
  return contradiction_ns == 0 ? ""
                               : "the tickets contradict each other by " + milliseconds(contradiction_ns)
                                   + " ms: a clock jumped, or they drifted apart";
}

// -- which clocks there are ----------------------------------------------------------------------------------------

std::optional<size_t> run_clocks::find(size_t file, const trace_header* header) const {
  const auto& own = of_files_[file];
  if (header == nullptr || header->node.empty()) // the records of a merged trace are by one clock
    return own.empty() ? std::nullopt : std::optional{own.front()};
  const auto origin_ns = saturated_difference(header->start_wall_ns, header->start_monotonic_ns);
  const auto is_near = [&](const clock& x) {
    return x.header && std::abs(saturated_difference(x.origin_ns, origin_ns)) <= tolerance_ns;
  };
  const auto host = host_of(header->node);
  for (const auto i : own)
    if (is_near(clocks_[i]) && clocks_[i].host == host)
      return i; // programs of one host that were started one after the other
  for (size_t i = 0; i < clocks_.size(); ++i)
    if (is_near(clocks_[i]) && clocks_[i].header->node == header->node)
      return i;
  return std::nullopt;
}

size_t run_clocks::add(size_t file, const trace_header* header) {
  auto& own = of_files_[file];
  auto result = find(file, header);
  if (!result && clocks_.size() >= most_clocks && !own.empty())
    return own.front();
  if (!result) {
    result = clocks_.size();
    auto& x = clocks_.emplace_back();
    if (header != nullptr) {
      x.header = *header;
      x.host = host_of(header->node);
      x.origin_ns = saturated_difference(header->start_wall_ns, header->start_monotonic_ns);
    }
  }
  if (std::find(own.begin(), own.end(), *result) == own.end())
    own.push_back(*result);
  if (header != nullptr && !header->node.empty()) {
    const auto [known, is_new] = of_nodes_.try_emplace({file, header->node}, *result);
    if (known->second != *result)
      known->second = unclear;
  }
  return *result;
}

std::optional<size_t> run_clocks::of_node(size_t file, const std::string& node) const {
  if (const auto found = of_nodes_.find({file, node}); found != of_nodes_.end())
    return found->second == unclear ? std::nullopt : std::optional{found->second};
  const auto& own = of_files_[file];
  return own.size() == 1 ? std::optional{own.front()} : std::nullopt;
}

const clock_offset& clock_estimates::operator[](size_t file) const {
  static const clock_offset none;
  const auto& own = clocks_.of_file(file);
  return own.empty() ? none : offsets_[own.front()];
}

int64_t clock_estimates::nanoseconds(size_t file, const trace_header* header) const {
  const auto found = clocks_.find(file, header);
  return found ? offsets_[*found].nanoseconds : (*this)[file].nanoseconds;
}

void clock_estimates::note_run(size_t file, const trace_header* header) {
  const auto usual = (*this)[file].nanoseconds;
  clocks_.add(file, header);
  if (offsets_.empty())
    offsets_.push_back({0, 0, clock_offset::basis::reference});
  if (offsets_.size() < clocks_.size()) // read too late for an estimate, or there is none
    offsets_.resize(clocks_.size(), {.nanoseconds = usual, .uncertainty_ns = {}});
}

// -- how far apart they are ----------------------------------------------------------------------------------------

void offset_estimator::add(size_t file, const trace_header* header) {
  current_[file] = {header, clocks_.add(file, header)};
  if (related_.size() == clocks_.size())
    return;
  related_.resize(clocks_.size(), clocks_.size() == 1); // the first one is the reference
  clocks_left_ += clocks_.size() > 1 ? 1 : 0;
}

size_t offset_estimator::clock_of(const placed_entry& x) {
  auto& run = current_[x.file];
  if (!run.clock || run.header != x.header)
    add(x.file, x.header);
  if (auto& host = clocks_.host(*run.clock); host.empty())
    host = host_of(x.node());
  return *run.clock;
}

bool offset_estimator::is_sampled(const key& k) const noexcept {
  uint64_t x = (k.operation.high ^ k.operation.low) * 0x9e3779b97f4a7c15 + k.number * 2 + (k.to_back ? 1 : 0);
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return (x >> 32 & sample_) == 0;
}

void offset_estimator::thin_out() {
  sample_ = sample_ * 2 + 1;
  std::erase_if(halves_, [this](const auto& x) { return !is_sampled(x.first); });
}

void offset_estimator::take(const placed_entry& x) {
  const auto clock = clock_of(x);
  const auto& entry = *x.entry;
  const key k{entry.operation, entry.sequence_number.value, entry.goes_to_back()};
  if (!entry.is_ticket() || !is_sampled(k))
    return;
  const bool sent = entry.event == trace_event::sent;
  const auto [found, is_new] = halves_.try_emplace(k, half{clock, entry.wall_ns, sent});
  if (is_new) {
    if (halves_.size() > most_halves)
      thin_out();
    return;
  }
  const auto other = found->second;
  if (other.clock == clock || other.sent == sent)
    return; // recorded at two places of one side
  halves_.erase(found);
  const size_t from = sent ? clock : other.clock;
  const size_t to = sent ? other.clock : clock;
  const int64_t took = saturated_difference(sent ? other.wall_ns : entry.wall_ns, sent ? entry.wall_ns : other.wall_ns);
  auto& between = between_[std::minmax(from, to)];
  auto& way = from < to ? between.there : between.back;
  way.fastest_ns = std::min(way.fastest_ns.value_or(took), took);
  ++way.tickets;
  if (related_[from] != related_[to] && between.are_enough())
    relate(related_[from] ? to : from);
}

/// With the first one, and so all those that are joined with this one.
void offset_estimator::relate(size_t clock) {
  related_[clock] = true;
  --clocks_left_;
  for (const auto& [pair, between] : between_) {
    const auto other = pair.first == clock ? pair.second : pair.first;
    if ((pair.first == clock || pair.second == clock) && !related_[other] && between.are_enough())
      relate(other);
  }
}

offset_estimator::relation offset_estimator::relation_of(size_t known, size_t other, const both_ways& between) const {
  const auto& there = known < other ? between.there.fastest_ns : between.back.fastest_ns;
  const auto& back = known < other ? between.back.fastest_ns : between.there.fastest_ns;
  const auto tickets = between.there.tickets + between.back.tickets;
  const bool fits_zero = there.value_or(0) >= 0 && back.value_or(0) >= 0;
  if (fits_zero && !clocks_.host(known).empty() && clocks_.host(known) == clocks_.host(other))
    return {0, 0, clock_offset::basis::same_host, tickets};
  if (there && back) {
    const auto middle = saturated_difference(*there, *back) / 2;
    const auto distance = saturated_sum(*there, *back);
    if (distance < 0)
      return {middle, std::nullopt, clock_offset::basis::both_ways, tickets, -std::max(distance, -INT64_MAX)};
    return {middle, (distance + 1) / 2, clock_offset::basis::both_ways, tickets};
  }
  // No ticket arrives before it was sent; more cannot be said.
  return {there ? std::min<int64_t>(0, *there) : std::max<int64_t>(0, -*back), std::nullopt,
          clock_offset::basis::one_way, tickets};
}

/// From clock to clock along the relations that tell most.
clock_estimates offset_estimator::result() const {
  std::vector<clock_offset> result(clocks_.size());
  std::vector<bool> done(clocks_.size());
  if (!result.empty())
    result[0] = {0, 0, clock_offset::basis::reference, 0};
  for (size_t next = 0; next < result.size();) {
    done[next] = true;
    std::optional<relation> best;
    size_t best_from = 0;
    size_t best_to = 0;
    for (const auto& [pair, between] : between_) {
      if (done[pair.first] == done[pair.second])
        continue;
      const auto from = done[pair.first] ? pair.first : pair.second;
      const auto to = done[pair.first] ? pair.second : pair.first;
      const auto x = relation_of(from, to, between);
      if (best && x.uncertainty_ns.value_or(INT64_MAX) >= best->uncertainty_ns.value_or(INT64_MAX))
        continue;
      best = x;
      best_from = from;
      best_to = to;
    }
    if (!best) { // nothing is known of the rest: each is taken by its word
      next = static_cast<size_t>(std::find(done.begin(), done.end(), false) - done.begin());
      continue;
    }
    const auto& from = result[best_from];
    auto& to = result[best_to];
    to.nanoseconds = saturated_difference(from.nanoseconds, best->ahead_ns);
    if (from.uncertainty_ns && best->uncertainty_ns)
      to.uncertainty_ns = saturated_sum(*from.uncertainty_ns, *best->uncertainty_ns);
    to.from = best->from;
    to.tickets = best->tickets;
    to.contradiction_ns = best->contradiction_ns;
    next = best_to;
  }
  return {clocks_, std::move(result)};
}

clock_estimates estimate_offsets(const std::vector<std::string>& files, const stream_paths& copies) {
  if (files.size() < 2)
    return {run_clocks{files.size()}, {}}; // it may not be one that can be read again
  std::ostream nowhere{nullptr};           // the notes about the files come when they are read again
  trace_input input{files, nowhere, copies};
  offset_estimator estimator{files.size()};
  for (size_t i = 0; i < files.size(); ++i)
    if (input.has_anything(i))
      estimator.add(i, input.header_of(i));
  while (!estimator.knows_enough()) {
    const auto* x = input.next();
    if (x == nullptr)
      break;
    estimator.take(*x);
  }
  return estimator.result();
}

} // namespace tandem::cli
