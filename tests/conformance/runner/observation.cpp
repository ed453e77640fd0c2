#include "observation.hpp"

#include <algorithm>

namespace tandem::conformance {

// -- journal --------------------------------------------------------------------------------

void journal::expect_callback(const std::string& label) {
  std::lock_guard guard{mutex_};
  callbacks_[label];
}

void journal::callback(const std::string& label, outcome value) {
  std::lock_guard guard{mutex_};
  callbacks_[label].push_back(to_string(value));
}

void journal::expect_idle_action(const std::string& label) {
  std::lock_guard guard{mutex_};
  idle_actions_[label];
}

void journal::idle_action(const std::string& label) {
  std::lock_guard guard{mutex_};
  ++idle_actions_[label];
}

void journal::expect_ready_call(const std::string& label) {
  std::lock_guard guard{mutex_};
  ready_calls_[label];
}

void journal::ready_call(const std::string& label) {
  std::lock_guard guard{mutex_};
  ++ready_calls_[label];
}

json journal::ready_calls() const {
  std::lock_guard guard{mutex_};
  return ready_calls_;
}

json journal::callbacks() const {
  std::lock_guard guard{mutex_};
  return callbacks_;
}

json journal::idle_actions() const {
  std::lock_guard guard{mutex_};
  return idle_actions_;
}

namespace {

// -- tickets --------------------------------------------------------------------------------

/// Whole seconds as scenarios write them: 10, not 10.0.
json seconds_to_json(duration x) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(x);
  return whole == x ? json(whole.count()) : json(std::chrono::duration<double>(x).count());
}

template <class Ticket>
json common_to_json(const Ticket& ticket, const labels& names) {
  json result{{"op", names.label_of(ticket.operation)},
              {"sequence_number", static_cast<int64_t>(ticket.sequence_number.value)},
              {"kind", to_string(ticket.kind)},
              {"details", ticket.details}};
  if (ticket.payload)
    result["payload"] = text_of(*ticket.payload);
  if (ticket.allowed)
    result["allowed"] = *ticket.allowed;
  return result;
}

json ticket_to_json(const front_to_back_ticket& ticket, const labels& names) {
  auto result = common_to_json(ticket, names);
  if (ticket.name)
    result["name"] = *ticket.name;
  if (ticket.subscription)
    result["subscription"] = to_string(*ticket.subscription);
  if (ticket.trace_id)
    result["trace_id"] = to_string(*ticket.trace_id);
  if (ticket.timeout)
    result["timeout"] = seconds_to_json(*ticket.timeout);
  return result;
}

json ticket_to_json(const back_to_front_ticket& ticket, const labels& names) {
  return common_to_json(ticket, names);
}

template <class Ticket>
json tickets_to_json(const std::vector<Ticket>& tickets, const labels& names) {
  json result = json::array();
  for (const auto& x : tickets)
    result.push_back(ticket_to_json(x, names));
  return result;
}

json delivered_to_json(const world& w, const labels& names) {
  json result = json::object();
  for (const auto& [peer, tickets] : w.delivered()) {
    auto& list = result[peer] = json::array();
    for (const auto& ticket : tickets)
      list.push_back(std::visit([&](const auto& x) { return ticket_to_json(x, names); }, ticket));
  }
  return result;
}

// -- operations -----------------------------------------------------------------------------

json received_to_json(const customer& code, side at, const operation_id& id) {
  json result = json::array();
  for (const auto& [payload, last] : code.received(at, id))
    result.push_back({payload ? json(*payload) : json(), last});
  return result;
}

std::string outcome_of(const handle& operation) {
  const auto value = operation.ended();
  return value ? to_string(*value) : "active";
}

/// Outcomes at the back of operations that its customer code never saw: they are in the counts only.
std::vector<std::string> unseen_outcomes(const world& w, const customer& code) {
  std::vector<std::string> result;
  const auto counts = w.end_stats(side::back);
  if (!counts)
    return result;
  for (auto value : all_outcomes)
    result.insert(result.end(), counts->of(value), to_string(value));
  result.insert(result.end(), counts->ongoing, "active");
  for (const auto& operation : code.operations(side::back))
    if (auto place = std::find(result.begin(), result.end(), outcome_of(*operation)); place != result.end())
      result.erase(place);
  return result;
}

std::string take_unseen(std::vector<std::string>& unseen, const json& expected) {
  if (unseen.empty())
    return "absent";
  auto place
    = expected.is_string() ? std::find(unseen.begin(), unseen.end(), expected.get<std::string>()) : unseen.end();
  if (place == unseen.end() && expected == "absent")
    return "absent";
  if (place == unseen.end())
    place = unseen.begin();
  auto result = *place;
  unseen.erase(place);
  return result;
}

/// expect.outcomes.LABEL.back, as far as there is such a thing.
json expected_at_back(const json& expect, const std::string& label) {
  const json* place = &expect;
  for (const auto& key : {std::string{"outcomes"}, label, to_string(side::back)}) {
    if (!place->is_object() || !place->contains(key))
      return nullptr;
    place = &(*place)[key];
  }
  return *place;
}

void observe_outcomes(const world& w, const customer& code, const labels& names, const json& expect, json& result) {
  auto unseen = unseen_outcomes(w, code);
  auto& outcomes = result["outcomes"] = json::object();
  for (const auto& [label, id] : names.all()) {
    for (auto at : both_sides) {
      auto& outcome = outcomes[label][to_string(at)];
      if (auto operation = code.find(at, id))
        outcome = outcome_of(*operation);
      else
        outcome = at == side::back ? take_unseen(unseen, expected_at_back(expect, label)) : "absent";
    }
  }
  result["outcomes of nobody knows which"] = unseen;
}

json stats_to_json(const std::optional<stats>& counts) {
  if (!counts)
    return nullptr;
  json result = json::object();
  for (auto value : all_outcomes)
    if (counts->of(value) != 0)
      result[to_string(value)] = counts->of(value);
  return result;
}

} // namespace

json observe(const scenario& x, const world& w, const customer& code, const notes& n, const json& expect) {
  json result{{"reads", n.reads},
              {"callbacks", n.journal->callbacks()},
              {"idle_actions", n.journal->idle_actions()},
              {"ready_calls", n.journal->ready_calls()}};
  if (has_test_link(x.topology)) {
    result["tickets"][to_string(direction::front_to_back)] = tickets_to_json(w.to_back().recorded(), n.labels);
    result["tickets"][to_string(direction::back_to_front)] = tickets_to_json(w.to_front().recorded(), n.labels);
  }
  result["delivered"] = delivered_to_json(w, n.labels);
  observe_outcomes(w, code, n.labels, expect, result);
  result["received"] = json::object();
  result["services"] = json::object();
  for (const auto& [label, id] : n.labels.all()) {
    result["services"][label] = code.services(id);
    for (auto at : both_sides)
      result["received"][label][to_string(at)] = received_to_json(code, at, id);
  }
  for (auto at : both_sides) {
    const auto counts = w.end_stats(at);
    result["stats"][to_string(at)] = stats_to_json(counts);
    result["dropped"][to_string(at)] = counts ? counts->dropped : 0;
  }
  result["monitors"] = json::object();
  for (const auto& label : n.monitors) {
    auto& list = result["monitors"][label] = json::array();
    for (auto value : w.monitored(label))
      list.push_back(to_string(value));
  }
  return result;
}

} // namespace tandem::conformance
