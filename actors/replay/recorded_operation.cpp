#include "recorded_operation.hpp"
#include "../../messages/opaque_payload.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tandem {

namespace {

/// Why this payload cannot be sent again; empty if it can.
std::string obstacle(const trace_entry& entry) {
  if (!entry.payload)
    return {};
  if (!entry.payload->missing.empty())
    return "its payload is not in the trace (" + entry.payload->missing + ")";
  std::string error;
  const auto ticket = to_ticket(entry, error);
  if (!ticket)
    return error;
  const auto* opaque = std::visit([](const auto& x) { return payload_as<opaque_payload>(*x.payload); }, *ticket);
  return opaque == nullptr ? "" : "payloads of type " + opaque->type + " are not registered for JSON here";
}

class side_collector {
public:
  /// Of what `side` recorded, to be played at `played`.
  side_collector(trace_side side, trace_side played) : side_(side), played_(played) {
  }

  void take(trace_entry& entry, uint64_t line_number) {
    if (!first_)
      first_ = clock_of(entry);
    if (entry.event == trace_event::dropped)
      has_gaps_ = true;
    if (!entry.has_operation() || entry.side != side_)
      return;
    auto& x = operation_of(entry);
    switch (entry.event) {
      case trace_event::begun:
        x.name = entry.name.value_or("");
        x.allowed = entry.timeout;
        x.maximum_timeout = entry.maximum_timeout;
        x.began = time_of(entry);
        break;
      case trace_event::sent:
      case trace_event::received:
        take_ticket(x, entry, line_number);
        break;
      case trace_event::ended:
        x.ended = entry.ended;
        x.steps.push_back({recorded_step::what::ended, time_of(entry), std::move(entry), line_number});
        break;
      default:
        break;
    }
  }

  std::vector<recorded_operation> finish() {
    for (auto& x : operations_) {
      if (x.unfit.empty() && !has_beginning(x))
        x.unfit = "its beginning is not in the trace";
      if (x.unfit.empty() && has_gaps_ && !is_whole(x))
        x.unfit = "some of its records were dropped";
    }
    return std::move(operations_);
  }

private:
  recorded_operation& operation_of(const trace_entry& entry) {
    const auto [place, is_new] = places_.try_emplace(entry.operation, operations_.size());
    if (is_new) {
      auto& x = operations_.emplace_back();
      x.id = entry.operation;
      x.side = side_;
      x.began = time_of(entry);
    }
    return operations_[place->second];
  }

  /// A record that names its node stands beside those of other nodes, whose monotonic clocks are others.
  static int64_t clock_of(const trace_entry& entry) {
    return entry.node.empty() ? entry.monotonic_ns : entry.wall_ns;
  }

  duration time_of(const trace_entry& entry) const {
    return duration{clock_of(entry) - *first_};
  }

  void take_ticket(recorded_operation& x, trace_entry& entry, uint64_t line_number) {
    const bool to_back = entry.goes_to_back();
    if (to_back && is_first(entry.kind)) {
      x.name = entry.name.value_or("");
      x.subscription = entry.subscription;
      x.trace_id = entry.trace_id;
      x.timeout = entry.timeout;
    }
    // A payload that the trace does not have whole cannot be sent; that there was one can be compared.
    const bool is_input = to_back == (played_ == trace_side::back);
    if (is_input && x.unfit.empty())
      if (const auto why = obstacle(entry); !why.empty())
        x.unfit = "line " + std::to_string(line_number) + ": " + why;
    x.steps.push_back({to_back ? recorded_step::what::to_back : recorded_step::what::to_front, time_of(entry),
                       std::move(entry), line_number});
  }

  /// True too for tickets that belong to nothing, and that nobody answers.
  bool has_beginning(const recorded_operation& x) const {
    bool is_answered = x.ended.has_value();
    if (x.has_first_ticket())
      return true;
    for (const auto& step : x.steps) {
      const bool is_output = (step.kind == recorded_step::what::to_front) == (played_ == trace_side::back);
      is_answered = is_answered || (step.kind != recorded_step::what::ended && is_output);
    }
    return !is_answered;
  }

  /// True if the tickets of each direction are numbered without a gap.
  static bool is_whole(const recorded_operation& x) {
    for (auto direction : {recorded_step::what::to_back, recorded_step::what::to_front}) {
      uint64_t next = 0;
      for (const auto* ticket : x.tickets(direction))
        if (ticket->sequence_number.value != next++)
          return false;
    }
    return true;
  }

  trace_side side_;
  trace_side played_;
  std::optional<int64_t> first_;
  bool has_gaps_ = false;
  std::vector<recorded_operation> operations_;
  std::map<operation_id, size_t> places_;
};

} // namespace

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

std::vector<recorded_operation> read_recorded(std::istream& trace, trace_side side) {
  trace_reader reader{trace};
  return read_recorded(reader, side);
}

std::vector<recorded_operation> read_recorded(trace_reader& trace, trace_side side) {
  const auto other = side == trace_side::back ? trace_side::front : trace_side::back;
  side_collector wanted{side, side};
  side_collector otherwise{other, side};
  while (auto* entry = trace.next()) {
    auto& x = entry->side == side ? wanted : otherwise;
    x.take(*entry, trace.line_number());
  }
  auto result = wanted.finish();
  return result.empty() ? otherwise.finish() : std::move(result);
}

} // namespace tandem
