#include "trampoline.hpp"

#include <utility>

namespace tandem {

namespace {

thread_local trampoline* current_scope = nullptr;
thread_local int scopes = 0; ///< of this thread, those that run their shards included

using steady = std::chrono::steady_clock;

/// So many shards run at the end of another one's run.
constexpr int most_rounds = 32;

/// A shard that runs longer than this where it should not, for instance because customer code computes, is slow ...
constexpr auto too_long = std::chrono::microseconds(500);
/// ... and runs elsewhere for this long.
constexpr auto banned_for = std::chrono::seconds(1);

} // namespace

trampoline::trampoline(place where) : where_(where), outer_(current_scope) {
  ++scopes;
  if (outer_ == nullptr)
    current_scope = this;
}

trampoline::~trampoline() {
  if (outer_ == nullptr) // else that runs what was deferred
    where_ == place::network ? run_one() : run_some();
  --scopes;
}

bool trampoline::runs_shards() noexcept {
  return scopes > 0;
}

void trampoline::run_some() {
  for (int round = 0; round < most_rounds && !waiting_.empty(); ++round) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next->run_here();
  }
  current_scope = nullptr;
  for (auto& x : waiting_)
    x->run_in_scheduler();
}

/// Its customer code may take its time: nobody else must wait for that, neither those that came with it nor those that
/// it wakes.
void trampoline::run_one() {
  current_scope = nullptr;
  if (waiting_.empty())
    return;
  for (auto x = waiting_.begin() + 1; x != waiting_.end(); ++x)
    (*x)->run_in_scheduler();
  auto& first = *waiting_.front();
  const auto begin = steady::now();
  first.run_here();
  if (const auto end = steady::now(); end - begin > too_long)
    first.slow_until = end + banned_for;
}

trampoline::suspension::suspension() : suspended_(std::exchange(current_scope, nullptr)) {
}

trampoline::suspension::~suspension() {
  current_scope = suspended_;
}

bool trampoline::defer(const std::shared_ptr<runnable>& x) {
  auto* scope = current_scope;
  if (scope == nullptr)
    return false;
  if (x->slow_until != steady::time_point{} && scope->where_ == place::network && steady::now() < x->slow_until)
    return false;
  scope->waiting_.push_back(x);
  return true;
}

} // namespace tandem
