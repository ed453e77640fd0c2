#include "recorded_operation.hpp"

#include <algorithm>

namespace tandem {

std::vector<const trace_entry*> recorded_operation::tickets(recorded_step::what direction) const {
  std::vector<const trace_entry*> result;
  for (const auto& step : steps)
    if (step.kind == direction)
      result.push_back(&step.entry);
  std::stable_sort(result.begin(), result.end(),
                   [](const auto* x, const auto* y) { return x->sequence_number < y->sequence_number; });
  return result;
}

bool recorded_operation::has_first_ticket() const {
  return std::any_of(steps.begin(), steps.end(), [](const recorded_step& x) {
    return x.kind == recorded_step::what::to_back && is_first(x.entry.kind);
  });
}

uint64_t recorded_operation::more_allowed_by(const recorded_step& step) const {
  uint64_t before = step.kind == recorded_step::what::to_front ? allowed_at_first : 0;
  for (const auto* x = &step; x != steps.data();) // the one before it is near, and the first one may be far
    if ((--x)->kind == step.kind && x->entry.allowed) {
      before = *x->entry.allowed;
      break;
    }
  const auto in_all = step.entry.allowed.value_or(0);
  return in_all > before ? in_all - before : 0;
}

std::optional<size_t> recorded_operation::failing_call(trace_side at) const {
  const bool at_front = at == trace_side::front;
  const auto input = at_front ? recorded_step::what::to_front : recorded_step::what::to_back;
  const auto failure = at_front ? ticket_kind::serviced_failure : ticket_kind::servicer_failure;
  size_t calls = 0;
  bool follows_call = false;
  for (const auto& step : steps) {
    const auto& x = step.entry;
    if (step.kind != input) {
      if (step.kind != recorded_step::what::ended && x.kind == failure)
        return follows_call ? std::optional{calls - 1} : std::nullopt;
      follows_call = false;
      continue;
    }
    follows_call = !is_abortive(x.kind) && (x.payload || is_last(x.kind));
    calls += follows_call;
  }
  return std::nullopt;
}

bool recorded_operation::needs_held_call(trace_side at) const {
  const bool at_front = at == trace_side::front;
  const bool has_calls = !at_front || subscription == subscription_kind::full;
  if (side != at || !has_calls || !ended || failing_call(at))
    return false;
  const auto input = at_front ? recorded_step::what::to_front : recorded_step::what::to_back;
  std::optional<uint64_t> to_receive;
  uint64_t received = 0;
  bool has_sent_all = subscription == subscription_kind::none; // the back sends nothing
  for (const auto& step : steps) {
    const auto& x = step.entry;
    if (has_sent_all && to_receive && received >= *to_receive)
      return step.kind != recorded_step::what::ended || x.ended != outcome::completed;
    if (step.kind == recorded_step::what::ended)
      return false;
    if (step.kind != input) {
      if (!at_front && x.kind == ticket_kind::servicer_failure)
        return true;
      has_sent_all = has_sent_all || is_last(x.kind);
      continue;
    }
    received += !is_abortive(x.kind);
    if (is_last(x.kind))
      to_receive = x.sequence_number.value + 1;
  }
  return false;
}

} // namespace tandem
