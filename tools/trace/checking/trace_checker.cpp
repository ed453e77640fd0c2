#include "trace_checker.hpp"

#include "../../cli/duration_text.hpp"
#include "../../cli/text.hpp"
#include "../reading/link_loss.hpp"
#include "../reading/saturating.hpp"
#include "field_rules.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

namespace {

/// A ticket that was sent so long before the other trace's last record should be in it.
constexpr int64_t travel_ns = 1'000'000'000;

/// How many findings of one operation are kept; more are counted.
constexpr size_t most_findings = 1000;

std::string numbered(const ticket_digest& x) {
  return to_string(x.kind) + " " + std::to_string(x.number);
}

/// A reception failure is the other side's own failure there (S-END-4).
bool is_usual(outcome front, outcome back) noexcept {
  return (front == outcome::servicer_failure && back == outcome::reception_failure)
         || (front == outcome::reception_failure && back == outcome::serviced_failure);
}

} // namespace

trace_checker::view::view(const trace_entry& x, const checked_run& from)
  : side(x.side, from.manual_clock()), run(from.index), link(0), gaps(from.gaps) {
}

void trace_checker::take(const placed_entry& x, const run_checker::place& at) {
  const auto& entry = *x.entry;
  const auto found = [&x](rule which, std::string text) {
    const bool has_operation = x.entry->has_operation();
    return finding{which,           x.file,
                   x.line_number,   has_operation ? std::optional{x.entry->operation} : std::nullopt,
                   std::move(text), x.wall_ns};
  };
  const report_function of_run = [&](rule which, std::string text) { to_(found(which, std::move(text))); };
  auto* run = runs_.take(x, at, of_run);
  if (run == nullptr || !entry.has_operation())
    return;
  auto& operation = find(entry.operation);
  const report_function report = [&](rule which, std::string text) { hold(operation, found(which, std::move(text))); };
  auto& from = find_view(operation, entry, *run);
  const bool is_filtered = !run->filter.empty();
  if (from.gaps != run->gaps || is_filtered || run->may_have_dropped(x.wall_ns)) {
    from.side.forget_past();
    from.gaps = run->gaps;
  }
  note_facts(from, x);
  if (!entry.is_ticket())
    check_owner(operation, from, entry, report);
  else if (auto wrong = size_fault(entry))
    report(rule::size, *wrong);
  from.side.take(entry, report);
  if (is_filtered)
    from.side.forget_past();
  if (entry.is_ticket())
    exchange(operation, from, x, report);
  settle_place(current_);
}

void trace_checker::note_facts(view& at, const placed_entry& x) {
  at.file = x.file;
  at.line = x.line_number;
  at.wall_ns = x.wall_ns;
  if (x.entry->event == trace_event::ended)
    at.end_wall_ns = x.wall_ns;
  if (x.entry->event == trace_event::begun && !x.entry->peer.empty())
    at.peer = &*peers_.insert(x.entry->peer).first;
}

void trace_checker::hold(operation& x, finding what) {
  if (x.findings.size() < most_findings)
    x.findings.push_back(std::move(what));
  else
    ++x.further_findings[static_cast<size_t>(what.level())];
}

/// The earliest of the most severe ones is the cause of all that are not earlier; and so on with the others.
void trace_checker::give_findings(operation& x) {
  auto& all = x.findings;
  std::stable_sort(all.begin(), all.end(), [](const finding& y, const finding& z) {
    return y.wall_ns != z.wall_ns ? y.wall_ns < z.wall_ns : y.level() > z.level();
  });
  for (auto end = all.size(); end > 0;) {
    size_t cause = 0;
    for (size_t i = 1; i < end; ++i)
      if (all[i].level() > all[cause].level())
        cause = i;
    all[cause].not_listed = std::exchange(x.further_findings, {});
    all[cause].followers = end - cause - 1;
    for (const auto count : all[cause].not_listed)
      all[cause].followers += count;
    for (size_t i = cause; i < end; ++i) {
      all[i].follows = i > cause;
      to_(all[i]);
    }
    end = cause;
  }
  all.clear();
}

/// Operations begin, and tickets of one often follow each other.
trace_checker::operation& trace_checker::find(const operation_id& id) {
  if (!index_.empty() && current_->id == id)
    return *current_;
  const auto [entry, is_new] = index_.try_emplace(id);
  if (is_new) {
    entry->second = open_.emplace(open_.end(), id);
    ++operation_count_;
  }
  current_ = entry->second;
  return *current_;
}

trace_checker::view& trace_checker::find_view(operation& x, const trace_entry& entry, const checked_run& run) {
  const auto link = number_of(entry.link);
  for (auto& y : x.views)
    if (y.side.side() == entry.side && y.run == run.index && y.link == link)
      return y;
  auto& result = x.views.emplace_back(entry, run);
  result.link = link;
  return result;
}

