#include "drawing.hpp"

#include "../../cli/duration_text.hpp"
#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../reading/saturating.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

namespace tandem::cli {

namespace {

constexpr size_t label_columns = 60;

/// Makes a drawing of operations, one after the other.
class drawer {
public:
  explicit drawer(bool several) : several_(several) {
  }

  void add(const operation_steps& x) {
    ++number_;
    const size_t lines[2] = {line_of(x, trace_side::front), line_of(x, trace_side::back)};
    drawn_halves drawn;
    for (const auto& step : x.steps) {
      const size_t at = lines[static_cast<size_t>(step.side)];
      if (step.event == trace_event::sent || step.event == trace_event::received)
        add_ticket(x, step, lines, drawn);
      else if (step.event == trace_event::ended)
        result_.notes.push_back({at, step.wall_ns, true, step.ended == outcome::completed,
                                 prefix() + to_string(step.ended) + (step.text.empty() ? "" : ": " + step.text)});
      else if (step.event == trace_event::annotation)
        result_.notes.push_back({at, step.wall_ns, false, true, prefix() + step.text});
      else if (step.event == trace_event::consumed)
        result_.notes.push_back(
          {at, step.wall_ns, false, true,
           prefix() + std::to_string(step.number) + " consumed, took " + write_elapsed(duration{step.took_ns})});
    }
    for (const auto& side : x.sides)
      if (side && side->view.ended && side->view.end_is_inferred)
        add_inferred_end(*side, lines[static_cast<size_t>(side->view.side)]);
    result_.left_out += x.left_out;
  }

  drawing finish(size_t most) {
    std::stable_sort(result_.tickets.begin(), result_.tickets.end(),
                     [](const auto& x, const auto& y) { return x.begin_ns() < y.begin_ns(); });
    std::stable_sort(result_.notes.begin(), result_.notes.end(),
                     [](const auto& x, const auto& y) { return x.when_ns < y.when_ns; });
    leave_out(result_.tickets, most);
    leave_out(result_.notes, most);
    result_.start_ns = INT64_MAX;
    for (const auto& x : result_.tickets)
      result_.start_ns = std::min({result_.start_ns, x.begin_ns(), x.end_ns()});
    for (const auto& x : result_.notes)
      result_.start_ns = std::min(result_.start_ns, x.when_ns);
    return std::move(result_);
  }

private:
  std::string prefix() const {
    return several_ ? "[" + std::to_string(number_) + "] " : "";
  }

  size_t line_of(const operation_steps& x, trace_side side) {
    const auto& steps = x.side(side);
    const lifeline wanted{std::string{to_string(side)}, steps ? printable(steps->node) : "", steps.has_value()};
    for (size_t i = 0; i < result_.lifelines.size(); ++i) {
      const auto& y = result_.lifelines[i];
      if (y.side == wanted.side && y.node == wanted.node && y.known == wanted.known)
        return i;
    }
    result_.lifelines.push_back(wanted);
    return result_.lifelines.size() - 1;
  }

  /// The half of a ticket that was drawn first; the other half, if it is among the steps, completes it.
  using drawn_halves = std::multimap<std::pair<bool, uint64_t>, std::pair<trace_event, size_t>>;

  void add_ticket(const operation_steps& x, const operation_step& step, const size_t (&lines)[2], drawn_halves& drawn) {
    const bool sent = step.event == trace_event::sent;
    const bool to_back = sent == (step.side == trace_side::front);
    const std::pair key{to_back, step.number};
    if (step.other_wall_ns) {
      auto [half, end] = drawn.equal_range(key);
      while (half != end && half->second.first == step.event)
        ++half;
      if (half != end) {
        auto& ticket = result_.tickets[half->second.second];
        if (step.late)
          ticket.style = arrow_style::late;
        drawn.erase(half);
        return;
      }
    }
    drawn_ticket ticket;
    ticket.from = lines[to_back ? 0 : 1];
    ticket.to = lines[to_back ? 1 : 0];
    ticket.label = label_of(step);
    ticket.style = step.late                ? arrow_style::late
                   : is_abortive(step.kind) ? arrow_style::abortive
                   : step.has_payload       ? arrow_style::payload
                                            : arrow_style::plain;
    (sent ? ticket.sent_ns : ticket.received_ns) = step.wall_ns;
    if (step.other_wall_ns) {
      (sent ? ticket.received_ns : ticket.sent_ns) = step.other_wall_ns;
      ticket.knows_travel = x.knows_travel(*ticket.sent_ns, *ticket.received_ns);
      drawn.emplace(key, std::pair{step.event, result_.tickets.size()});
    } else if (sent) {
      ticket.lost = x.should_have(step.side == trace_side::front ? trace_side::back : trace_side::front, step.wall_ns);
    }
    result_.tickets.push_back(std::move(ticket));
  }

  std::string label_of(const operation_step& x) const {
    auto result = prefix() + std::to_string(x.number) + " " + to_string(x.kind);
    if (!x.name.empty())
      result += " " + x.name;
    if (!x.text.empty())
      result += (is_abortive(x.kind) ? ": " : " ") + x.text;
    if (x.allowed)
      result += (x.kind == ticket_kind::allowance ? " " : ", ") + allowance_text(*x.allowed);
    if (x.timeout)
      result += ", timeout " + write_duration(*x.timeout);
    return shortened(result, label_columns);
  }

  void add_inferred_end(const side_steps& side, size_t at) {
    result_.notes.push_back({at, saturated_sum(side.view.end.wall_ns, side.offset_ns), true,
                             *side.view.ended == outcome::completed, prefix() + to_string(*side.view.ended)});
  }

  /// Those in the midst.
  template <class T>
  void leave_out(std::vector<T>& all, size_t most) {
    if (most == 0 || all.size() <= most)
      return;
    const auto from = all.begin() + static_cast<ptrdiff_t>(most - most / 2);
    const auto to = all.end() - static_cast<ptrdiff_t>(most / 2);
    result_.left_out += static_cast<uint64_t>(to - from);
    all.erase(from, to);
  }

  drawing result_;
  bool several_;
  size_t number_ = 0;
};

} // namespace

drawing make_drawing(const read_steps& found, size_t most) {
  const auto& operations = found.operations;
  drawer all{operations.size() > 1};
  for (const auto& x : operations)
    all.add(x);
  auto result = all.finish(most);
  std::string name;
  for (const auto& side : operations.front().sides)
    if (side && name.empty())
      name = printable(side->view.name);
  result.title
    = operations.size() > 1
        ? std::to_string(operations.size()) + " operations"
            + (found.left_out == 0 ? "" : ", and " + std::to_string(found.left_out) + " more that are not drawn")
        : (name.empty() ? "" : name + ", ") + to_string(operations.front().id);
  return result;
}

std::string time_text(const drawing& x, int64_t when_ns) {
  return milliseconds(saturated_difference(when_ns, x.start_ns));
}

} // namespace tandem::cli
