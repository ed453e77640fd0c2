#include "suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace tandem::cli {

namespace {

/// How many letters have to be put in, taken out, replaced, or exchanged with the next one.
size_t distance(std::string_view x, std::string_view y) {
  std::vector<size_t> before; // the rows of the two letters of x in front
  std::vector<size_t> last(y.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= x.size(); ++i) {
    std::vector<size_t> row(y.size() + 1, i);
    for (size_t j = 1; j <= y.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

} // namespace

std::string did_you_mean(std::string_view given, const std::vector<std::string>& names) {
  constexpr size_t longest = 40; // nobody means a name by more
  if (given.size() > longest)
    return {};
  const std::string* best = nullptr;
  size_t least = std::max<size_t>(given.size() / 3, 1) + 1; // so many letters are another word
  for (const auto& name : names) {
    const bool is_beginning = given.size() > 1 && std::string_view{name}.starts_with(given);
    if (const size_t x = is_beginning ? 1 : distance(given, name); x < least) {
      least = x;
      best = &name;
    }
  }
  return best == nullptr ? "" : "; did you mean " + *best + "?";
}

} // namespace tandem::cli
