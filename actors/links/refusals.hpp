/// Refusals of whole batches. Internal to the links.
#pragma once

#include "link.hpp"

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tandem {

/// Names each operation once, if its tickets are together.
template <class Ticket>
void add_operation(std::vector<operation_id>& to, const Ticket& ticket) {
  if (to.empty() || to.back() != ticket.operation)
    to.push_back(ticket.operation);
}

/// The operations of `tickets`. Ask before they are handed over: a peer may have moved them out when it throws.
template <class Ticket>
std::vector<operation_id> operations_of(const std::vector<Ticket>& tickets) {
  std::vector<operation_id> result;
  for (const auto& ticket : tickets)
    add_operation(result, ticket);
  return result;
}

/// Refuses all operations, once each.
inline std::vector<refusal> refuse_all(const std::vector<operation_id>& operations, const std::string& reason) {
  std::vector<refusal> result;
  std::unordered_set<operation_id> seen;
  for (const auto& x : operations)
    if (seen.insert(x).second)
      result.push_back({x, reason});
  return result;
}

/// Calls `f`, which hands over tickets of `operations`; if it throws, all of them are refused. `who` is `f`'s peer.
template <class Function>
std::vector<refusal> refuse_if_throws(const std::vector<operation_id>& operations, const std::string& who, Function f) {
  try {
    return f();
  } catch (...) {
    return refuse_all(operations, current_reason(who));
  }
}

/// Hands tickets that came from another node to `take`. Returns the refusals that the other side is to be told: not
/// those of operations that it has aborted itself, or two ends that take nothing would tell each other for ever.
template <class Ticket, class Function>
std::vector<refusal> refusals_to_tell(std::vector<Ticket>&& tickets, const std::string& who, Function take) {
  const auto operations = operations_of(tickets);
  std::unordered_set<operation_id> aborted;
  for (const auto& x : tickets)
    if (is_abortive(x.kind))
      aborted.insert(x.operation);
  auto result = refuse_if_throws(operations, who, [&] { return take(std::move(tickets)); });
  std::erase_if(result, [&](const refusal& x) { return aborted.contains(x.operation); });
  return result;
}

} // namespace tandem
