/// Compares traces with the rules: returns the findings, prints nothing.
#pragma once

#include "checked_run.hpp"
#include "checked_side.hpp"
#include "ticket_exchange.hpp"

#include <array>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tandem::cli {

/// How much the checker keeps in mind. These bound its memory for all traces.
struct checker_limits {
  /// Operations that have ended: their late tickets are known as such, and the other side's record of them may come
  /// that much later.
  size_t ended = size_t{1} << 17;
  /// Operations that have not ended.
  size_t open = size_t{1} << 19;
  /// Tickets of all operations together for which the other side's record has not come yet.
  int64_t waiting_tickets = int64_t{1} << 20;
};

/// Give it all records, then call finish(). Not thread-safe.
class trace_checker {
public:
  /// Findings about one operation come together, when nothing more is to be expected of it: first the cause, then those
  /// that follow from it. A finding may follow from one that is not later, and at least as severe.
  using sink = std::function<void(const finding&)>;

  /// How far off times of two runs can be from each other; nothing: that is not known.
  using clock_relation = std::function<std::optional<int64_t>(const checked_run&, const checked_run&)>;

  explicit trace_checker(sink to, const checker_limits& limits = {}, clock_relation clocks = {})
    : to_(std::move(to)), limits_(limits), clocks_(std::move(clocks)) {
  }

  void take(const placed_entry& x, const run_checker::place& at);

  /// The traces are at their end.
  void finish();

  uint64_t operation_count() const noexcept {
    return operation_count_;
  }

private:
  /// One recorder's view of an operation. The sides are compared by the first view of each.
  struct view {
    view(const trace_entry& x, const checked_run& from);

    checked_side side;
    uint32_t run;
    uint32_t link; ///< a number for the recorder's name
    uint64_t gaps; ///< those of the run that were known of
    size_t file = 0;
    uint64_t line = 0;                 ///< of its last record
    int64_t wall_ns = 0;               ///< of its last record, by the common clock
    int64_t end_wall_ns = INT64_MAX;   ///< of the record of its end
    const std::string* peer = nullptr; ///< the node of the other side; null: not known
  };

  struct operation {
    explicit operation(const operation_id& x) : id(x) {
    }

    operation_id id;
    bool is_over = false; ///< in which list it is
    std::vector<view> views;
    ticket_exchange tickets;
    std::vector<finding> findings; ///< until nothing more is to be expected
    std::array<uint64_t, 3> further_findings{};
  };

  using operation_list = std::list<operation>;

  operation& find(const operation_id& id);
  view& find_view(operation& x, const trace_entry& entry, const checked_run& run);
  void check_owner(const operation& x, const view& at, const trace_entry& entry, const report_function& report) const;
  void exchange(operation& x, const view& at, const placed_entry& entry, const report_function& report);
  void settle_place(operation_list::iterator x);
  void limit_waiting();
  void forget(operation_list& from);
  void note_facts(view& at, const placed_entry& x);
  void hold(operation& x, finding what);
  void give_findings(operation& x);
  void conclude(operation& x);
  bool lacks_records(const view& x) const;
  void compare_sides(operation& x, const view& front, const view& back);
  void compare_direction(operation& x, const view& sender, const view& receiver, size_t direction);
  bool link_failed(const view& sender, const view& receiver, const ticket_digest& ticket) const;
  std::optional<int64_t> uncertainty_ns(const view& x, const view& y) const;
  uint32_t number_of(const std::string& link);

  sink to_;
  checker_limits limits_;
  clock_relation clocks_;
  run_checker runs_;
  operation_list open_;
  operation_list over_;
  std::unordered_map<operation_id, operation_list::iterator> index_;
  std::unordered_map<std::string, uint32_t> links_;
  std::unordered_set<std::string> peers_;
  const std::string* last_link_ = nullptr;
  uint32_t last_link_number_ = 0;
  int64_t waiting_tickets_ = 0;
  uint64_t operation_count_ = 0;
  bool forgot_ = false;
  operation_list::iterator current_;
};

} // namespace tandem::cli
