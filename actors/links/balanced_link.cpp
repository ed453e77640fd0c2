#include "balanced_link.hpp"
#include "../../messages/thrown.hpp"
#include "balance_table.hpp"
#include "inform.hpp"
#include "refusals.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_set>

namespace tandem {

namespace {

struct hashed_key {
  uint64_t hash = 0;
  std::string wrong; // the text of an exception
};

hashed_key key_of(const balanced_options& options, const front_to_back_ticket& ticket) {
  if (!options.key) {
    if (ticket.trace_id)
      return {balance_hash(ticket.trace_id->bytes.data(), ticket.trace_id->bytes.size()), {}};
    const std::array<uint64_t, 2> bits{ticket.operation.high, ticket.operation.low};
    return {balance_hash(bits.data(), sizeof bits), {}};
  }
  try {
    const auto key = options.key(ticket);
    return {balance_hash(key.data(), key.size()), {}};
  } catch (...) {
    return {0, "balanced_options::key threw: " + thrown_text()};
  }
}

/// The keys of the first tickets, in their order. Not under a lock, since it calls a customer's function.
std::vector<hashed_key> keys_of(const balanced_options& options, const std::vector<front_to_back_ticket>& tickets) {
  std::vector<hashed_key> result;
  if (options.policy == balance::consistent_hash)
    for (const auto& ticket : tickets)
      if (is_first(ticket.kind))
        result.push_back(key_of(options, ticket));
  return result;
}

} // namespace

/// The fore link that one back is joined to.
class balanced_link::way_back final : public fore_peer {
public:
  way_back(std::weak_ptr<balanced_link> to, back_id from) : to_(std::move(to)), from_(from) {
  }

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    auto to = to_.lock();
    if (to == nullptr)
      throw std::runtime_error{"the link's other side is gone"};
    return to->to_front(from_, std::move(tickets));
  }

  void rear_lost(const std::string& details) override {
    if (auto to = to_.lock())
      to->back_lost(from_, details);
  }

  void rear_ready() override {
    if (auto to = to_.lock())
      to->back_ready(from_);
  }

  void rear_draining(std::shared_ptr<void> heeded) override {
    if (auto to = to_.lock())
      to->back_draining(from_, std::move(heeded));
  }

  void rear_news(const link_news& x) override {
    if (auto to = to_.lock())
      to->back_news(from_, x);
  }

private:
  const std::weak_ptr<balanced_link> to_; // weak, as all links are towards the front
  const back_id from_;
};

/// The part of a batch that goes to one back.
struct balanced_link::part {
  std::shared_ptr<balance_member> to;
  std::shared_ptr<balance_passage> passage;
  std::vector<front_to_back_ticket> tickets = {};
  std::vector<operation_id> operations = {}; // a back may have moved the tickets out when it throws
};

std::shared_ptr<balanced_link> balanced_link::make(balanced_options options) {
  if (options.policy > balance::consistent_hash)
    throw std::invalid_argument{"balanced_options: policy must be round robin, fewest in flight or consistent hash"};
  check_duration("balanced_options: refusal_pause", options.refusal_pause);
  return std::shared_ptr<balanced_link>{new balanced_link{std::move(options)}};
}

balanced_link::balanced_link(balanced_options options)
  : options_(std::move(options)), table_(std::make_unique<balance_table>(options_.policy, options_.refusal_pause)) {
}

balanced_link::~balanced_link() = default;

// -- backs -------------------------------------------------------------------------------------

back_id balanced_link::add(std::shared_ptr<rear_link> back, std::string name) {
  if (back == nullptr)
    throw std::invalid_argument{"add: back must not be null"};
  if (name.empty())
    throw std::invalid_argument{"add: name must not be empty"};
  std::shared_ptr<balance_member> member;
  {
    std::lock_guard guard{mutex_};
    if (table_->find(name) != nullptr)
      throw std::invalid_argument{"add: name must be unique, there is a back \"" + name + "\" already"};
    const auto id = table_->next_id();
    member = std::make_shared<balance_member>(id, std::move(name), std::move(back),
                                              std::make_shared<way_back>(weak_from_this(), id));
    table_->add(member);
  }
  try {
    member->link->join_fore_link(member->way_back); // which may tell at once that the link is lost
  } catch (...) {
    std::lock_guard guard{mutex_};
    table_->take(member->id);
    throw;
  }
  {
    std::lock_guard guard{mutex_};
    member->joined = true;
  }
  tell_front();
  return member->id;
}

