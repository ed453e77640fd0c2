/// Pins what the machines do, state by state and event by event, to files that a reviewer can read. A change of
/// behaviour shows as a change of these files.
#include "../support/part_tables.hpp"
#include "../support/source_files.hpp"
#include "../support/state_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace tandem_test;

namespace {

/// The first line in which two texts differ, with its number.
std::string first_difference(const std::string& expected, const std::string& actual) {
  std::istringstream left{expected};
  std::istringstream right{actual};
  for (int number = 1;; ++number) {
    std::string x = "the end";
    std::string y = "the end";
    const bool more_left = static_cast<bool>(std::getline(left, x));
    const bool more_right = static_cast<bool>(std::getline(right, y));
    if (x != y || more_left != more_right)
      return "line " + std::to_string(number) + "\n  is now: " + y + "\n  was:    " + x;
    if (!more_left)
      return "nothing but the ends of lines";
  }
}

void compare(const std::string& name, const std::string& actual) {
  const auto path = "tests/core/golden/" + name;
  if (std::getenv("TANDEM_UPDATE_GOLDEN") != nullptr) {
    std::ofstream file{std::string{TANDEM_SOURCE_DIR} + "/" + path, std::ios::binary};
    file << actual;
    CHECK(file.good());
    return;
  }
  const auto expected = content_of(path);
  if (expected != actual)
    FAIL_CHECK(path << ": " << first_difference(expected, actual)
                    << "\nIf that is meant, run this program with TANDEM_UPDATE_GOLDEN=1.");
}

} // namespace

TEST_CASE("golden: the front operation's table and diagram") {
  compare("front_operation.txt", written_table("The front's side of an operation", explore_front));
  compare("front_operation.dot", written_diagram("front operation", explore_front(tandem::subscription_kind::full)));
}

TEST_CASE("golden: the back operation's table and diagram") {
  compare("back_operation.txt", written_table("The back's side of an operation", explore_back));
  compare("back_operation.dot", written_diagram("back operation", explore_back(tandem::subscription_kind::full)));
}

TEST_CASE("golden: the tables and diagrams of the small machines") {
  for (auto explore : {explore_output, explore_input, explore_customer, explore_lane, explore_session}) {
    const auto table = explore();
    compare(table.title + ".txt", written_table(table));
    compare(table.title + ".dot", written_diagram(table));
  }
}

TEST_CASE("golden: all states and all outcomes are reached, and no event moves one that has ended") {
  for (auto explore : {explore_front, explore_back}) {
    const auto table = explore(tandem::subscription_kind::full);
    size_t ended = 0;
    std::vector<std::string> states;
    for (const auto& row : table.rows) {
      if (std::ranges::find(states, row.state) == states.end())
        states.push_back(row.state);
      if (!row.ended)
        continue;
      ++ended;
      for (const auto& cell : row.cells) {
        CHECK(cell.effects == "");
        CHECK(cell.next == row.name);
      }
    }
    CHECK(ended == 7);
    CHECK(states.size() == 8 + 7); // output closed with input closed is completed
  }
}
