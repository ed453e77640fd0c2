/// The language of `tandem trace filter`: 'outcome != completed and name ~ "^db" and duration > 50ms'.
///
///     expression = and-expression ("or" and-expression)*
///     and-expression = term ("and" term)*
///     term = "not" term | "(" expression ")" | FIELD OPERATOR VALUE
///
/// expression_fields.hpp has the fields.
#pragma once

#include "expression_comparison.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// Thrown for a wrong expression. what() is for people: the expression with a mark under the place.
class expression_error : public std::runtime_error {
public:
  expression_error(std::string_view expression, size_t position, const std::string& why);

  const size_t position; ///< in bytes
};

/// True, false, or not known yet.
enum class truth : uint8_t { no, yes, unknown };

class expression {
public:
  /// Throws expression_error.
  explicit expression(std::string_view text);

  /// True if a field is one of whole operations; then all records of an operation have to be seen first.
  bool asks_for_operations() const noexcept {
    return asks_for_operations_;
  }

  /// True if a field is one of single records.
  bool asks_for_records() const noexcept {
    return asks_for_records_;
  }

  /// Of a record; for expressions that do not ask for operations.
  bool matches(const record_facts& record) const;

  /// The results of comparisons with fields of operations, for one side of one operation: a bit for each. For an
  /// expression that asks for operations.
  uint64_t answers(const operation_facts& operation) const;

  /// With such answers, and without a record.
  truth judge(uint64_t answers) const;

  /// With such answers, of a record of that operation.
  bool matches(uint64_t answers, const record_facts& record) const;

  /// More comparisons are refused.
  static constexpr size_t most_comparisons = 64;

private:
  friend class expression_parser;

  struct node {
    enum class type : uint8_t { both, either, negation, leaf } what;
    size_t first;  ///< index of a node; of a leaf, its comparison
    size_t second; ///< of both and either
  };

  template <class Leaf>
  truth evaluate(size_t node, const Leaf& leaf) const;
  bool is_of_operation(const comparison& x) const;

  std::vector<node> nodes_; ///< the last one is the whole expression
  std::vector<comparison> comparisons_;
  bool asks_for_operations_ = false;
  bool asks_for_records_ = false;
};

} // namespace tandem::cli