bool balanced_link::drain(back_id id) {
  return set_draining(id, true);
}

bool balanced_link::resume(back_id id) {
  return set_draining(id, false);
}

bool balanced_link::set_draining(back_id id, bool value) {
  std::lock_guard guard{mutex_};
  auto* member = table_->find(id);
  if (member != nullptr)
    member->draining = value;
  return member != nullptr;
}

bool balanced_link::remove(back_id id) {
  std::shared_ptr<balance_member> member;
  std::vector<back_to_front_ticket> failures;
  {
    std::lock_guard guard{mutex_};
    member = table_->take(id);
    if (member == nullptr)
      return false;
    member->removed = "the back \"" + member->name + "\" was removed";
    lost_details_ = member->removed;
    failures = table_->fail(*member, member->removed);
  }
  to_front_.tell(std::move(failures));
  member.reset(); // tells the back, unless another thread still hands tickets to it
  tell_front();
  return true;
}

std::vector<back_status> balanced_link::status() const {
  std::lock_guard guard{mutex_};
  std::vector<back_status> result;
  for (const auto& x : table_->members())
    result.push_back({x->id, x->name, x->ready(), x->draining || x->leaving, x->in_flight});
  return result;
}

// -- front to back -----------------------------------------------------------------------------

std::vector<refusal> balanced_link::accept(std::vector<front_to_back_ticket>&& tickets) {
  constexpr size_t nowhere = SIZE_MAX;
  auto keys = keys_of(options_, tickets);
  auto key = keys.begin();
  const auto now = steady_now();
  std::vector<part> parts;
  std::vector<size_t> ways(tickets.size(), nowhere); // indices of parts
  std::vector<refusal> refused;
  std::unordered_set<operation_id> refused_before;
  {
    std::lock_guard guard{mutex_};
    for (size_t i = 0; i < tickets.size(); ++i) {
      const auto& ticket = tickets[i];
      hashed_key* own_key = is_first(ticket.kind) && key != keys.end() ? &*key++ : nullptr;
      // S-SEND-7: no further tickets of an operation that lost one.
      if (!refused_before.empty() && refused_before.contains(ticket.operation))
        continue;
      balance_member* to = nullptr;
      std::string reason = own_key != nullptr ? own_key->wrong : std::string{};
      if (reason.empty())
        to = table_->route(ticket, own_key ? own_key->hash : 0, now, reason);
      if (to == nullptr && ticket.kind == ticket_kind::allowance)
        continue; // S-FLOW-12: it comes after the end
      if (to == nullptr) {
        refused_before.insert(ticket.operation);
        refused.push_back({ticket.operation, std::move(reason)});
        continue;
      }
      auto x = std::find_if(parts.begin(), parts.end(), [to](const part& y) { return y.to.get() == to; });
      if (x == parts.end())
        x = parts.insert(x, part{to->shared_from_this(), to->passage});
      add_operation(x->operations, ticket);
      ways[i] = static_cast<size_t>(x - parts.begin());
    }
    table_->forget_ended();
  }
  if (parts.size() == 1 && refused.empty()) {
    parts[0].tickets = std::move(tickets);
  } else {
    for (size_t i = 0; i < tickets.size(); ++i)
      if (ways[i] != nowhere)
        parts[ways[i]].tickets.push_back(std::move(tickets[i]));
  }
  for (auto& x : parts)
    for (auto& y : hand_over(x))
      refused.push_back(std::move(y));
  return refused;
}

std::vector<refusal> balanced_link::hand_over(part& x) {
  auto refused = refuse_if_throws(x.operations, "the link", [&] { return x.to->link->accept(std::move(x.tickets)); });
  if (!refused.empty()) {
    std::lock_guard guard{mutex_};
    for (const auto& y : refused)
      table_->drop(y.operation, *x.to);
  }
  return refused;
}

// -- back to front -----------------------------------------------------------------------------

