/// Operations as people see them: "3f2a.100" is the beginning of the front's random half of the id, long enough to tell
/// fronts apart, and the number that the front gave the operation, both in hexadecimal digits.
#pragma once

#include "../../messages/operation_id.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tandem::cli {

/// Writes short ids, with more digits the more alike the fronts of the added ids are.
class short_ids {
public:
  void add(const operation_id& id);
  std::string operator()(const operation_id& id) const;

private:
  void take_digits_for(uint64_t x, uint64_t y);

  std::set<uint64_t> fronts_;
  size_t digits_ = 4; ///< that people can still compare at a glance
};

/// The text by which people name an operation: all 32 digits, or a short id.
struct id_pattern {
  std::string front; ///< the first digits of the front's half, lower case
  uint64_t number = 0;

  bool matches(const operation_id& id) const;
};

/// For errors about a text that is not such a name.
inline constexpr std::string_view id_pattern_wanted
  = "an operation: 32 hexadecimal digits, or a short form as shown, such as 3f2a.100";

/// Nothing if `text` is something else.
std::optional<id_pattern> parse_id_pattern(std::string_view text);

} // namespace tandem::cli
