#include "operation_source.hpp"
#include "side_collector.hpp"

namespace tandem {

namespace {

trace_side other_side(trace_side x) {
  return x == trace_side::back ? trace_side::front : trace_side::back;
}

} // namespace

operation_source::operation_source(trace_reader& trace, trace_side side, uint64_t bytes)
  : trace_(trace),
    most_(bytes),
    side_(side),
    wanted_(std::make_unique<side_collector>(side, side)),
    otherwise_(std::make_unique<side_collector>(other_side(side), side)) {
}

operation_source::~operation_source() = default;

std::vector<recorded_operation> operation_source::next() {
  for (;;) {
    const bool is_last = !fill();
    if (otherwise_ && wanted_->is_empty()) {
      wanted_ = std::move(otherwise_); // the trace of the other side
      side_ = other_side(side_);
    }
    otherwise_.reset();
    auto result = is_last ? wanted_->take_all() : wanted_->take_ended(most_ / 2);
    if (is_last || !result.empty())
      return result;
  }
}

/// False at the end of the trace.
bool operation_source::fill() {
  while (auto* entry = trace_.next()) {
    auto* of_side = entry->side == side_ ? wanted_.get() : otherwise_.get();
    if (of_side == nullptr)
      continue;
    of_side->take(*entry, trace_.line_number(), trace_.line().size());
    if (wanted_->held() + (otherwise_ ? otherwise_->held() : 0) > most_)
      return true;
  }
  return false;
}

// What recorded_operation.hpp declares: all of a trace is a group of any size.

std::vector<recorded_operation> read_recorded(std::istream& trace, trace_side side) {
  trace_reader reader{trace};
  return read_recorded(reader, side);
}

std::vector<recorded_operation> read_recorded(trace_reader& trace, trace_side side) {
  return operation_source{trace, side, operation_source::no_limit}.next();
}

} // namespace tandem
