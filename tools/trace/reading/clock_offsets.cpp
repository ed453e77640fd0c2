#include "clock_offsets.hpp"

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
  if (hosts_[x.file].empty())
    hosts_[x.file] = host_of(x.node());
  const auto& entry = *x.entry;
  const key k{entry.operation, entry.sequence_number.value, entry.goes_to_back()};
  if (!entry.is_ticket() || !is_sampled(k))
    return;
  const bool sent = entry.event == trace_event::sent;
  const auto [found, is_new] = halves_.try_emplace(k, half{x.file, entry.wall_ns, sent});
  if (is_new) {
    if (halves_.size() > most_halves)
      thin_out();
    return;
  }
  const auto other = found->second;
  if (other.file == x.file || other.sent == sent)
    return; // recorded at two places of one side
  halves_.erase(found);
  const size_t from = sent ? x.file : other.file;
  const size_t to = sent ? other.file : x.file;
  const int64_t took = sent ? other.wall_ns - entry.wall_ns : entry.wall_ns - other.wall_ns;
  auto& fastest = fastest_[from * hosts_.size() + to];
  fastest = std::min(fastest.value_or(took), took);
  count(from, to);
}

void offset_estimator::count(size_t from, size_t to) {
  if (++counts_[from * hosts_.size() + to] != enough_tickets || related_[from] == related_[to]
      || counts_[to * hosts_.size() + from] < enough_tickets)
    return;
  relate(related_[from] ? to : from);
}

bool offset_estimator::are_joined(size_t x, size_t y) const {
  const size_t files = hosts_.size();
  return (!nodes_[x].empty() && nodes_[x] == nodes_[y])
         || (counts_[x * files + y] >= enough_tickets && counts_[y * files + x] >= enough_tickets);
}

/// With the first one, and so all those that are joined with this one.
void offset_estimator::relate(size_t file) {
  related_[file] = true;
  --files_left_;
  const size_t files = hosts_.size();
  for (size_t other = 0; other < files; ++other)
    if (!related_[other] && are_joined(file, other))
      relate(other);
}

std::optional<offset_estimator::relation> offset_estimator::relation_of(size_t known, size_t other) const {
  const auto there = fastest_[known * hosts_.size() + other];
  const auto back = fastest_[other * hosts_.size() + known];
  if (!there && !back)
    return std::nullopt;
  const bool fits_zero = there.value_or(0) >= 0 && back.value_or(0) >= 0;
  if (fits_zero && !hosts_[known].empty() && hosts_[known] == hosts_[other])
    return relation{0, 0, clock_offset::basis::same_host};
  if (there && back)
    return relation{(*there - *back) / 2, std::max<int64_t>(0, (*there + *back + 1) / 2),
                    clock_offset::basis::both_ways};
  // No ticket arrives before it was sent; more cannot be said.
  return relation{there ? std::min<int64_t>(0, *there) : std::max<int64_t>(0, -*back), std::nullopt,
                  clock_offset::basis::one_way};
}

/// From file to file along the relations that tell most.
std::vector<clock_offset> offset_estimator::result() const {
  const size_t files = hosts_.size();
  std::vector<clock_offset> result(files);
  std::vector<bool> done(files);
  if (files > 0)
    result[0] = {0, 0, clock_offset::basis::reference, 0};
  for (size_t next = 0; next < files;) {
    done[next] = true;
    std::optional<relation> best;
    size_t best_from = 0;
    size_t best_to = files;
    for (size_t from = 0; from < files; ++from)
      for (size_t to = 0; to < files; ++to) {
        const auto x = done[from] && !done[to] ? relation_of(from, to) : std::nullopt;
        if (x && (!best || x->uncertainty_ns.value_or(INT64_MAX) < best->uncertainty_ns.value_or(INT64_MAX))) {
          best = x;
          best_from = from;
          best_to = to;
        }
      }
    if (!best) { // nothing is known of the rest: each is taken by its word
      next = static_cast<size_t>(std::find(done.begin(), done.end(), false) - done.begin());
      continue;
    }
    const auto& from = result[best_from];
    auto& to = result[best_to];
    to.nanoseconds = from.nanoseconds - best->ahead_ns;
    if (from.uncertainty_ns && best->uncertainty_ns)
      to.uncertainty_ns = *from.uncertainty_ns + *best->uncertainty_ns;
    to.from = best->from;
    to.tickets = counts_[best_from * files + best_to] + counts_[best_to * files + best_from];
    next = best_to;
  }
  return result;
}

std::vector<clock_offset> estimate_offsets(const std::vector<std::string>& files, const stream_paths& copies) {
  if (files.size() < 2)
    return offset_estimator{files.size()}.result();
  std::ostream nowhere{nullptr}; // the notes about the files come when they are read again
  trace_input input{files, nowhere, copies};
  std::vector<std::string> nodes;
  for (size_t i = 0; i < files.size(); ++i)
    nodes.push_back(input.header_of(i) == nullptr ? "" : input.header_of(i)->node);
  offset_estimator estimator{files.size(), std::move(nodes)};
  while (!estimator.knows_enough()) {
    const auto* x = input.next();
    if (x == nullptr)
      break;
    estimator.take(*x);
  }
  return estimator.result();
}

} // namespace tandem::cli