std::vector<refusal> balanced_link::to_front(back_id from, std::vector<back_to_front_ticket>&& tickets) {
  std::vector<operation_id> operations;
  std::vector<operation_id> foreign;
  const auto now = steady_now();
  {
    std::lock_guard guard{mutex_};
    auto* member = table_->find(from);
    if (member == nullptr)
      throw std::runtime_error{"the link's other side has removed this back"};
    size_t kept = 0;
    for (size_t i = 0; i < tickets.size(); ++i) {
      if (!table_->note(tickets[i], *member, now)) {
        add_operation(foreign, tickets[i]);
        continue;
      }
      add_operation(operations, tickets[i]);
      if (kept != i)
        tickets[kept] = std::move(tickets[i]);
      ++kept;
    }
    tickets.resize(kept);
  }
  auto refused = refuse_if_throws(operations, "the link", [&] { return to_front_.pass(std::move(tickets)); });
  if (!refused.empty()) {
    std::lock_guard guard{mutex_};
    if (auto* member = table_->find(from))
      for (const auto& x : refused)
        table_->drop(x.operation, *member);
  }
  for (auto& x : refuse_all(foreign, "this operation is another back's"))
    refused.push_back(std::move(x));
  return refused;
}

caf::actor balanced_link::handle(caf::actor_system& system) {
  return address_.get(system, *this);
}

// -- links come and go -------------------------------------------------------------------------

void balanced_link::join_fore_link(std::shared_ptr<fore_peer> peer) {
  if (peer == nullptr)
    throw std::invalid_argument{"join_fore_link: peer must not be null"};
  accept(failures_of<front_to_back_ticket>(to_front_.join(std::move(peer))));
  {
    std::lock_guard guard{mutex_};
    told_lost_ = std::nullopt;
    told_congested_ = false;
  }
  tell_front();
}

void balanced_link::fore_lost(const std::string& details) {
  std::vector<std::shared_ptr<balance_member>> members;
  {
    std::lock_guard guard{mutex_};
    members = table_->members();
    table_->drop_all();
  }
  for (auto& x : members)
    inform("fore_lost", [&] { x->link->fore_lost(details); });
}

void balanced_link::back_lost(back_id id, const std::string& details) {
  std::vector<back_to_front_ticket> failures;
  {
    std::lock_guard guard{mutex_};
    auto* member = table_->find(id);
    if (member == nullptr)
      return;
    member->lost = true;
    member->congested = false;
    lost_details_ = details;
    failures = table_->fail(*member, details);
  }
  to_front_.tell(std::move(failures));
  tell_front();
}

void balanced_link::back_ready(back_id id) {
  {
    std::lock_guard guard{mutex_};
    if (auto* member = table_->find(id))
      member->lost = member->leaving = false;
  }
  tell_front();
}

/// S-END-14: whoever is just handing tickets to the back has the passage of before, which goes with the last of them.
void balanced_link::back_draining(back_id id, std::shared_ptr<void> heeded) {
  std::shared_ptr<balance_passage> before;
  std::lock_guard guard{mutex_};
  auto* member = table_->find(id);
  if (member == nullptr)
    return;
  member->leaving = true;
  before = std::exchange(member->passage, std::make_shared<balance_passage>());
  before->heeded = std::move(heeded);
}

/// Threads that send wait if one back is congested, whichever they send to.
void balanced_link::back_news(back_id id, const link_news& x) {
  std::string name;
  {
    std::lock_guard guard{mutex_};
    auto* member = table_->find(id);
    if (member == nullptr)
      return;
    name = member->name;
    if (x.is_about_congestion())
      member->congested = x.what == link_news::kind::congested;
  }
  if (x.is_about_congestion())
    tell_front();
  else if (const auto front = to_front_.peer())
    inform("rear_news", [&] { front->rear_news({x.what, name + ": " + x.details}); });
}

/// One thread at a time, so that the last news to the front is true.
void balanced_link::tell_front() {
  std::unique_lock lock{mutex_};
  if (telling_)
    return;
  telling_ = true;
  while (told_lost_ != !table_->any_ready() || told_congested_ != table_->any_congested()) {
    const auto front = to_front_.peer();
    if (front == nullptr)
      break; // join_fore_link tells it
    const bool lost = !table_->any_ready();
    const bool lost_is_news = std::exchange(told_lost_, lost) != lost;
    const bool congested = table_->any_congested();
    const bool congested_is_news = std::exchange(told_congested_, congested) != congested;
    const auto details = lost_details_;
    lock.unlock();
    if (lost_is_news && lost)
      inform("rear_lost", [&] { front->rear_lost(details); });
    else if (lost_is_news)
      inform("rear_ready", [&] { front->rear_ready(); });
    if (congested_is_news)
      inform("rear_news",
             [&] { front->rear_news({congested ? link_news::kind::congested : link_news::kind::relieved}); });
    lock.lock();
  }
  telling_ = false;
}

} // namespace tandem
