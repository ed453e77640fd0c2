#include "operation_steps.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/text.hpp"
#include "../reading/saturating.hpp"

#include "../../../messages/json/text.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace tandem::cli {

namespace {

/// More operations of one trace id are not looked at.
constexpr size_t most_operations = 1'000;
constexpr size_t preview_columns = 40;

std::string preview(const trace_payload& x) {
  if (!x.missing.empty())
    return "(" + x.missing + ")";
  const auto json = nlohmann::json::parse(x.json, nullptr, false);
  if (json.is_string())
    return shortened("\"" + printable(json.get<std::string>()) + "\"", preview_columns);
  return shortened(printable(x.json), preview_columns);
}

operation_step step_of(const placed_entry& at) {
  const auto& x = *at.entry;
  operation_step result;
  result.event = x.event;
  result.side = x.side;
  result.kind = x.kind;
  result.number = x.sequence_number.value;
  result.wall_ns = x.wall_ns;
  result.monotonic_ns = x.monotonic_ns;
  result.has_payload = x.payload.has_value();
  result.timeout = x.timeout;
  result.ended = x.ended;
  result.name = printable(x.name.value_or(""));
  result.file = at.file;
  result.line = at.line_number;
  if (x.payload)
    result.text = preview(*x.payload);
  else
    result.text = printable(x.event == trace_event::annotation ? x.text : x.details);
  return result;
}

/// The records that are read of one operation.
class collected {
public:
  collected(const operation_id& id, size_t most_steps) : most_steps_(most_steps) {
    steps_.id = id;
  }

  void take(const placed_entry& at) {
    const auto& x = *at.entry;
    auto& side = steps_.sides[static_cast<size_t>(x.side)];
    if (!side) {
      side.emplace(x.operation, x.side);
      side->link = x.link;
      side->node = at.node();
    }
    if (x.is_ticket() && x.link != side->link && !side->view.link.empty() && x.link != side->view.link)
      return; // the same ticket, recorded at another place on its way
    const bool was_over = side->view.ended.has_value();
    side->view.take(x);
    auto step = step_of(at);
    step.late = x.event == trace_event::received && was_over;
    auto& target = early_.size() < most_steps_ / 2 ? early_ : late_;
    target.push_back(std::move(step));
    if (late_.size() > most_steps_ / 2) {
      late_.pop_front();
      ++steps_.left_out;
    }
  }

  void link_lost(trace_side which, const std::string& why) {
    auto& side = steps_.sides[static_cast<size_t>(which)];
    if (side && !side->view.ended)
      side->lost = printable(why.empty() ? "the link was lost" : why);
  }

  operation_steps finish() {
    steps_.steps.assign(std::make_move_iterator(early_.begin()), std::make_move_iterator(early_.end()));
    steps_.steps.insert(steps_.steps.end(), std::make_move_iterator(late_.begin()),
                        std::make_move_iterator(late_.end()));
    correct_clocks();
    std::stable_sort(steps_.steps.begin(), steps_.steps.end(),
                     [](const operation_step& x, const operation_step& y) { return x.wall_ns < y.wall_ns; });
    return std::move(steps_);
  }

private:
  using travel = std::optional<int64_t>;

  /// The shortest way of a ticket in this direction, by the clocks as they are.
  travel shortest(bool to_back) const {
    std::map<uint64_t, int64_t> sent;
    travel result;
    auto goes = [to_back](const operation_step& x, trace_event event) {
      return x.event == event && ((event == trace_event::sent) == (x.side == trace_side::front)) == to_back;
    };
    for (const auto& x : steps_.steps)
      if (goes(x, trace_event::sent))
        sent.emplace(x.number, x.wall_ns);
    for (const auto& x : steps_.steps)
      if (goes(x, trace_event::received))
        if (auto from = sent.find(x.number); from != sent.end())
          result = std::min(result.value_or(INT64_MAX), saturated_difference(x.wall_ns, from->second));
    return result;
  }

  void correct_clocks() {
    const auto forth = shortest(true);
    const auto back = shortest(false);
    if ((forth.value_or(0) >= 0 && back.value_or(0) >= 0) || (!forth && !back))
      return;
    // With both ways known, they are taken for equally long; with one, for no time at all.
    const int64_t ahead = forth && back ? saturated_difference(*forth, *back) / 2
                          : forth       ? *forth
                                        : saturated_difference(0, *back);
    steps_.back_ahead_ns = ahead;
    for (auto& x : steps_.steps)
      if (x.side == trace_side::back)
        x.wall_ns = saturated_difference(x.wall_ns, ahead);
  }

  size_t most_steps_;
  operation_steps steps_;
  std::deque<operation_step> early_;
  std::deque<operation_step> late_;
};

/// Lets go of what belongs to no operation that is asked for.
class collection {
public:
  collection(const operation_selector& which, size_t most_steps) : which_(which), most_steps_(most_steps) {
  }

  void take(const placed_entry& at) {
    const auto& x = *at.entry;
    if (x.event == trace_event::lost)
      for (auto& y : all_)
        y.link_lost(x.side, x.details);
    if (!x.has_operation())
      return;
    auto entry = index_.find(x.operation);
    if (entry == index_.end()) {
      if (!(which_.selects(x.operation) || which_.selects(x.trace_id)) || all_.size() == most_operations)
        return;
      entry = index_.emplace(x.operation, all_.size()).first;
      all_.emplace_back(x.operation, most_steps_);
    }
    all_[entry->second].take(at);
  }

  std::vector<operation_steps> finish() {
    std::vector<operation_steps> result;
    for (auto& x : all_)
      result.push_back(x.finish());
    return result;
  }

private:
  const operation_selector& which_;
  size_t most_steps_;
  std::deque<collected> all_;
  std::map<operation_id, size_t> index_;
};

} // namespace

std::optional<operation_selector> operation_selector::parse(std::string_view text) {
  operation_selector result;
  if (auto id = parse_trace_id(text)) {
    result.trace_id_ = *id;
    return result;
  }
  result.pattern_ = parse_id_pattern(text);
  return result.pattern_ ? std::optional{std::move(result)} : std::nullopt;
}

std::vector<operation_steps> read_operations(const operation_selector& which, const std::string& text,
                                             const std::vector<std::string>& files, std::ostream& notes, int& status,
                                             size_t most_steps) {
  trace_input input{files, notes};
  collection all{which, most_steps};
  while (const auto* x = input.next())
    all.take(*x);
  status = input.finish();
  auto result = all.finish();
  if (result.empty())
    throw user_error{"no record of " + text + " is in " + (files.size() == 1 ? "this trace" : "these traces")};
  if (result.size() > 1 && !which.is_trace_id()) {
    std::string names;
    for (const auto& x : result)
      names += "\n  " + to_string(x.id);
    throw user_error{text + " names several operations; give more digits, or the whole id:" + names};
  }
  return result;
}

} // namespace tandem::cli
