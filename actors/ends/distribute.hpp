/// How tickets find their shard, and how counts are summed up over shards. Internal to the ends.
#pragma once

#include "../../messages/commands.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace tandem {

/// Gives each shard its part of `tickets`, in order; usually all belong to one, since a link delivers the tickets of
/// one shard of the other end.
template <class Shard, class Ticket>
void distribute(const std::vector<std::shared_ptr<Shard>>& shards, std::vector<Ticket>&& tickets, uint64_t lane) {
  if (tickets.empty())
    return;
  auto target = [&](const Ticket& x) { return Shard::shard_of(x.operation, shards.size()); };
  const size_t first = target(tickets.front());
  if (std::all_of(tickets.begin(), tickets.end(), [&](const Ticket& x) { return target(x) == first; })) {
    shards[first]->arrive(std::move(tickets), lane);
    return;
  }
  std::vector<std::vector<Ticket>> parts(shards.size());
  for (auto& x : tickets)
    parts[target(x)].push_back(std::move(x));
  for (size_t i = 0; i < shards.size(); ++i)
    if (!parts[i].empty())
      shards[i]->arrive(std::move(parts[i]), lane);
}

/// The counts of all shards together.
template <class Shard>
stats total_stats(const std::vector<std::shared_ptr<Shard>>& shards, uint64_t ongoing) {
  stats result;
  result.ongoing = ongoing;
  for (const auto& shard : shards)
    shard->add_to(result);
  return result;
}

} // namespace tandem
