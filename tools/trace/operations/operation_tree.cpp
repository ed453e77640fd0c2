#include "operation_tree.hpp"

#include <algorithm>

namespace tandem::cli {

namespace {

constexpr size_t most_candidates = 10;
/// More generations are a circle.
constexpr size_t most_generations = 1000;

const placed_view* side_of(const tree_operation& x, trace_side side) {
  const auto& view = x.sides[static_cast<size_t>(side)];
  return view ? &*view : nullptr;
}

int64_t first_of(const placed_view& x) {
  return x.first.wall_ns + x.offset_ns;
}

} // namespace

std::optional<follow_target> parse_follow_target(std::string_view text) {
  if (const auto id = parse_trace_id(text))
    return follow_target{*id};
  if (auto pattern = parse_id_pattern(text))
    return follow_target{std::move(*pattern)};
  return std::nullopt;
}

const std::string& tree_operation::name() const noexcept {
  static const std::string none;
  for (const auto& x : sides)
    if (x && !x->name.empty())
      return x->name;
  return none;
}

int64_t tree_operation::first_wall_ns() const noexcept {
  int64_t result = INT64_MAX;
  for (const auto& x : sides)
    if (x)
      result = std::min(result, first_of(*x));
  return result;
}

void tree_finder::look(const placed_entry& x) {
  const auto& entry = *x.entry;
  if (!entry.has_operation())
    return;
  if (entry.parent && parents_.size() < most_parents)
    parents_.emplace(entry.operation, *entry.parent);
  else if (entry.parent)
    forgot_parents_ = true;
  if (const auto* pattern = std::get_if<id_pattern>(&target_)) {
    if (!pattern->matches(entry.operation))
      return;
    if (candidates_.size() < most_candidates)
      candidates_.insert(entry.operation);
    if (entry.trace_id)
      trace_ = entry.trace_id;
  } else if (entry.trace_id == std::get<trace_id>(target_)) {
    trace_ = entry.trace_id;
  }
}

/// True for those that may be in the tree: of the trace id, or with an ancestor that is asked for.
bool tree_finder::belongs(const trace_entry& entry) {
  const auto& id = entry.operation;
  if (members_.contains(id) || candidates_.contains(id))
    return true;
  if (trace_ && entry.trace_id == trace_)
    return true;
  auto ancestor = parents_.find(id);
  for (size_t i = 0; i < most_generations && ancestor != parents_.end(); ++i) {
    if (candidates_.contains(ancestor->second) || members_.contains(ancestor->second))
      return true;
    ancestor = parents_.find(ancestor->second);
  }
  return false;
}

bool tree_finder::admits(const trace_entry& entry) {
  if (!entry.has_operation() || !belongs(entry))
    return false;
  if (members_.size() >= most_members && !members_.contains(entry.operation)) {
    if (left_out_.size() < most_parents)
      left_out_.insert(entry.operation);
    return false;
  }
  members_[entry.operation].id = entry.operation;
  return true;
}

void tree_finder::collect(const placed_entry& x) {
  if (!table_)
    table_.emplace([this](placed_view& view) {
      auto& member = members_[view.id];
      member.id = view.id;
      auto& side = member.sides[static_cast<size_t>(view.side)];
      if (!side || view.records > side->records) // late records alone are no operation
        side = view;
    });
  if (auto* view = table_->take(x))
    view->place(x);
}

std::string tree_finder::left_out() const {
  std::string result;
  if (!left_out_.empty())
    result = (left_out_.size() < most_parents ? "" : "at least ") + std::to_string(left_out_.size())
             + " further operations, after " + std::to_string(most_members) + ", are left out";
  if (forgot_parents_)
    result += (result.empty() ? "" : "; ")
              + std::string{"more operations name others than are kept in mind: some that belong here may be missing"};
  return result;
}

/// The one that it names; else, of the same trace id, the one whose back was performing at the node of its front when
/// it began: the innermost, which is the one that had begun last.
std::optional<operation_id> tree_finder::find_parent(const tree_operation& x) const {
  const auto named = parents_.find(x.id);
  if (named != parents_.end())
    return members_.contains(named->second) ? std::optional{named->second} : std::nullopt;
  const auto* front = side_of(x, trace_side::front);
  if (front == nullptr || !front->trace_id || front->node.empty())
    return std::nullopt;
  const auto node = performed_.find(front->node);
  if (node == performed_.end())
    return std::nullopt;
  const int64_t begun = first_of(*front);
  const auto& there = node->second;
  auto at = std::upper_bound(there.begin(), there.end(), begun,
                             [](int64_t when, const placed_view* back) { return when < first_of(*back); });
  while (at != there.begin()) {
    const auto& back = **--at;
    const bool ended_before = back.ended && back.end.wall_ns + back.offset_ns < begun;
    if (back.id != x.id && back.trace_id == front->trace_id && !ended_before)
      return back.id;
  }
  return std::nullopt;
}

std::vector<tree_operation> tree_finder::result() {
  if (table_)
    table_->finish();
  for (const auto& [id, x] : members_)
    if (const auto* back = side_of(x, trace_side::back))
      performed_[back->node].push_back(back);
  for (auto& [node, backs] : performed_)
    std::sort(backs.begin(), backs.end(), [](auto* y, auto* z) { return first_of(*y) < first_of(*z); });
  std::vector<operation_id> order;
  for (auto& [id, x] : members_) {
    x.parent = find_parent(x);
    order.push_back(id);
  }
  std::stable_sort(order.begin(), order.end(), [this](const auto& x, const auto& y) {
    return members_.at(x).first_wall_ns() < members_.at(y).first_wall_ns();
  });
  for (const auto& id : order)
    if (const auto parent = members_.at(id).parent)
      children_[*parent].push_back(id);
  std::vector<tree_operation> result;
  const bool whole_trace = std::holds_alternative<trace_id>(target_);
  for (const auto& id : order)
    if (whole_trace ? !members_.at(id).parent : candidates_.contains(id))
      append_with_children(id, 0, result);
  return result;
}

void tree_finder::append_with_children(const operation_id& id, size_t depth, std::vector<tree_operation>& out) {
  if (!placed_.insert(id).second || depth > most_generations)
    return; // ids that name each other as parents
  auto& x = members_.at(id);
  x.depth = depth;
  if (depth == 0)
    x.parent.reset();
  out.push_back(std::move(x));
  if (const auto found = children_.find(id); found != children_.end())
    for (const auto& child : found->second)
      append_with_children(child, depth + 1, out);
}

} // namespace tandem::cli
