/// Checks the records that one end or link has of one side of one operation.
///
/// It follows the tickets as the side's machine does (actors/core), and knows what the machine may do next. Its
/// conclusions depend on the recorder:
///  - an end records in the order in which its machine moves, and says when the operation begins and ends: everything
///    is known, and everything is checked;
///  - a link sees tickets pass. Others may be on their way between it and the end, so that nothing follows from the
///    order of a sent and a received ticket; the end of the operation is inferred;
///  - if records are missing, or the recording began in the midst, it concludes only what is certain nevertheless.
#pragma once

#include "../../cli/duration_text.hpp"
#include "check_rules.hpp"
#include "checked_flow.hpp"
#include "side_input.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::cli {

/// A checker calls this for each finding about the record that it is given.
using report_function = std::function<void(rule, std::string)>;

class checked_side {
public:
  checked_side(trace_side side, bool manual_clock) : side_(side), manual_clock_(manual_clock) {
  }

  /// The next record of this operation, this side and this recorder.
  void take(const trace_entry& x, const report_function& report);

  /// Records were lost: from here on it concludes only what is certain without them.
  void forget_past();

  /// The recording ends at `now` of the monotonic clock, which is not later than the last record of its run.
  void finish(int64_t now, const report_function& report) const;

  trace_side side() const noexcept {
    return side_;
  }
  /// An end recorded its beginning.
  bool begun() const noexcept {
    return begun_;
  }
  /// Nothing of it is missing so far.
  bool complete() const noexcept {
    return complete_;
  }
  /// It has ended, as far as can be told.
  bool over() const noexcept {
    return ended_.has_value() || (!begun_ && seems_over());
  }
  /// The outcome, if an end recorded it.
  std::optional<outcome> ended() const noexcept {
    return ended_;
  }
  /// The number after that of the last ticket sent.
  uint64_t next_sent() const noexcept {
    return next_sent_;
  }

private:
  enum class sending : uint8_t { nothing, open, done, aborted };
  enum class compulsion : uint8_t { none, breach, abortive, expiry };

  /// The members that `begun` and the first ticket have in common.
  struct beginning_facts {
    size_t name = 0; ///< hashes
    size_t trace_id = 0;
    subscription_kind subscription{};
    std::optional<duration> timeout;
  };

  /// An end acts, and records some events, by the time at which its round began; others are recorded a little later.
  static constexpr int64_t clock_tolerance_ns = 100'000'000;

  static size_t hash_of(std::string_view text) noexcept {
    return std::hash<std::string_view>{}(text);
  }
  static std::string elapsed_text(int64_t nanoseconds) {
    return write_elapsed(duration{nanoseconds});
  }

  /// `before_ns`: the time of the record before it.
  void take_begun(const trace_entry& x, int64_t before_ns, const report_function& report);
  void take_sent(const trace_entry& x, const report_function& report);
  void take_received(const trace_entry& x, const report_function& report);
  void take_ended(const trace_entry& x, const report_function& report);
  void check_consumed(const trace_entry& x, const report_function& report) const;

  void check_sent_place(const trace_entry& x, const report_function& report);
  void check_sent_abortive(const trace_entry& x, const report_function& report);
  void check_ended_outcome(const trace_entry& x, const report_function& report) const;
  void check_completed(const report_function& report) const;
  void check_silent_end(const trace_entry& x, const report_function& report) const;
  void check_not_early(const trace_entry& x, const report_function& report) const;
  void check_overdue(int64_t now, const report_function& report) const;
  void begin_by_ticket(const trace_entry& x, bool well_formed, const report_function& report);
  void compare_beginnings(const beginning_facts& begun, const beginning_facts& ticket,
                          const report_function& report) const;
  void receive_in_turn(const trace_entry& x, const report_function& report);
  void compel(compulsion what, outcome value, const trace_entry& x);
  void restart();
  void set_deadline(duration timeout, int64_t now);

  bool is_front() const noexcept {
    return side_ == trace_side::front;
  }
  bool speaks() const noexcept {
    return is_front() || subscription_ != subscription_kind::none;
  }
  bool hears() const noexcept {
    return !is_front() || subscription_ != subscription_kind::none;
  }
  bool seems_over() const noexcept;
  std::string who() const {
    return std::string{to_string(side_)};
  }

  trace_side side_;
  bool manual_clock_;
  bool begun_ = false;
  bool complete_ = false;
  bool first_ticket_ = false; ///< was there
  bool first_was_good_ = false;
  bool input_known_ = false;
  bool sent_known_ = false;
  bool abortive_received_ = false;
  bool last_was_sent_ = false; ///< an abortive ticket may have come after it
  sending sending_ = sending::nothing;
  ticket_kind sent_abortive_{};
  compulsion compulsion_ = compulsion::none;
  outcome compelled_{};
  std::optional<outcome> ended_;
  subscription_kind subscription_ = subscription_kind::full;
  trace_event last_event_ = trace_event::begun;
  uint64_t records_ = 0;
  static constexpr uint64_t no_record = UINT64_MAX - 1;
  uint64_t first_at_ = no_record; ///< which of the records the first ticket was
  uint64_t next_sent_ = 0;
  side_input input_;
  checked_flow flow_;
  beginning_facts facts_;
  size_t details_ = 0; ///< hash of those that the end must have
  int64_t last_ns_ = INT64_MIN;
  int64_t beginning_ns_ = 0;
  std::optional<int64_t> deadline_ns_;
  int64_t due_ns_ = 0; ///< the deadline, or when it was set to one that had passed
  std::optional<duration> maximum_timeout_;
};

} // namespace tandem::cli
