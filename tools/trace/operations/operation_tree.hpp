/// Operations that belong together: one and those that were commenced on its behalf, or all of one trace id.
#pragma once

#include "../../cli/short_id.hpp"
#include "operation_table.hpp"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace tandem::cli {

/// The target of the command: an operation, or all of a trace id.
using follow_target = std::variant<id_pattern, trace_id>;

inline constexpr std::string_view follow_target_wanted
  = "an operation (32 hexadecimal digits, or a short form as shown, such as 3f2a.100), or a trace id (a UUID)";

/// Nothing if `text` is something else.
std::optional<follow_target> parse_follow_target(std::string_view text);

/// One operation of a tree, in the order of the output.
struct tree_operation {
  operation_id id;
  std::optional<operation_id> parent; ///< in the tree
  size_t depth = 0;
  std::array<std::optional<placed_view>, 2> sides = {}; ///< front, back; what the traces have of them

  const std::string& name() const noexcept;
  /// By the common clock.
  int64_t first_wall_ns() const noexcept;
};

/// Finds the operations of a tree; takes two passes over the records, in the order of each file.
class tree_finder {
public:
  explicit tree_finder(follow_target target) : target_(std::move(target)) {
  }

  /// So many operations are followed; further ones are counted.
  static constexpr size_t most_members = 10'000;
  /// Of so many operations it is known on whose behalf they were commenced.
  static constexpr size_t most_parents = 1'000'000;

  /// The first pass.
  void look(const placed_entry& x);

  /// Between the passes: operations that match a short id; more than one is ambiguous. Not more than ten are kept.
  const std::set<operation_id>& candidates() const noexcept {
    return candidates_;
  }

  /// The second pass: whether a record may be of the tree.
  bool admits(const trace_entry& entry);

  /// Takes those that may be.
  void collect(const placed_entry& x);

  /// After it: what is left out since it is too much, in words; empty if nothing is.
  std::string left_out() const;

  /// After it.
  std::vector<tree_operation> result();

private:
  bool belongs(const trace_entry& entry);
  std::optional<operation_id> find_parent(const tree_operation& x) const;
  void append_with_children(const operation_id& id, size_t depth, std::vector<tree_operation>& out);

  follow_target target_;
  std::set<operation_id> candidates_;
  std::optional<trace_id> trace_;
  std::unordered_map<operation_id, operation_id> parents_; ///< of every operation that names one
  std::map<operation_id, tree_operation> members_;
  std::map<std::string, std::vector<const placed_view*>> performed_; ///< by node, in the order of their beginnings
  std::map<operation_id, std::vector<operation_id>> children_;
  std::set<operation_id> placed_;             ///< in the tree already
  std::unordered_set<operation_id> left_out_; ///< members that are too many; not more than most_parents
  bool forgot_parents_ = false;
  std::optional<operation_table<placed_view>> table_;
};

} // namespace tandem::cli
