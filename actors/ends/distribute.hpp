/// How tickets find their shard, and how counts are summed up over shards. Internal to the ends.
#pragma once

#include "../../messages/commands.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace tandem {

/// Gives each shard its part of `tickets`, in order; usually all belong to one, since a link delivers the tickets of
/// one shard of the other end. Returns those that no shard took, since it has stopped.
template <class Shard, class Ticket>
std::vector<Ticket> distribute(const std::vector<std::shared_ptr<Shard>>& shards, std::vector<Ticket>&& tickets,
                               uint64_t lane) {
  if (tickets.empty())
    return {};
  auto target = [&](const Ticket& x) { return Shard::shard_of(x.operation, shards.size()); };
  const size_t first = target(tickets.front());
  if (std::all_of(tickets.begin(), tickets.end(), [&](const Ticket& x) { return target(x) == first; }))
    return shards[first]->arrive(std::move(tickets), lane);
  std::vector<std::vector<Ticket>> parts(shards.size());
  for (auto& x : tickets)
    parts[target(x)].push_back(std::move(x));
  std::vector<Ticket> left;
  for (size_t i = 0; i < shards.size(); ++i)
    if (!parts[i].empty())
      std::ranges::move(shards[i]->arrive(std::move(parts[i]), lane), std::back_inserter(left));
  return left;
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
