/// The tables of the small machines of which an operation is made (output, input, customer), and of the lane that its
/// tickets take and the session under links, found by running them.
#pragma once

#include <string>
#include <vector>

namespace tandem_test {

/// The effect of one event in one state.
struct part_cell {
  std::string event;
  std::string answer;
  std::string next;
};

struct part_row {
  std::string name;
  std::vector<part_cell> cells;
  std::vector<std::string> cannot_happen; ///< events that would be a defect of the operation around it
};

struct part_table {
  std::string title;
  std::vector<std::string> beginnings; ///< states in which it may begin
  std::vector<part_row> rows;
};

part_table explore_output();
part_table explore_input();
part_table explore_customer();
part_table explore_lane();
part_table explore_session();

/// One block per state, for people.
std::string written_table(const part_table& table);

/// The states and what leads from one to another, in Graphviz's language.
std::string written_diagram(const part_table& table);

} // namespace tandem_test
