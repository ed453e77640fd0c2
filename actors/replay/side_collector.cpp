#include "side_collector.hpp"
#include "../../messages/opaque_payload.hpp"
#include "placeholder.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tandem {

namespace {

/// How many operations that were given out are remembered.
constexpr size_t most_given = 65536;

/// Why this payload cannot be sent again; empty if it can.
std::string obstacle(const trace_entry& entry) {
  if (!entry.payload || placeholder_of(entry))
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

/// A record that names its node stands beside those of other nodes, whose monotonic clocks are others.
int64_t clock_of(const trace_entry& entry) {
  return entry.node.empty() ? entry.monotonic_ns : entry.wall_ns;
}

/// True if the tickets of each direction are numbered without a gap.
bool is_whole(const recorded_operation& x) {
  for (auto direction : {recorded_step::what::to_back, recorded_step::what::to_front}) {
    uint64_t next = 0;
    for (const auto* ticket : x.tickets(direction))
      if (ticket->sequence_number.value != next++)
        return false;
  }
  return true;
}

/// True if its tickets say that nothing that matters can follow.
bool tickets_have_ended(const recorded_operation& x) {
  bool has_sent_all = false;
  bool has_received_all = false;
  for (const auto& step : x.steps) {
    if (is_abortive(step.entry.kind))
      return true;
    (step.kind == recorded_step::what::to_back ? has_sent_all : has_received_all) |= is_last(step.entry.kind);
  }
  return has_sent_all && has_received_all;
}

} // namespace

bool side_collector::collected::has_ended() const {
  return has_begun ? operation.ended.has_value() : tickets_have_ended(operation);
}

/// An end and a link that record into one file tell of the same ticket twice. That of the end counts if it has all of
/// the operation, for its records are in the order in which it acted.
void side_collector::collected::keep_one_recorder() {
  auto& steps = operation.steps;
  std::string_view keeper;
  for (const auto& step : steps) {
    const auto& link = step.entry.link;
    if (step.kind == recorded_step::what::ended)
      continue;
    if (keeper.empty())
      keeper = link;
    if (has_begun && link == end && is_first(step.entry.kind) && step.kind == recorded_step::what::to_back)
      keeper = link;
  }
  const std::string kept{keeper}; // the steps move
  std::erase_if(
    steps, [&kept](const recorded_step& x) { return x.kind != recorded_step::what::ended && x.entry.link != kept; });
}

void side_collector::take(trace_entry& entry, uint64_t line_number, uint64_t bytes) {
  if (!first_)
    first_ = clock_of(entry);
  if (entry.event == trace_event::dropped)
    has_gaps_ = true;
  if (!entry.has_operation() || given_.contains(entry.operation))
    return;
  auto& of_operation = operation_of(entry);
  auto& x = of_operation.operation;
  switch (entry.event) {
    case trace_event::begun:
      x.name = entry.name.value_or("");
      x.allowed = entry.timeout;
      x.maximum_timeout = entry.maximum_timeout;
      x.began = time_of(entry);
      of_operation.has_begun = true;
      of_operation.end = entry.link;
      return;
    case trace_event::sent:
    case trace_event::received:
      take_ticket(x, entry, line_number);
      break;
    case trace_event::ended:
      x.ended = entry.ended;
      x.steps.push_back({recorded_step::what::ended, time_of(entry), std::move(entry), line_number});
      break;
    default:
      return;
  }
  const auto more = sizeof(recorded_step) + bytes;
  of_operation.bytes += more;
  held_ += more;
}

std::vector<recorded_operation> side_collector::take_all() {
  return take_ended(0);
}

std::vector<recorded_operation> side_collector::take_ended(uint64_t keep) {
  const bool all = keep == 0;
  std::vector<recorded_operation> result;
  std::vector<collected> rest;
  // Those that have ended go first, so that no more of the others are given up than must be.
  uint64_t open = 0;
  for (const auto& x : operations_)
    if (!x.has_ended())
      open += x.bytes;
  for (auto& x : operations_) {
    const bool ended = x.has_ended();
    if (!ended && !all && open > keep) {
      open -= x.bytes;
      x.operation.unfit = "it is open for longer than the memory for records lasts";
      x.operation.steps.clear();
    } else if (!ended && !all) {
      rest.push_back(std::move(x));
      continue;
    }
    give_out(std::move(x), result);
  }
  operations_ = std::move(rest);
  places_.clear();
  for (size_t i = 0; i < operations_.size(); ++i)
    places_.emplace(operations_[i].operation.id, i);
  return result;
}

void side_collector::give_out(collected&& x, std::vector<recorded_operation>& to) {
  held_ -= x.bytes;
  if (given_.insert(x.operation.id).second)
    given_order_.push_back(x.operation.id);
  if (given_order_.size() > most_given) {
    given_.erase(given_order_.front());
    given_order_.pop_front();
  }
  x.keep_one_recorder();
  judge(x.operation);
  to.push_back(std::move(x.operation));
}

void side_collector::judge(recorded_operation& x) const {
  if (x.unfit.empty() && !has_beginning(x))
    x.unfit = "its beginning is not in the trace";
  if (x.unfit.empty() && has_gaps_ && !is_whole(x))
    x.unfit = "some of its records were dropped";
}

side_collector::collected& side_collector::operation_of(const trace_entry& entry) {
  const auto [place, is_new] = places_.try_emplace(entry.operation, operations_.size());
  if (is_new) {
    auto& x = operations_.emplace_back().operation;
    x.id = entry.operation;
    x.side = side_;
    x.began = time_of(entry);
  }
  return operations_[place->second];
}

duration side_collector::time_of(const trace_entry& entry) const {
  return duration{clock_of(entry) - *first_};
}

void side_collector::take_ticket(recorded_operation& x, trace_entry& entry, uint64_t line_number) {
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
bool side_collector::has_beginning(const recorded_operation& x) const {
  bool is_answered = x.ended.has_value();
  if (x.has_first_ticket())
    return true;
  for (const auto& step : x.steps) {
    const bool is_output = (step.kind == recorded_step::what::to_front) == (played_ == trace_side::back);
    is_answered = is_answered || (step.kind != recorded_step::what::ended && is_output);
  }
  return !is_answered;
}

} // namespace tandem
