#include "replay_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace tandem {

namespace {

constexpr size_t longest_payload = 200;

/// The compared members of a ticket, in words.
std::string describe(const trace_entry& x) {
  auto result = to_string(x.kind);
  if (x.name)
    result += " " + *x.name;
  if (x.timeout)
    result += " timeout " + std::to_string(x.timeout->count()) + " ns";
  if (x.payload)
    result += " "
              + (x.payload->json.size() > longest_payload ? x.payload->json.substr(0, longest_payload) + "..."
                                                          : x.payload->json);
  return result;
}

/// Of a payload that is not all in the trace, type and size are known, or the size alone.
bool same_payload(const trace_payload& recorded, const trace_payload& came, uint64_t size_recorded,
                  uint64_t size_came) {
  if (recorded.missing.empty() && came.missing.empty())
    return nlohmann::json::parse(recorded.json, nullptr, false) == nlohmann::json::parse(came.json, nullptr, false);
  return size_recorded == size_came;
}

/// Adds to a list that has a bound.
template <class T>
void add(std::vector<T>& list, uint64_t& further, T x) {
  if (list.size() < replay_report::most_listed)
    list.push_back(std::move(x));
  else
    ++further;
}

/// All but their numbers.
bool same(const trace_entry& recorded, const trace_entry& came) {
  if (recorded.kind != came.kind || recorded.name != came.name || recorded.subscription != came.subscription
      || recorded.timeout != came.timeout || recorded.allowed != came.allowed
      || recorded.payload.has_value() != came.payload.has_value())
    return false;
  return !recorded.payload || same_payload(*recorded.payload, *came.payload, recorded.payload_size, came.payload_size);
}

/// Nothing follows it in its direction but allowances.
bool is_ending(const trace_entry& x) {
  return is_last(x.kind) || is_abortive(x.kind);
}

/// The allowances that crossed the other side's last ticket, as the trace of that side tells: they came after it. When
/// it is played again, the last ticket is there first, and after that no side allows anything (S-FLOW-3).
std::set<const trace_entry*> crossing_allowances(const recorded_operation& x, recorded_step::what direction) {
  std::set<const trace_entry*> result;
  const auto sender = direction == recorded_step::what::to_back ? trace_side::front : trace_side::back;
  bool is_over = false;
  for (const auto& step : x.steps)
    if (step.kind == recorded_step::what::ended || x.side == sender)
      continue;
    else if (step.kind != direction)
      is_over = is_over || is_ending(step.entry);
    else if (is_over && step.entry.kind == ticket_kind::allowance)
      result.insert(&step.entry);
  return result;
}

/// The receiver of the tickets in this direction has ended the operation.
bool is_aborted_against(const recorded_operation& x, recorded_step::what direction) {
  return std::ranges::any_of(x.steps, [direction](const recorded_step& step) {
    return step.kind != direction && step.kind != recorded_step::what::ended && is_abortive(step.entry.kind);
  });
}

} // namespace

std::string to_string(const replay_difference& x) {
  return to_string(x.operation) + ": " + x.name + ", " + x.where + ": expected " + x.expected + ", got " + x.actual;
}

void skip_unfit(std::vector<recorded_operation>& operations, replay_report& report) {
  std::erase_if(operations, [&report](const recorded_operation& x) {
    if (!x.unfit.empty())
      add(report.skipped, report.further_skipped,
          to_string(x.id) + (x.name.empty() ? "" : ": " + x.name) + ": " + x.unfit);
    return !x.unfit.empty();
  });
}

void compare(const recorded_operation& recorded, recorded_step::what direction, const std::vector<trace_entry>& came,
             std::optional<outcome> ended, replay_report& report, replay_time time) {
  const auto difference = [&](std::string where, std::string expected, std::string actual) {
    return replay_difference{recorded.id, recorded.name, std::move(where), std::move(expected), std::move(actual)};
  };
  const auto differ = [&](std::string where, std::string expected, std::string actual) {
    add(report.differences, report.further_differences,
        difference(std::move(where), std::move(expected), std::move(actual)));
  };
  // Both sides of an operation that expires have a timer for the same instant; whose is first tells the other, or both
  // do.
  const bool expired = recorded.ended == outcome::expired && ended.value_or(outcome::expired) == outcome::expired;
  const auto tells_what_is_known
    = [expired](const trace_entry& x) { return expired && x.kind == ticket_kind::expiration; };
  auto expected = recorded.tickets(direction);
  const auto crossing = crossing_allowances(recorded, direction);
  const bool waited = time == replay_time::is_real;
  const bool is_over = !came.empty() && is_ending(came.back());
  const bool was_aborted = is_aborted_against(recorded, direction);
  // The trace tells that nothing came after what is recorded.
  const bool is_whole = std::ranges::any_of(expected, [](const trace_entry* x) { return is_ending(*x); })
                        || (!waited && (was_aborted || (recorded.ended && recorded.ended != outcome::completed)));
  if (!is_whole && expected.empty() && recorded.subscription != subscription_kind::none && !was_aborted)
    ++report.unanswered;
  if (waited)
    std::erase_if(expected, [](const trace_entry* x) { return x->kind == ticket_kind::allowance; });
  uint64_t left_out = 0;
  // With other allowances, the same tickets have other numbers.
  const auto same_number = [&](const trace_entry& x, const trace_entry& y) {
    return waited || x.sequence_number.value - left_out == y.sequence_number.value;
  };
  for (size_t i = 0; i < std::max(expected.size(), came.size()); ++i) {
    while (i < expected.size() && crossing.contains(expected[i])
           && (i >= came.size() || came[i].kind != ticket_kind::allowance)) {
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(i));
      ++left_out;
    }
    if (i >= std::max(expected.size(), came.size()) || (i >= expected.size() && !is_whole))
      break;
    ++report.tickets;
    const auto where = "ticket " + std::to_string(i);
    const bool has_expired = i < came.size() && came[i].kind == ticket_kind::expiration;
    if (i >= came.size() || (waited && has_expired && i < expected.size() && expected[i]->kind != came[i].kind)) {
      if (tells_what_is_known(*expected[i]))
        continue;
      auto missing = difference(where, describe(*expected[i]), i < came.size() ? describe(came[i]) : "nothing");
      if (waited && (has_expired || !is_over)) {
        add(report.late, report.further_late, std::move(missing));
        break;
      }
      add(report.differences, report.further_differences, std::move(missing));
    } else if (i >= expected.size()) {
      if (!tells_what_is_known(came[i]))
        differ(where, "nothing", describe(came[i]));
    } else if (!same_number(*expected[i], came[i]) || !same(*expected[i], came[i])) {
      differ(where, describe(*expected[i]), describe(came[i]));
    }
  }
  if (recorded.ended && ended && *recorded.ended != *ended)
    differ("outcome", to_string(*recorded.ended), to_string(*ended));
}

} // namespace tandem
