#include "operation_steps.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/text.hpp"
#include "../reading/link_loss.hpp"
#include "../reading/saturating.hpp"

#include "../../../messages/json/text.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace tandem::cli {

namespace {

/// More tickets of an operation are not kept in mind until their other half comes.
constexpr size_t most_waiting = 100'000;
/// Of the steps that are left out, not more are kept since they may matter to the ends.
constexpr size_t most_aside = 10'000;
/// A ticket that was sent so long before the other trace's last record should be in it, as for `tandem trace check`.
constexpr int64_t travel_ns = 1'000'000'000;
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
  result.wall_ns = at.wall_ns;
  result.monotonic_ns = x.monotonic_ns;
  result.has_payload = x.payload.has_value();
  result.timeout = x.timeout;
  result.allowed = x.allowed;
  result.took_ns = x.took_ns;
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
      keys_[static_cast<size_t>(x.side)] = trace_lacks::key_of(at);
    }
    side->file = at.file;
    side->offset_ns = saturated_difference(at.wall_ns, x.wall_ns);
    if (x.is_ticket() && x.link != side->link && !side->view.link.empty() && x.link != side->view.link)
      return; // the same ticket, recorded at another place on its way
    const bool was_over = side->view.ended.has_value();
    side->view.take(x);
    auto step = step_of(at);
    step.late = x.event == trace_event::received && was_over;
    if (x.is_ticket())
      match(step);
    ++taken_;
    auto& target = early_.size() < most_steps_ / 2 ? early_ : late_;
    target.push_back(std::move(step));
    if (late_.size() > most_steps_ / 2) {
      leave_out(taken_ - late_.size(), late_.front());
      late_.pop_front();
      ++steps_.left_out;
    }
  }

  void link_lost(const placed_entry& at) {
    const auto& why = at.entry->details;
    auto& side = steps_.sides[static_cast<size_t>(at.entry->side)];
    const auto& other = steps_.sides[at.entry->side == trace_side::front ? 1 : 0];
    if (!side || side->view.ended || side->node != at.node())
      return;
    const auto& peer = side->view.peer.empty() && other ? other->node : side->view.peer;
    if (loss_may_concern(why, peer))
      side->lost = printable(why.empty() ? "the link was lost" : why);
  }

  operation_steps finish(const prepared_trace& trace) {
    steps_.steps_before = early_.size();
    for (auto& [number, x] : aside_)
      steps_.midst.push_back(std::move(x));
    steps_.steps.assign(std::make_move_iterator(early_.begin()), std::make_move_iterator(early_.end()));
    steps_.steps.insert(steps_.steps.end(), std::make_move_iterator(late_.begin()),
                        std::make_move_iterator(late_.end()));
    for (size_t i = 0; i < 2; ++i)
      if (auto& side = steps_.sides[i])
        if (const auto* records = trace.lacks().of(keys_[i])) {
          side->incomplete = records->why_incomplete();
          side->first_wall_ns = records->first_wall_ns[i];
          side->last_wall_ns = records->last_wall_ns[i];
        }
    const auto& front = steps_.sides[0];
    const auto& back = steps_.sides[1];
    if (front && back) {
      steps_.uncertainty_ns = trace.uncertainty_ns(front->file, front->node, back->file, back->node);
      steps_.back_ahead_ns = saturated_difference(front->offset_ns, back->offset_ns);
      steps_.contradiction_ns = trace.contradiction_ns(front->file, front->node, back->file, back->node);
    }
    return std::move(steps_);
  }

private:
  /// A ticket that only one side has, so far.
  struct half {
    uint64_t step; ///< which of the steps that were taken
    int64_t wall_ns;
    trace_event event;
    bool late;
  };
  /// To the back, and its number. Its kind may change on the way (S-END-12).
  using ticket_key = std::pair<bool, uint64_t>;

  void match(operation_step& x) {
    const bool to_back = (x.event == trace_event::sent) == (x.side == trace_side::front);
    const ticket_key key{to_back, x.number};
    auto [found, end] = waiting_.equal_range(key);
    for (; found != end; ++found) {
      if (found->second.event == x.event)
        continue;
      x.other_wall_ns = found->second.wall_ns;
      x.arrived_late = found->second.late;
      if (auto* other = kept(found->second.step)) {
        other->other_wall_ns = x.wall_ns;
        other->arrived_late = x.late;
      }
      if (const auto sent = aside_.find(found->second.step); sent != aside_.end() && !matters(sent->second))
        aside_.erase(sent); // it arrived in time
      waiting_.erase(found);
      return;
    }
    if (waiting_.size() < most_waiting)
      waiting_.emplace(key, half{taken_, x.wall_ns, x.event, x.late});
    else
      steps_.too_many_tickets = true;
  }

  /// To the end of a side: it may be under way then, or be the end.
  static bool matters(const operation_step& x) noexcept {
    const bool is_ticket = x.event == trace_event::sent || x.event == trace_event::received;
    return x.late || x.event == trace_event::ended || (is_ticket && is_abortive(x.kind))
           || (x.event == trace_event::sent && (x.arrived_late || !x.other_wall_ns));
  }

  void leave_out(uint64_t number, operation_step& x) {
    if (!matters(x))
      return;
    if (aside_.size() < most_aside)
      aside_.emplace(number, std::move(x));
    else
      steps_.knows_all_under_way = false;
  }

  /// Null for one in the midst that was left out.
  operation_step* kept(uint64_t step) {
    if (step < early_.size())
      return &early_[step];
    const auto first_late = taken_ - late_.size();
    if (step >= first_late)
      return &late_[step - first_late];
    const auto found = aside_.find(step);
    return found == aside_.end() ? nullptr : &found->second;
  }

  size_t most_steps_;
  operation_steps steps_;
  std::string keys_[2]; ///< of what is missing in each side's trace
  std::deque<operation_step> early_;
  std::deque<operation_step> late_;
  std::map<uint64_t, operation_step> aside_; ///< in the midst, by their numbers: they may matter to the ends
  uint64_t taken_ = 0;                       ///< steps
  std::multimap<ticket_key, half> waiting_;
};

