#include "balance_table.hpp"
#include "inform.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tandem {

namespace {

/// Each bit of the result depends on each bit of `x`.
uint64_t mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ x >> 27) * 0x94d049bb133111ebull;
  return x ^ x >> 31;
}

} // namespace

uint64_t balance_hash(const void* bytes, size_t size) {
  const auto* begin = static_cast<const unsigned char*>(bytes);
  uint64_t result = 0xcbf29ce484222325ull; // FNV-1a
  for (const auto* x = begin; x != begin + size; ++x)
    result = (result ^ *x) * 0x100000001b3ull;
  return mix(result);
}

// -- a back ------------------------------------------------------------------------------------

balance_member::balance_member(back_id id, std::string name, std::shared_ptr<rear_link> link,
                               std::shared_ptr<fore_peer> way_back)
  : id(id),
    name(std::move(name)),
    hash(balance_hash(this->name.data(), this->name.size())),
    link(std::move(link)),
    way_back(std::move(way_back)) {
}

balance_member::~balance_member() {
  if (!removed.empty())
    inform("fore_lost", [&] { link->fore_lost(removed); });
}

// -- backs -------------------------------------------------------------------------------------

balance_table::balance_table(balance policy, duration pause) : policy_(policy), pause_(pause) {
}

void balance_table::add(std::shared_ptr<balance_member> x) {
  members_.push_back(std::move(x));
}

balance_member* balance_table::find(back_id id) const {
  auto i = std::find_if(members_.begin(), members_.end(), [&](const auto& x) { return x->id == id; });
  return i == members_.end() ? nullptr : i->get();
}

balance_member* balance_table::find(const std::string& name) const {
  auto i = std::find_if(members_.begin(), members_.end(), [&](const auto& x) { return x->name == name; });
  return i == members_.end() ? nullptr : i->get();
}

std::shared_ptr<balance_member> balance_table::take(back_id id) {
  auto i = std::find_if(members_.begin(), members_.end(), [&](const auto& x) { return x->id == id; });
  if (i == members_.end())
    return nullptr;
  auto result = std::move(*i);
  if (static_cast<size_t>(i - members_.begin()) < turn_)
    --turn_; // nobody is passed over
  members_.erase(i);
  return result;
}

bool balance_table::any_ready() const {
  return std::any_of(members_.begin(), members_.end(), [](const auto& x) { return x->ready(); });
}

bool balance_table::any_congested() const {
  return std::ranges::any_of(members_, [](const auto& x) { return x->ready() && x->congested; });
}

bool balance_table::is_better(const balance_member& x, const balance_member& than, uint64_t key, time_point now) const {
  const auto is_spared = [now](const balance_member& y) { return y.refuses && now < y.spared_until; };
  if (is_spared(x) != is_spared(than))
    return is_spared(than);
  if (policy_ == balance::fewest_in_flight)
    return x.in_flight < than.in_flight;
  if (policy_ == balance::round_robin)
    return false;
  // The highest random weight: each key has its own order of backs, which does not depend on the other backs.
  const auto mine = mix(key ^ x.hash);
  const auto best = mix(key ^ than.hash);
  return mine > best || (mine == best && x.name < than.name);
}

balance_member* balance_table::choose(uint64_t key, time_point now) {
  balance_member* result = nullptr;
  size_t place = 0;
  for (size_t i = 0; i < members_.size(); ++i) {
    const size_t candidate = (turn_ + i) % members_.size();
    auto& x = *members_[candidate];
    if (!x.takes_operations() || (result != nullptr && !is_better(x, *result, key, now)))
      continue;
    result = &x;
    place = candidate;
  }
  if (result == nullptr)
    return nullptr;
  turn_ = (place + 1) % members_.size();
  result->spared_until = now + pause_; // this one is the trial, if it refuses
  return result;
}

std::string balance_table::why_none() const {
  if (members_.empty())
    return "no back can take operations: there is none";
  const auto lost = std::count_if(members_.begin(), members_.end(), [](const auto& x) { return !x->ready(); });
  const auto draining = static_cast<std::ptrdiff_t>(members_.size()) - lost;
  return "no back can take operations: " + std::to_string(lost) + " lost, " + std::to_string(draining) + " draining";
}

