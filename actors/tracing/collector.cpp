#include "collector.hpp"

#include <utility>

namespace tandem {

namespace {

thread_local collector* innermost = nullptr;

} // namespace

void collector::enter() {
  outer_ = std::exchange(innermost, this);
}

void collector::leave() {
  for (auto** x = &innermost; *x != nullptr; x = &(*x)->outer_)
    if (*x == this) {
      *x = outer_;
      return;
    }
}

bool collector::hand_over_here(const trace_recorder& recorder) {
  if (innermost == nullptr)
    return false;
  for (auto* x = innermost; x != nullptr;) {
    auto* const next = x->outer_;
    if (x->is_for(recorder))
      x->close();
    x = next;
  }
  return true;
}

} // namespace tandem
