#include "spans.hpp"

#include "../reading/saturating.hpp"
#include "operation_view.hpp"

#include "../../../messages/json/text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tandem::cli {

namespace {

/// Entries without a header have the name of their file.
std::string node_name(const placed_entry& x) {
  if (x.header == nullptr && x.entry->node.empty())
    return "file " + std::to_string(x.file + 1);
  return std::string{x.node()};
}

/// As much of a payload as is wanted.
void set_payload(span_event& x, const trace_entry& entry, size_t limit) {
  x.payload_size = entry.payload_size;
  if (!entry.payload) {
    x.text = entry.details;
    return;
  }
  const auto& payload = *entry.payload;
  if (!payload.missing.empty()) {
    x.missing = payload.missing;
    x.text = beginning_of(payload.start, limit);
    return;
  }
  x.text = beginning_of(payload.json, limit);
  if (x.text.size() < payload.json.size())
    x.missing = "limit";
}

} // namespace

struct span_builder::state {
  span is;
  int64_t begin_monotonic_ns = 0;
  std::optional<std::string> tickets_by; ///< which link's, or end's, tickets are taken
  bool front_done = false;               ///< all tickets to the back have passed
  bool back_done = false;
  bool ended = false; ///< recorded, or inferred where the beginning was not recorded either
  std::optional<int64_t> inferred_ns;
  outcome inferred = outcome::completed;
  std::string inferred_details;
};

span_builder::span_builder(span_limits limits) : limits_(limits) {
}

span_builder::~span_builder() = default;

size_t span_builder::node_number(const placed_entry& placed) {
  if (by_file_.size() <= placed.file)
    by_file_.resize(placed.file + 1);
  auto& before = by_file_[placed.file];
  const auto node = placed.node();
  if (!node.empty() && before.name == node)
    return before.number;
  const auto number = nodes_.try_emplace(node_name(placed), nodes_.size()).first->second;
  before = {std::string{node}, number};
  return number;
}

span_builder::state* span_builder::find_or_begin(const key& id, const placed_entry& placed) {
  if (const auto found = current_.find(id); found != current_.end())
    return found->second.get();
  if (gone_.contains(id)) {
    ++late_;
    return nullptr;
  }
  const auto& entry = *placed.entry;
  auto made = std::make_unique<state>();
  auto& x = made->is;
  x.operation = id.operation;
  x.side = id.side;
  x.node = node_name(placed);
  x.link = entry.link;
  x.begin_ns = placed.wall_ns;
  made->begin_monotonic_ns = entry.monotonic_ns;
  return current_.emplace(id, std::move(made)).first->second.get();
}

void span_builder::learn(span& x, const trace_entry& entry) {
  const auto fill = [](auto& to, const auto& from) {
    if (!to && from)
      to = from;
  };
  fill(x.name, entry.name);
  fill(x.subscription, entry.subscription);
  fill(x.trace_id, entry.trace_id);
  fill(x.parent, entry.parent);
  if (entry.event == trace_event::begun || (entry.is_ticket() && is_first(entry.kind)))
    fill(x.timeout, entry.timeout);
  if (x.peer.empty())
    x.peer = entry.peer;
}

void span_builder::infer_end(state& x, const trace_entry& entry) {
  if (x.inferred_ns)
    return;
  if (is_abortive(entry.kind)) {
    x.inferred = outcome_of_abortive(entry.kind, entry.side, entry.event == trace_event::sent);
    x.inferred_details = entry.details;
    x.inferred_ns = x.is.last_ns;
    return;
  }
  if (is_last(entry.kind))
    (entry.goes_to_back() ? x.front_done : x.back_done) = true;
  const bool wants_nothing = x.is.subscription == subscription_kind::none;
  if (x.front_done && (x.back_done || wants_nothing))
    x.inferred_ns = x.is.last_ns;
}

void span_builder::close(const key& id, state& x) {
  if (x.ended)
    return;
  x.ended = true;
  ended_.push_back(id);
}