// -- tickets -----------------------------------------------------------------------------------

balance_member* balance_table::route(const front_to_back_ticket& ticket, uint64_t key, time_point now,
                                     std::string& reason) {
  auto i = assignments_.find(ticket.operation);
  if (i == assignments_.end()) {
    if (!is_first(ticket.kind)) {
      reason = "the link does not know this operation: it has ended, or its back is gone";
      return nullptr;
    }
    auto* to = choose(key, now);
    if (to == nullptr) {
      reason = why_none();
      return nullptr;
    }
    i = assignments_.emplace(ticket.operation, assignment{to, ticket.subscription.value_or(subscription_kind::full)})
          .first;
    i->second.begun = now;
    ++to->in_flight;
  }
  auto& x = i->second;
  x.front_done = x.front_done || is_last(ticket.kind);
  // A fault ends the operation at the back, which tells the front only if that takes tickets (S-TICKET-2).
  x.aborted
    = x.aborted || is_abortive(ticket.kind) || (!ticket.fault.empty() && x.subscription == subscription_kind::none);
  if (x.ended() || x.finished)
    ended_.push_back(ticket.operation);
  return x.to;
}

void balance_table::forget_ended() {
  for (const auto& operation : ended_)
    if (auto i = assignments_.find(operation); i != assignments_.end())
      end(i);
  ended_.clear();
}

bool balance_table::note(const back_to_front_ticket& ticket, balance_member& from, time_point now) {
  auto i = assignments_.find(ticket.operation);
  if (i == assignments_.end())
    return true; // a late one, which the front counts
  auto& x = i->second;
  if (x.to != &from)
    return false;
  if (ticket.kind == ticket_kind::refusal) {
    from.refuses = true;
    from.refused_at = now;
    from.spared_until = now + pause_;
  } else if (from.refuses && x.begun > from.refused_at) {
    from.refuses = false;
  }
  if (ticket.sequence_number.value < sequence_number::maximum)
    x.next = std::max(x.next, ticket.sequence_number.next());
  x.back_done = x.back_done || ticket.kind == ticket_kind::completion;
  x.aborted = x.aborted || is_abortive(ticket.kind);
  if (x.ended())
    end(i);
  return true;
}

void balance_table::drop(const operation_id& operation, const balance_member& from) {
  if (auto i = assignments_.find(operation); i != assignments_.end() && i->second.to == &from)
    erase(i);
}

std::vector<back_to_front_ticket> balance_table::fail(balance_member& of, const std::string& details) {
  std::vector<back_to_front_ticket> result;
  result.reserve(of.in_flight);
  for (auto i = assignments_.begin(); i != assignments_.end();) {
    const auto next = std::next(i);
    const auto& x = i->second;
    if (x.to == &of && !x.finished)
      result.push_back({i->first, x.next, ticket_kind::transmission_failure, std::nullopt, details});
    if (x.to == &of)
      erase(i);
    i = next;
  }
  return result;
}

void balance_table::drop_all() {
  assignments_.clear();
  finished_.clear();
  for (auto& x : members_)
    x->in_flight = 0;
}

/// The front may still fail while its customer has the last payload (S-END-2), so the table remembers which back had
/// the operation; not for ever, as no further ticket need come.
void balance_table::end(assignments::iterator i) {
  auto& x = i->second;
  if (x.aborted || x.subscription == subscription_kind::none)
    return erase(i);
  if (std::exchange(x.finished, true))
    return;
  --x.to->in_flight;
  finished_.push_back(i->first);
  if (finished_.size() <= most_finished)
    return;
  const auto oldest = assignments_.find(finished_.front());
  finished_.pop_front();
  if (oldest != assignments_.end() && oldest->second.finished)
    erase(oldest);
}

void balance_table::erase(assignments::iterator i) {
  if (!i->second.finished)
    --i->second.to->in_flight;
  assignments_.erase(i);
}

} // namespace tandem
