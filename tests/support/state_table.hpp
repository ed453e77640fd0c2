/// The table of a machine, found by running it: every state that can be reached, and the effect of every event there.
#pragma once

#include "half.hpp"

#include <string>
#include <vector>

namespace tandem_test {

/// The effect of one event in one state.
struct table_cell {
  std::string event;
  std::string effects; ///< in order, with "; " between them
  std::string next;    ///< the state's name, with what customer code is doing
  std::string outcome; ///< of the side afterwards; "active" while it has none

  friend bool operator==(const table_cell&, const table_cell&) = default;
};

struct table_row {
  std::string name;       ///< "output open, input closing, customer opening", or an outcome
  std::string state;      ///< the same without the customer
  std::string reached_by; ///< the events of one shortest way to it
  bool ended = false;
  std::vector<table_cell> cells;          ///< in the order of the events
  std::vector<std::string> cannot_happen; ///< events that the pump never brings here
};

struct state_table {
  std::vector<table_cell> beginnings; ///< the ways in which an operation begins
  std::vector<table_row> rows;        ///< in the order in which they were found, those that have ended last
};

/// Explores one side of an operation with this subscription.
state_table explore_front(tandem::subscription_kind subscription);
state_table explore_back(tandem::subscription_kind subscription);

/// One block per state, for people; other subscriptions where they differ from full.
std::string written_table(const std::string& title, state_table (*explore)(tandem::subscription_kind));

/// The states and what leads from one to another, in Graphviz's language.
std::string written_diagram(const std::string& title, const state_table& table);

} // namespace tandem_test
