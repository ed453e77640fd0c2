#include "expression.hpp"

namespace tandem::cli {

bool expression::is_of_operation(const comparison& x) const {
  return asks_for_operations_ && x.what->of_operation != nullptr;
}

template <class Leaf>
truth expression::evaluate(size_t index, const Leaf& leaf) const {
  const auto& x = nodes_[index];
  switch (x.what) {
    case node::type::leaf:
      return leaf(x.first);
    case node::type::negation: {
      const auto inner = evaluate(x.first, leaf);
      return inner == truth::unknown ? inner : inner == truth::yes ? truth::no : truth::yes;
    }
    default:
      break;
  }
  const auto decides = x.what == node::type::both ? truth::no : truth::yes;
  const auto first = evaluate(x.first, leaf);
  if (first == decides)
    return decides;
  const auto second = evaluate(x.second, leaf);
  return second == decides ? decides : first == truth::unknown ? first : second;
}

bool expression::matches(const record_facts& record) const {
  const auto leaf = [&](size_t i) { return comparisons_[i].of_record(record) ? truth::yes : truth::no; };
  return evaluate(nodes_.size() - 1, leaf) == truth::yes;
}

uint64_t expression::answers(const operation_facts& operation) const {
  uint64_t result = 0;
  for (size_t i = 0; i < comparisons_.size(); ++i)
    if (is_of_operation(comparisons_[i]) && comparisons_[i].of_operation(operation))
      result |= uint64_t{1} << i;
  return result;
}

truth expression::judge(uint64_t answers) const {
  const auto leaf = [&](size_t i) {
    if (!is_of_operation(comparisons_[i]))
      return truth::unknown;
    return (answers >> i & 1) != 0 ? truth::yes : truth::no;
  };
  return evaluate(nodes_.size() - 1, leaf);
}

bool expression::matches(uint64_t answers, const record_facts& record) const {
  const auto leaf = [&](size_t i) {
    const bool holds = is_of_operation(comparisons_[i]) ? (answers >> i & 1) != 0 : comparisons_[i].of_record(record);
    return holds ? truth::yes : truth::no;
  };
  return evaluate(nodes_.size() - 1, leaf) == truth::yes;
}

} // namespace tandem::cli