uint32_t trace_checker::number_of(const std::string& link) {
  if (last_link_ == nullptr || *last_link_ != link) {
    const auto [entry, is_new] = links_.try_emplace(link, static_cast<uint32_t>(links_.size()));
    last_link_ = &entry->first;
    last_link_number_ = entry->second;
  }
  return last_link_number_;
}

/// An operation belongs to one end of each side.
void trace_checker::check_owner(const operation& x, const view& at, const trace_entry& entry,
                                const report_function& report) const {
  for (const auto& y : x.views)
    if (&y != &at && y.side.side() == at.side.side() && y.run == at.run && y.side.begun())
      return report(rule::owner, "\"" + printable(entry.link) + "\" says of the operation that it "
                                   + std::string{entry.event == trace_event::begun ? "begins" : "goes on"}
                                   + ", which began at another end of the " + std::string{to_string(entry.side)});
}

// -- what both sides tell ------------------------------------------------------------------------------------------

void trace_checker::exchange(operation& x, const view& at, const placed_entry& entry, const report_function& report) {
  for (const auto& y : x.views) {
    if (&y == &at)
      break;
    if (y.side.side() == at.side.side())
      return; // another recorder of this side has told of it
  }
  const auto fields = x.tickets.take(entry, waiting_tickets_);
  if (fields.empty())
    return;
  report(rule::changed, to_string(entry.entry->kind) + " " + std::to_string(entry.entry->sequence_number.value)
                          + " was not received as it was sent: they differ in " + fields);
}

/// Keeps each operation in the list where it belongs, those touched last at the end, and the lists at their limits.
void trace_checker::settle_place(operation_list::iterator x) {
  const bool over = std::all_of(x->views.begin(), x->views.end(), [](const view& y) { return y.side.over(); });
  if (over != x->is_over) {
    auto& from = x->is_over ? over_ : open_;
    auto& to = over ? over_ : open_;
    to.splice(to.end(), from, x);
    x->is_over = over;
  }
  if (over_.size() > limits_.ended)
    forget(over_);
  if (open_.size() > limits_.open) {
    if (!std::exchange(forgot_, true))
      to_({rule::forgotten, open_.front().views.front().file, open_.front().views.front().line, open_.front().id,
           "more than " + std::to_string(limits_.open) + " operations are open; the oldest are forgotten",
           open_.front().views.front().wall_ns});
    forget(open_);
  }
  limit_waiting();
}

/// Nothing is said of the tickets of an operation whose digests had to go.
void trace_checker::limit_waiting() {
  const auto too_many = [this] { return waiting_tickets_ > limits_.waiting_tickets; };
  while (too_many() && over_.size() > (current_->is_over ? 1u : 0u))
    forget(over_);
  for (auto left = open_.size(); too_many() && left > 0; --left) {
    if (open_.front().tickets.waiting() > 0)
      open_.front().tickets.give_up(waiting_tickets_);
    open_.splice(open_.end(), open_, open_.begin());
  }
  if (too_many())
    current_->tickets.give_up(waiting_tickets_);
}

/// The first of the list.
void trace_checker::forget(operation_list& from) {
  auto x = from.begin();
  if (x == current_) {
    if (from.size() == 1)
      return;
    ++x;
  }
  if (x->is_over)
    conclude(*x);
  else
    give_findings(*x); // what is open may go on: nothing more can be said of it
  x->tickets.clear(waiting_tickets_);
  index_.erase(x->id);
  from.erase(x);
}

void trace_checker::finish() {
  for (auto* list : {&over_, &open_})
    for (auto& x : *list)
      conclude(x);
}

// -- the last word on an operation ---------------------------------------------------------------------------------

void trace_checker::conclude(operation& x) {
  const view* sides[2] = {nullptr, nullptr};
  for (const auto& y : x.views) {
    auto& first = sides[static_cast<size_t>(y.side.side())];
    first = first ? first : &y;
    const auto report = [&](rule which, std::string text) {
      hold(x, {which, y.file, y.line, x.id, std::move(text), y.wall_ns});
    };
    if (!lacks_records(y)) {
      y.side.finish(runs_.run(y.run).last_monotonic_ns, report);
      continue;
    }
    auto side = y.side;
    side.forget_past();
    side.finish(runs_.run(y.run).last_monotonic_ns, report);
  }
  if (sides[0] != nullptr && sides[1] != nullptr)
    compare_sides(x, *sides[0], *sides[1]);
  give_findings(x);
}

/// Records may be missing behind the last one that is there.
bool trace_checker::lacks_records(const view& x) const {
  const auto& run = runs_.run(x.run);
  return !run.filter.empty() || ((run.gaps != x.gaps || run.may_have_dropped(x.wall_ns)) && !x.side.ended());
}

