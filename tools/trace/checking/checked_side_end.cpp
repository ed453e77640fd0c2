/// How a side ended, and whether it had to.
#include "../reading/saturating.hpp"
#include "checked_side.hpp"

namespace tandem::cli {

namespace {

/// A timer that is this much too late is worth a word; a machine under load may be late by less.
constexpr int64_t overdue_ns = 1'000'000'000;

} // namespace

void checked_side::take_ended(const trace_entry& x, const report_function& report) {
  if (ended_)
    return report(rule::s_end_6, "ends a second time: " + to_string(x.ended) + " after " + to_string(*ended_));
  check_ended_outcome(x, report);
  check_overdue(x.monotonic_ns, report);
  ended_ = x.ended;
}

void checked_side::check_ended_outcome(const trace_entry& x, const report_function& report) const {
  const auto value = to_string(x.ended);
  if (sending_ == sending::aborted) {
    if (x.ended == outcome::completed || abortive_kind(x.ended) != sent_abortive_)
      report(rule::s_end_3, "ended " + value + ", though it had sent " + to_string(sent_abortive_));
    else if (details_ != hash_of(x.details))
      report(rule::details, "the details of the end are not those of the abortive ticket that it sent");
    return;
  }
  if (compulsion_ == compulsion::abortive && (begun_ || x.ended != outcome::completed)) {
    if (x.ended != compelled_)
      report(rule::s_end_4,
             "ended " + value + ", though the abortive ticket that it received means " + to_string(compelled_));
    else if (details_ != hash_of(x.details))
      report(rule::details, "the details of the end are not those of the abortive ticket that it received");
    return;
  }
  if (compulsion_ == compulsion::breach && begun_) {
    if (x.ended != outcome::reception_failure)
      report(rule::s_end_2, "ended " + value + " where a ticket that broke the rules makes a reception failure due");
    else if (speaks())
      report(rule::s_end_3, "ended reception failure without telling the other side");
    return;
  }
  // A part of the ticket that could not be read comes before its timeout, and no record tells of it.
  const bool unreadable = x.ended == outcome::reception_failure;
  if (compulsion_ == compulsion::expiry && begun_ && !unreadable) {
    if (x.ended != outcome::expired)
      report(rule::s_time_3, "ended " + value + ", though the time allowed was over");
    else if (speaks())
      report(rule::s_end_3, "ended expired without telling the other side");
    return;
  }
  if (x.ended == outcome::completed)
    check_completed(report);
  else if (x.ended != outcome::transmission_failure && begun_ && complete_)
    check_silent_end(x, report);
}

void checked_side::check_completed(const report_function& report) const {
  if (!begun_ || !complete_)
    return;
  if (speaks() && sending_ != sending::done)
    report(rule::s_end_1, "completed, though it had not sent its last ticket");
  else if (hears() && !input_.done())
    report(rule::s_end_1, "completed, though it had not received everything: " + std::to_string(input_.next())
                            + " would have come next");
}

/// Neither a ticket of its own nor one of the other side's says why.
void checked_side::check_silent_end(const trace_entry& x, const report_function& report) const {
  using enum outcome;
  const auto value = to_string(x.ended);
  if (speaks()) {
    // S-SEND-9: it may have waited for the link.
    const bool waited
      = is_front() && sending_ == sending::nothing && x.ended != servicer_failure && x.ended != reception_failure;
    if (!waited)
      report(rule::s_end_3, "ended " + value + " without telling the other side");
  } else if (x.ended == cancelled || x.ended == serviced_failure) {
    report(rule::s_end_2, "ended " + value + ", though the front had not said so");
  } else if (x.ended == expired) {
    check_not_early(x, report);
  }
}

/// The front's timeout may have been shortened to one that had passed; no ticket tells of that (S-SEND-8).
void checked_side::check_not_early(const trace_entry& x, const report_function& report) const {
  if (!deadline_ns_ || !begun_ || !complete_)
    return;
  const int64_t early = saturated_difference(*deadline_ns_, x.monotonic_ns);
  if (early <= (manual_clock_ ? 0 : clock_tolerance_ns))
    return;
  if (is_front())
    report(rule::early, "expired " + elapsed_text(early) + " before the deadline that is known of");
  else
    report(rule::s_time_3, "expired " + elapsed_text(early) + " before its deadline");
}

/// After its last ticket the front may have got another timeout, of which no ticket tells.
void checked_side::check_overdue(int64_t now, const report_function& report) const {
  if (!deadline_ns_ || !begun_ || !complete_ || (is_front() && last_was_sent_))
    return;
  const int64_t late = saturated_difference(now, due_ns_);
  if (late > overdue_ns)
    report(rule::overdue, "its deadline at the " + who() + " passed " + elapsed_text(late) + " before");
}

void checked_side::finish(int64_t now, const report_function& report) const {
  if (over())
    return;
  check_overdue(now, report);
  if (complete_)
    report(rule::open, "still open at the " + who() + " where the trace ends");
}

} // namespace tandem::cli