/// Lets go of what belongs to no operation that is asked for.
class collection {
public:
  collection(const operation_selector& which, size_t most_steps) : which_(which), most_steps_(most_steps) {
  }

  /// Whether a record may matter; to be asked of all, in the order of each file.
  bool wants(const trace_entry& x) {
    if (x.event == trace_event::lost)
      return true;
    if (!x.has_operation())
      return false;
    if (which_.selects(x.trace_id))
      of_trace_id_.insert(x.operation);
    return which_.selects(x.operation) || of_trace_id_.contains(x.operation);
  }

  void take(const placed_entry& at) {
    const auto& x = *at.entry;
    if (x.event == trace_event::lost)
      for (auto& y : all_)
        y.link_lost(at);
    if (!x.has_operation())
      return;
    auto entry = index_.find(x.operation);
    if (entry == index_.end()) {
      if (!(which_.selects(x.operation) || which_.selects(x.trace_id)))
        return;
      if (all_.size() == most_operations) {
        left_out_.insert(x.operation);
        return;
      }
      entry = index_.emplace(x.operation, all_.size()).first;
      all_.emplace_back(x.operation, most_steps_);
    }
    all_[entry->second].take(at);
  }

  read_steps finish(const prepared_trace& trace) {
    read_steps result;
    for (auto& x : all_)
      result.operations.push_back(x.finish(trace));
    result.left_out = left_out_.size();
    return result;
  }

private:
  const operation_selector& which_;
  size_t most_steps_;
  std::deque<collected> all_;
  std::map<operation_id, size_t> index_;
  std::unordered_set<operation_id> of_trace_id_;
  std::unordered_set<operation_id> left_out_;
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

bool operation_steps::knows_travel(int64_t sent_ns, int64_t received_ns) const noexcept {
  return uncertainty_ns
         && saturated_difference(received_ns, sent_ns) >= saturated_sum(*uncertainty_ns, *uncertainty_ns);
}

bool operation_steps::should_have(trace_side receiver, int64_t sent_ns) const noexcept {
  const auto& x = side(receiver);
  if (!x || !x->incomplete.empty() || too_many_tickets || !uncertainty_ns)
    return false;
  if (!x->view.has_beginning && saturated_sum(x->first_wall_ns, *uncertainty_ns) > sent_ns)
    return false; // the recording may have been switched on later, or its first parts are not there
  return x->last_wall_ns > saturated_sum(saturated_sum(sent_ns, travel_ns), *uncertainty_ns);
}

std::string read_steps::note_about_left_out() const {
  if (left_out == 0)
    return {};
  return std::to_string(left_out) + (left_out == 1 ? " further operation" : " further operations")
         + " of this trace id, after the first " + std::to_string(most_operations)
         + (left_out == 1 ? ", is left out" : ", are left out");
}

read_steps read_operations(const operation_selector& which, const std::string& text,
                           const std::vector<std::string>& files, std::ostream& notes, size_t most_steps) {
  prepared_trace trace{files, notes, {.finds_lacks = true}};
  collection all{which, most_steps};
  trace.select([&all](const placed_entry& x) { return all.wants(*x.entry); });
  while (const auto* x = trace.next())
    all.take(*x);
  const int status = trace.finish();
  auto result = all.finish(trace);
  result.status = status;
  if (result.operations.empty())
    throw user_error{"no record of " + text + " is in " + (files.size() == 1 ? "this trace" : "these traces")};
  if (result.operations.size() > 1 && !which.is_trace_id()) {
    std::string names;
    for (const auto& x : result.operations)
      names += "\n  " + to_string(x.id);
    throw user_error{text + " names several operations; give more digits, or the whole id:" + names};
  }
  return result;
}

} // namespace tandem::cli
