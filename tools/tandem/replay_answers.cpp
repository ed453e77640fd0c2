#include "replay_answers.hpp"

#include "../cli/exit_status.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

std::vector<refusal> replay_answers::accept(std::vector<back_to_front_ticket>&& tickets) {
  {
    std::lock_guard guard{mutex_};
    for (const auto& ticket : tickets) {
      const auto found = came_.find(ticket.operation);
      if (found == came_.end())
        continue;
      auto& answers = found->second;
      if (ticket.kind == ticket_kind::allowance) {
        ++answers.allowances;
        answers.allowed = std::max(answers.allowed, ticket.allowed.value_or(0));
      } else {
        answers.tickets.push_back(entry_of(ticket));
      }
      news_.insert(ticket.operation);
    }
  }
  changed_.notify_all();
  return {};
}

void replay_answers::rear_lost(const std::string& details) {
  {
    std::lock_guard guard{mutex_};
    lost_ = details;
  }
  changed_.notify_all();
}

void replay_answers::open(const operation_id& operation) {
  std::lock_guard guard{mutex_};
  came_[operation];
}

std::vector<trace_entry> replay_answers::close(const operation_id& operation) {
  std::lock_guard guard{mutex_};
  news_.erase(operation);
  auto node = came_.extract(operation);
  return node ? std::move(node.mapped().tickets) : std::vector<trace_entry>{};
}

replay_answers::state replay_answers::of(const operation_id& operation) const {
  std::lock_guard guard{mutex_};
  const auto& [tickets, allowances, allowed] = came_.at(operation);
  const bool is_ended = !tickets.empty() && is_abortive(tickets.back().kind);
  const bool is_answered = is_ended || (!tickets.empty() && is_last(tickets.back().kind));
  return {tickets.size(), allowances, is_ended, is_answered, allowed};
}

std::set<operation_id> replay_answers::await(clock::time_point until) {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, until, [this] { return !lost_.empty() || !news_.empty(); });
  if (!lost_.empty())
    throw user_error{"the connection was lost: " + lost_};
  return std::exchange(news_, {});
}

} // namespace tandem::cli
