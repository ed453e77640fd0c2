/// How tickets find their shard, and counts are summed up over shards. Internal to the ends.
#pragma once

#include "../../messages/commands.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem {

/// Gives each shard its part of `tickets`, in order; usually all belong to one, since a link delivers what one shard of
/// the other end sent. `faults` is empty or has one text per ticket.
template <class Shard, class Ticket>
void distribute(const std::vector<std::shared_ptr<Shard>>& shards, std::vector<Ticket>&& tickets,
                std::vector<std::string> faults, uint64_t lane) {
  if (tickets.empty())
    return;
  auto target = [&](const Ticket& x) { return Shard::shard_of(x.operation, shards.size()); };
  const size_t first = target(tickets.front());
  bool same = true;
  for (const auto& x : tickets)
    same = same && target(x) == first;
  if (same) {
    shards[first]->arrive(std::move(tickets), std::move(faults), lane);
    return;
  }
  std::vector<std::vector<Ticket>> parts(shards.size());
  std::vector<std::vector<std::string>> fault_parts(shards.size());
  for (size_t i = 0; i < tickets.size(); ++i) {
    const size_t shard = target(tickets[i]);
    parts[shard].push_back(std::move(tickets[i]));
    if (!faults.empty())
      fault_parts[shard].push_back(std::move(faults[i]));
  }
  for (size_t i = 0; i < shards.size(); ++i)
    if (!parts[i].empty())
      shards[i]->arrive(std::move(parts[i]), std::move(fault_parts[i]), lane);
}

/// The counts of all shards together.
template <class Shard>
stats total_stats(const std::vector<std::shared_ptr<Shard>>& shards, uint64_t ongoing) {
  stats result;
  result.ongoing = ongoing;
  for (const auto& shard : shards) {
    for (auto value : all_outcomes)
      result.of(value) += shard->terminated(value);
    result.dropped += shard->dropped();
    result.late += shard->late();
    result.refused += shard->refused();
  }
  return result;
}

} // namespace tandem
