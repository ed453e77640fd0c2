/// The words of scenario files.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::conformance {

enum class side { front, back };
inline constexpr std::array both_sides{side::front, side::back};

enum class direction { front_to_back, back_to_front };
inline constexpr std::array both_directions{direction::front_to_back, direction::back_to_front};

enum class topology { joined, front_only, back_only, in_memory_link, link_only };

/// Which customer code is called.
enum class call_kind { open, consume, terminate, consume_and_terminate };

inline std::string to_string(side x) {
  return x == side::front ? "front" : "back";
}

inline std::string to_string(direction x) {
  return x == direction::front_to_back ? "front to back" : "back to front";
}

inline std::optional<side> parse_side(std::string_view text) {
  for (auto x : both_sides)
    if (text == to_string(x))
      return x;
  return std::nullopt;
}

inline std::optional<direction> parse_direction(std::string_view text) {
  for (auto x : both_directions)
    if (text == to_string(x))
      return x;
  return std::nullopt;
}

inline std::optional<topology> parse_topology(std::string_view text) {
  using enum topology;
  constexpr std::array<std::pair<std::string_view, topology>, 5> names{{{"joined", joined},
                                                                        {"front only", front_only},
                                                                        {"back only", back_only},
                                                                        {"in-memory link", in_memory_link},
                                                                        {"link only", link_only}}};
  for (const auto& [name, value] : names)
    if (text == name)
      return value;
  return std::nullopt;
}

/// Whether there is an end of this side.
constexpr bool has_end(topology x, side which) {
  using enum topology;
  return x == joined || x == in_memory_link || x == (which == side::front ? front_only : back_only);
}

/// Whether the runner's test link is there, which records tickets.
constexpr bool has_test_link(topology x) {
  return x != topology::in_memory_link && x != topology::link_only;
}

} // namespace tandem::conformance
