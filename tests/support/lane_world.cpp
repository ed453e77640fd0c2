#include "lane_world.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tandem_test {

using namespace tandem;

namespace {

void add(std::string& list, const std::string& x) {
  list += (list.empty() ? "" : " ") + x;
}

} // namespace

template <class Side>
typename basic_lane_world<Side>::operation basic_lane_world<Side>::begin(std::string name, bool patient) {
  auto result = std::make_shared<lane_operation>();
  result->name = std::move(name);
  result->id = {0x1a9e, operations.size()};
  operations.push_back(result);
  if (patient)
    lane.begin_patient(operations.back());
  return result;
}

template <class Side>
bool basic_lane_world<Side>::put(const operation& x, bool last) {
  if (x->next == 0)
    return put(x, last ? ticket_kind::entire : ticket_kind::commencement, last);
  return put(x, last ? ticket_kind::completion : ticket_kind::continuation, last);
}

template <class Side>
bool basic_lane_world<Side>::put_cancellation(const operation& x) {
  return put(x, ticket_kind::cancellation, true);
}

template <class Side>
bool basic_lane_world<Side>::put(const operation& x, ticket_kind kind, bool last) {
  typename lane_type::ticket ticket;
  ticket.operation = x->id;
  ticket.sequence_number = {x->next++};
  ticket.kind = kind;
  return lane.put(x, std::move(ticket), last);
}

template <class Side>
void basic_lane_world<Side>::end(const operation& x) {
  x->has_ended = true;
  if (x->place().held_back > 0)
    lane.forget(x);
}

template <class Side>
std::optional<typename basic_lane_world<Side>::lane_type::batch> basic_lane_world<Side>::take() {
  return lane.take();
}

template <class Side>
std::string basic_lane_world<Side>::taken(typename lane_type::batch x) {
  auto result = finish(x.finishing);
  lane.resume(x.joins, teller());
  return result;
}

template <class Side>
std::string basic_lane_world<Side>::given_back(typename lane_type::batch x) {
  std::vector<operation> of_batch;
  std::set<operation_id> refused;
  for (const auto& ticket : x.tickets)
    refused.insert(ticket.operation);
  for (const auto& ticket : x.tickets)
    if (auto found = find(ticket.operation); found && std::ranges::find(of_batch, found) == of_batch.end())
      of_batch.push_back(found);
  lane.give_back(std::move(x.tickets), [this](const operation_id& id) { return find(id); });
  lane.refuse(refused, [this](const operation_id& id) { return find(id); });
  std::string result;
  for (const auto& y : of_batch)
    if (!y->place().waits && !y->ended()) {
      end(y);
      add(result, y->name);
    }
  finish(x.finishing);
  lane.resume(x.joins, teller());
  return result;
}

template <class Side>
std::string basic_lane_world<Side>::finish(const std::vector<operation>& finishing) {
  std::string result;
  for (const auto& x : finishing)
    if (!x->place().waits && !x->ended()) {
      end(x);
      add(result, x->name);
    }
  return result;
}

template <class Side>
bool basic_lane_world<Side>::join(std::string link) {
  return lane.join(std::move(link), teller());
}

template <class Side>
bool basic_lane_world<Side>::ready() {
  return lane.ready(teller());
}

template <class Side>
std::string basic_lane_world<Side>::lose(std::string details) {
  lane.lose(std::move(details), [this](const operation_id& id) { return find(id); });
  std::string result;
  for (const auto& x : operations)
    if (!x->ended() && !x->place().waits) {
      end(x);
      add(result, x->name);
    }
  return result;
}

template <class Side>
std::string basic_lane_world<Side>::told() {
  return std::exchange(told_, {});
}

template <class Side>
typename basic_lane_world<Side>::operation basic_lane_world<Side>::find(const operation_id& id) const {
  const auto& x = operations[id.low];
  return x->ended() ? nullptr : x;
}

template <class Side>
std::string basic_lane_world<Side>::written(const std::vector<typename lane_type::ticket>& tickets) const {
  std::string result;
  for (const auto& x : tickets)
    add(result, operations[x.operation.low]->name + std::to_string(x.sequence_number.value));
  return result;
}

template class basic_lane_world<core::front_side>;
template class basic_lane_world<core::back_side>;

} // namespace tandem_test
