/// The fields that an expression can ask for: those of whole operations, of single records, and those that both have.
#pragma once

#include "../operations/operation_view.hpp"
#include "../reading/trace_input.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tandem::cli {

/// One side of an operation, with all of its records folded in.
struct operation_facts {
  const operation_view& operation;
  std::string_view node;
  int64_t zero_wall_ns; ///< of the first record of all
};

struct record_facts {
  const placed_entry& record;
  int64_t zero_wall_ns;
};

/// How values of a field are written and compared.
enum class field_type : uint8_t {
  text,  ///< a word, or quoted
  word,  ///< one of a few
  id,    ///< an operation: 32 digits, or short
  count, ///< a whole number, perhaps with a unit of bytes
  time,  ///< a number with a unit of time
};

/// The value of a field. Texts may point into `buffer`.
struct field_value {
  bool present = false; ///< if not, a number compares as false, and a text is empty
  int64_t number = 0;   ///< of a time, nanoseconds
  std::string_view text;
  operation_id id;
  std::string buffer;

  void set(int64_t x) {
    present = true;
    number = x;
  }
  void set(std::string_view x) {
    present = true;
    text = x;
  }
};

struct field {
  std::string_view name;
  field_type type;
  void (*of_operation)(const operation_facts& x, field_value& out); ///< null: records only
  void (*of_record)(const record_facts& x, field_value& out);       ///< null: operations only
  std::string_view words;                                           ///< of a word: all of them, "a, b, c"
  std::string_view help;

  bool asks_for_operations() const noexcept {
    return of_record == nullptr;
  }
  bool asks_for_records() const noexcept {
    return of_operation == nullptr;
  }
};

/// In the order of the help.
std::span<const field> all_fields();

/// Null if there is no field of this name.
const field* find_field(std::string_view name);

/// The list of fields for the help.
std::string describe_fields();

} // namespace tandem::cli
