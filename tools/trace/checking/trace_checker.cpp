#include "trace_checker.hpp"

#include "../../cli/duration_text.hpp"
#include "../../cli/text.hpp"
#include "../reading/saturating.hpp"
#include "field_rules.hpp"

#include <algorithm>

namespace tandem::cli {

namespace {

/// A ticket that was sent so long before the other trace's last record should be in it.
constexpr int64_t travel_ns = 1'000'000'000;

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
  const report_function report = [this, &x](rule which, std::string text) { // small enough to need no allocation
    const bool has_operation = x.entry->has_operation();
    to_({which, x.file, x.line_number, has_operation ? std::optional{x.entry->operation} : std::nullopt,
         std::move(text)});
  };
  auto* run = runs_.take(x, at, report);
  if (run == nullptr || !entry.has_operation())
    return;
  auto& operation = find(entry.operation);
  auto& from = find_view(operation, entry, *run);
  if (from.gaps != run->gaps) {
    from.side.forget_past();
    from.gaps = run->gaps;
  }
  from.file = x.file;
  from.line = x.line_number;
  if (!entry.is_ticket())
    check_owner(operation, from, entry, report);
  else if (auto wrong = size_fault(entry))
    report(rule::size, *wrong);
  from.side.take(entry, report);
  if (entry.is_ticket())
    exchange(operation, from, x, report);
  settle_place(current_);
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
           "more than " + std::to_string(limits_.open) + " operations are open; the oldest are forgotten"});
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
    conclude(*x); // what is open may go on: nothing can be said of it
  x->tickets.clear(waiting_tickets_);
  index_.erase(x->id);
  from.erase(x);
}

void trace_checker::finish() {
  for (auto* list : {&over_, &open_})
    for (const auto& x : *list)
      conclude(x);
}

// -- the last word on an operation ---------------------------------------------------------------------------------

void trace_checker::conclude(const operation& x) {
  const view* sides[2] = {nullptr, nullptr};
  for (const auto& y : x.views) {
    auto& first = sides[static_cast<size_t>(y.side.side())];
    first = first ? first : &y;
    y.side.finish(runs_.run(y.run).last_monotonic_ns, [&](rule which, std::string text) {
      to_({which, y.file, y.line, x.id, std::move(text)});
    });
  }
  if (sides[0] != nullptr && sides[1] != nullptr)
    compare_sides(x, *sides[0], *sides[1]);
}

void trace_checker::compare_sides(const operation& x, const view& front, const view& back) {
  const auto first = front.side.ended();
  const auto second = back.side.ended();
  if (first && second && *first != *second && !is_usual(*first, *second))
    to_({rule::outcomes, back.file, back.line, x.id,
         "ended " + to_string(*first) + " at the front and " + to_string(*second) + " at the back"});
  if (x.tickets.overflowed() || !front.side.complete() || !back.side.complete())
    return;
  compare_direction(x, front, back, 0);
  compare_direction(x, back, front, 1);
}

void trace_checker::compare_direction(const operation& x, const view& sender, const view& receiver, size_t direction) {
  const auto& way = x.tickets.at(direction);
  const auto& sending_run = runs_.run(sender.run);
  const auto& receiving_run = runs_.run(receiver.run);
  auto goes_on = [](const checked_run& run, const view& at, const ticket_digest& since) {
    return run.last_wall_ns[static_cast<size_t>(at.side.side())] > saturated_sum(since.wall_ns, travel_ns);
  };
  const auto from = std::string{to_string(sender.side.side())};
  const auto to = std::string{to_string(receiver.side.side())};
  auto report = [&](rule which, const ticket_digest& at, std::string text) {
    to_({which, at.file, at.line, x.id, std::move(text)});
  };
  auto links_failed = [&] {
    return sending_run.link_lost || receiving_run.link_lost || sender.side.ended() == outcome::transmission_failure
           || receiver.side.ended() == outcome::transmission_failure;
  };
  for (const auto& ticket : way.sent) {
    const auto text = numbered(ticket) + " was sent by the " + from + " and never received";
    const bool overtaken = !is_abortive(ticket.kind) && ticket.number < way.arrived;
    if (links_failed())
      report(rule::under_way, ticket, text + ": the link was lost");
    else if (overtaken)
      report(rule::lost, ticket, text + ", though a later one was");
    else if (receiver.side.over())
      report(rule::under_way, ticket, text + ": the " + to + " had ended");
    else if (goes_on(receiving_run, receiver, ticket))
      report(rule::missing, ticket, text + ", though the trace of the " + to + " goes on");
    else
      report(rule::under_way, ticket, text + ": the trace of the " + to + " ends");
  }
  for (const auto& ticket : way.received) {
    const auto text = numbered(ticket) + " was received by the " + to;
    if (ticket.number < sender.side.next_sent())
      report(rule::twice, ticket, text + " more often than the " + from + " sent it");
    else if (direction == 1 && ticket.kind == ticket_kind::transmission_failure)
      report(rule::unsent, ticket, text + " and not sent: a link speaks for a back that it lost");
    else if (sender.side.ended())
      report(rule::forged, ticket, text + " and never sent by the " + from);
    else if (goes_on(sending_run, sender, ticket))
      report(rule::missing, ticket, text + " and not sent, though the trace of the " + from + " goes on");
    else
      report(rule::unsent, ticket, text + " and not sent: the trace of the " + from + " ends");
  }
}

} // namespace tandem::cli