span_builder::added span_builder::add(const placed_entry& placed) {
  const auto& entry = *placed.entry;
  if (!entry.has_operation())
    return {};
  const key id{entry.operation, entry.side, node_number(placed)};
  auto* found = find_or_begin(id, placed);
  if (found == nullptr)
    return {};
  auto& x = found->is;
  learn(x, entry);
  if (entry.is_ticket()) {
    if (!found->tickets_by)
      found->tickets_by = entry.link;
    else if (*found->tickets_by != entry.link)
      return {&x, nullptr}; // an end and its link have both recorded it
  }
  const int64_t after = entry.monotonic_ns - found->begin_monotonic_ns;
  x.last_ns = std::max(x.last_ns, after);
  const span_event* event = nullptr;
  if (entry.event == trace_event::begun) {
    x.begun_recorded = true;
  } else if (entry.event == trace_event::ended) {
    x.outcome = entry.ended;
    x.duration_ns = std::max<int64_t>(after, 0);
    x.details = entry.details;
    close(id, *found);
  } else {
    span_event made;
    made.event = entry.event;
    made.after_ns = after;
    if (entry.event == trace_event::annotation) {
      made.text = beginning_of(entry.text, limits_.payload_bytes);
    } else if (entry.event == trace_event::consumed) {
      made.to_back = entry.side == trace_side::back;
      made.sequence_number = entry.sequence_number.value;
      made.took_ns = std::max<int64_t>(entry.took_ns, 0);
      made.began_after_ns = saturated_difference(entry.began_ns, found->begin_monotonic_ns);
    } else {
      made.to_back = entry.goes_to_back();
      made.kind = entry.kind;
      made.sequence_number = entry.sequence_number.value;
      made.timeout = entry.timeout;
      made.allowed = entry.allowed;
      set_payload(made, entry, limits_.payload_bytes);
      infer_end(*found, entry);
      // Where the beginning was recorded the end will be too, and may well be another one.
      if (found->inferred_ns && !x.begun_recorded)
        close(id, *found);
    }
    if (x.events.size() < limits_.events) {
      x.events.push_back(std::move(made));
      event = &x.events.back();
    } else {
      ++x.dropped_events;
      event_ = std::move(made);
      event = &event_;
    }
  }
  // The caller still looks at the span that was just added.
  while (ended_.size() > limits_.lingering && !(ended_.front() == id)) {
    const auto oldest = ended_.front();
    ended_.pop_front();
    give_out(oldest);
  }
  return {&x, event};
}

void span_builder::give_out(const key& id) {
  const auto found = current_.find(id);
  if (found == current_.end())
    return;
  auto& x = *found->second;
  if (!x.is.duration_ns && x.inferred_ns) {
    x.is.end_inferred = true;
    x.is.duration_ns = x.inferred_ns;
    x.is.outcome = x.inferred;
    x.is.details = x.inferred_details;
  }
  x.is.was_refused = x.is.outcome && was_refused(*x.is.outcome, x.is.details);
  ready_.push_back(std::move(x.is));
  current_.erase(found);
  gone_.insert(id);
  gone_order_.push_back(id);
  if (gone_order_.size() > limits_.remembered) {
    gone_.erase(gone_order_.front());
    gone_order_.pop_front();
  }
}

std::optional<span> span_builder::take() {
  if (ready_.empty())
    return std::nullopt;
  std::optional<span> result{std::move(ready_.front())};
  ready_.pop_front();
  return result;
}

void span_builder::finish() {
  std::vector<std::pair<int64_t, key>> rest;
  for (const auto& [id, x] : current_)
    rest.emplace_back(x->is.begin_ns, id);
  std::sort(rest.begin(), rest.end(), [](const auto& x, const auto& y) {
    return std::tuple{x.first, x.second.operation, x.second.side}
           < std::tuple{y.first, y.second.operation, y.second.side};
  });
  for (const auto& [begin, id] : rest)
    give_out(id);
  ended_.clear();
}

} // namespace tandem::cli
