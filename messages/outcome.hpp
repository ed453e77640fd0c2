/// How an operation ended on one side. Each side of each operation has exactly one of the seven outcomes (S-END-6).
///
/// | outcome | what the caller may do next |
/// | --- | --- |
/// | completed | use the result |
/// | cancelled | stop |
/// | expired, transmission failure | the effect at the other side is unknown: repeat it only if twice does no harm |
/// | servicer failure, serviced failure | do not repeat it unchanged |
/// | reception failure | one of the two sides has a defect: report it |
///
///     op.context().add_termination_callback([](outcome x) { std::puts(to_string(x).c_str()); });
#pragma once

#include "caf/inspect.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

/// The values are those on the wire and in caf::error; 0 is reserved.
enum class outcome : uint8_t {
  completed = 1,
  cancelled = 2,
  expired = 3,
  reception_failure = 4,
  transmission_failure = 5,
  servicer_failure = 6,
  serviced_failure = 7,
};

inline constexpr std::array<outcome, 7> all_outcomes{
  outcome::completed,
  outcome::cancelled,
  outcome::expired,
  outcome::reception_failure,
  outcome::transmission_failure,
  outcome::servicer_failure,
  outcome::serviced_failure,
};

/// The lower-case words of the interface reference: "completed", "servicer failure", ... (A std::string because CAF
/// looks this function up.)
std::string to_string(outcome value);

/// Reads the text of to_string; nothing if `text` is anything else.
std::optional<outcome> parse_outcome(std::string_view text) noexcept;

/// These two have the form that CAF looks up.
bool from_string(std::string_view text, outcome& value) noexcept;
bool from_integer(uint8_t number, outcome& value) noexcept;

template <compat::enum_inspector Inspector>
bool inspect(Inspector& f, outcome& x) {
  return compat::inspect_enum(f, x);
}

/// The details of a refused operation begin with this (S-END-12).
inline constexpr std::string_view refused_prefix = "refused: ";

/// True if an operation that ended so never began at the back (S-END-12).
inline bool was_refused(outcome value, std::string_view details) noexcept {
  return value == outcome::transmission_failure && details.starts_with(refused_prefix);
}

} // namespace tandem
