/// One comparison of an expression: a field, an operator and a value.
#pragma once

#include "../../cli/short_id.hpp"
#include "expression_fields.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem::cli {

enum class comparison_operator : uint8_t { equal, unequal, less, at_most, more, at_least, matches, differs };

struct comparison {
  const field* what = nullptr;
  comparison_operator op = comparison_operator::equal;
  std::string text = {};                  ///< of a text or word
  int64_t number = 0;                     ///< of a count or time
  id_pattern id = {};                     ///< of an id
  std::unique_ptr<re2::RE2> pattern = {}; ///< of `matches` and `differs`

  bool of_operation(const operation_facts& x) const {
    field_value value;
    what->of_operation(x, value);
    return holds(value);
  }

  bool of_record(const record_facts& x) const {
    field_value value;
    what->of_record(x, value);
    return holds(value);
  }

private:
  bool holds(const field_value& value) const {
    if (op == comparison_operator::matches || op == comparison_operator::differs)
      return re2::RE2::PartialMatch({value.text.data(), value.text.size()}, *pattern)
             == (op == comparison_operator::matches);
    if (what->type == field_type::count || what->type == field_type::time)
      return value.present && compare(value.number);
    const bool same = what->type == field_type::id ? value.present && id.matches(value.id) : value.text == text;
    return same == (op == comparison_operator::equal);
  }

  bool compare(int64_t x) const {
    switch (op) {
      case comparison_operator::equal:
        return x == number;
      case comparison_operator::unequal:
        return x != number;
      case comparison_operator::less:
        return x < number;
      case comparison_operator::at_most:
        return x <= number;
      case comparison_operator::more:
        return x > number;
      default:
        return x >= number;
    }
  }
};

} // namespace tandem::cli