void trace_checker::compare_sides(operation& x, const view& front, const view& back) {
  const auto first = front.side.ended();
  const auto second = back.side.ended();
  if (first && second && *first != *second && !is_usual(*first, *second))
    hold(x, {rule::outcomes, back.file, back.line, x.id,
             "ended " + to_string(*first) + " at the front and " + to_string(*second) + " at the back", back.wall_ns});
  if (x.tickets.overflowed() || !front.side.complete() || !back.side.complete() || lacks_records(front)
      || lacks_records(back))
    return;
  compare_direction(x, front, back, 0);
  compare_direction(x, back, front, 1);
}

std::optional<int64_t> trace_checker::uncertainty_ns(const view& x, const view& y) const {
  return clocks_ ? clocks_(runs_.run(x.run), runs_.run(y.run)) : std::optional<int64_t>{0};
}

/// The link between the two was lost after the ticket was sent, and before its operation ended.
bool trace_checker::link_failed(const view& sender, const view& receiver, const ticket_digest& ticket) const {
  if (sender.side.ended() == outcome::transmission_failure || receiver.side.ended() == outcome::transmission_failure)
    return true;
  const auto slack = uncertainty_ns(sender, receiver).value_or(0);
  const auto from = saturated_difference(ticket.wall_ns, slack);
  const auto to = saturated_sum(std::max(sender.end_wall_ns, receiver.end_wall_ns), slack);
  auto lost = [&](const view& here, const view& there) {
    const auto& run = runs_.run(here.run);
    const auto& peer = here.peer != nullptr ? *here.peer : runs_.run(there.run).node;
    return std::any_of(run.losses.begin(), run.losses.end(), [&](const lost_link& x) {
      return x.wall_ns >= from && x.wall_ns <= to && loss_may_concern(x.details, peer);
    });
  };
  return lost(sender, receiver) || lost(receiver, sender);
}

void trace_checker::compare_direction(operation& x, const view& sender, const view& receiver, size_t direction) {
  const auto& way = x.tickets.at(direction);
  if (way.sent.empty() && way.received.empty())
    return;
  const auto uncertainty = uncertainty_ns(sender, receiver);
  auto goes_on = [&](const view& at, const ticket_digest& since) {
    const auto last = runs_.run(at.run).last_wall_ns[static_cast<size_t>(at.side.side())];
    return uncertainty && last > saturated_sum(saturated_sum(since.wall_ns, travel_ns), *uncertainty);
  };
  const auto from = std::string{to_string(sender.side.side())};
  const auto to = std::string{to_string(receiver.side.side())};
  auto report = [&](rule which, const ticket_digest& at, std::string text) {
    hold(x, {which, at.file, at.line, x.id, std::move(text), at.wall_ns});
  };
  auto where_it_ends = [&](const std::string& side) {
    return uncertainty ? "the trace of the " + side + " ends"
                       : "whether the trace of the " + side + " goes on is not known, nor how the clocks are related";
  };
  auto may_have_dropped = [&](const view& at, const ticket_digest& ticket) {
    return runs_.run(at.run).may_have_dropped(ticket.wall_ns, uncertainty.value_or(INT64_MAX));
  };
  auto lacks = [](const std::string& side) { return "the trace of the " + side + " lacks records of about that time"; };
  for (const auto& ticket : way.sent) {
    const auto text = numbered(ticket) + " was sent by the " + from + " and never received";
    const bool overtaken = !is_abortive(ticket.kind) && ticket.number < way.arrived;
    if (may_have_dropped(receiver, ticket))
      report(rule::under_way, ticket, text + ": " + lacks(to));
    else if (link_failed(sender, receiver, ticket))
      report(rule::under_way, ticket, text + ": the link was lost");
    else if (overtaken)
      report(rule::lost, ticket, text + ", though a later one was");
    else if (receiver.side.over())
      report(rule::under_way, ticket, text + ": the " + to + " had ended");
    else if (goes_on(receiver, ticket))
      report(rule::missing, ticket, text + ", though the trace of the " + to + " goes on");
    else
      report(rule::under_way, ticket, text + ": " + where_it_ends(to));
  }
  for (const auto& ticket : way.received) {
    const auto text = numbered(ticket) + " was received by the " + to;
    if (may_have_dropped(sender, ticket))
      report(rule::unsent, ticket, text + " and not sent: " + lacks(from));
    else if (ticket.number < sender.side.next_sent())
      report(rule::twice, ticket, text + " more often than the " + from + " sent it");
    else if (direction == 1 && ticket.kind == ticket_kind::transmission_failure)
      report(rule::unsent, ticket, text + " and not sent: a link speaks for a back that it lost");
    else if (sender.side.ended())
      report(rule::forged, ticket, text + " and never sent by the " + from);
    else if (goes_on(sender, ticket))
      report(rule::missing, ticket, text + " and not sent, though the trace of the " + from + " goes on");
    else
      report(rule::unsent, ticket, text + " and not sent: " + where_it_ends(from));
  }
}

} // namespace tandem::cli
