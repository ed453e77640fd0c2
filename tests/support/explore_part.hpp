/// How the tables of small machines are found.
#pragma once

#include "part_tables.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tandem_test {

/// Something that happens to a small machine; `happen` returns its answer in words.
template <class Machine>
struct part_event {
  std::string name;
  std::function<std::string(Machine&)> happen;
  std::function<bool(const Machine&)> can_happen; ///< always, if there is none

  part_event(std::string x, std::function<std::string(Machine&)> y, std::function<bool(const Machine&)> z = nullptr)
    : name(std::move(x)), happen(std::move(y)), can_happen(std::move(z)) {
  }
};

/// Breadth first. A Machine has a name(), which says all of its state, and says by is_deep() where to stop.
template <class Machine>
part_table explore_part(std::string title, std::vector<Machine> found, const std::vector<part_event<Machine>>& events) {
  part_table result{std::move(title), {}, {}};
  for (const auto& x : found)
    result.beginnings.push_back(x.name());
  for (size_t i = 0; i < found.size(); ++i) {
    const auto from = found[i]; // `found` grows
    part_row row{from.name(), {}, {}};
    for (const auto& event : events) {
      if (event.can_happen && !event.can_happen(from)) {
        row.cannot_happen.push_back(event.name);
        continue;
      }
      auto to = from;
      auto answer = event.happen(to);
      row.cells.push_back({event.name, std::move(answer), to.name()});
      if (!to.is_deep() && std::ranges::none_of(found, [&](const auto& x) { return x.name() == to.name(); }))
        found.push_back(to);
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

} // namespace tandem_test
