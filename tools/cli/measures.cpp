#include "measures.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <sstream>

namespace tandem::cli {

namespace {

using wall_time = date::sys_time<std::chrono::nanoseconds>;

struct factor_unit {
  std::string_view name;
  double factor;
};

constexpr std::array<factor_unit, 6> time_units{
  {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
constexpr std::array<factor_unit, 8> count_units{{{"", 1},
                                                  {"B", 1},
                                                  {"kB", 1e3},
                                                  {"KB", 1e3},
                                                  {"MB", 1e6},
                                                  {"KiB", 1024},
                                                  {"MiB", 1024. * 1024},
                                                  {"GiB", 1024. * 1024 * 1024}}};

template <size_t Count>
std::optional<int64_t> parse_with_unit(std::string_view text, const std::array<factor_unit, Count>& units) {
  double number = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc{})
    return std::nullopt;
  const std::string_view name{rest, static_cast<size_t>(end - rest)};
  for (const auto& x : units)
    if (x.name == name && std::abs(number * x.factor) < 9e18)
      return std::llround(number * x.factor);
  return std::nullopt;
}

/// Nothing if `text` is anything else.
std::optional<int64_t> parse_time(const std::string& text, const char* format) {
  std::istringstream in{text};
  wall_time result;
  in >> date::parse(format, result);
  if (in.fail() || in.peek() != std::istringstream::traits_type::eof())
    return std::nullopt;
  return result.time_since_epoch().count();
}

} // namespace

std::string decimal(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}

std::string milliseconds(int64_t nanoseconds) {
  return decimal(static_cast<double>(nanoseconds) / 1e6, 3);
}

std::string microseconds(int64_t nanoseconds) {
  return decimal(static_cast<double>(nanoseconds) / 1e3, 1);
}

std::string write_size(double bytes) {
  if (bytes < 1024)
    return fmt::format("{:.0f} bytes", bytes);
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  for (bytes /= 1024; bytes >= 1024 && unit + 1 < units.size(); ++unit)
    bytes /= 1024;
  return fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::optional<int64_t> parse_time_value(std::string_view text) {
  return parse_with_unit(text, time_units);
}

std::optional<int64_t> parse_count_value(std::string_view text) {
  return parse_with_unit(text, count_units);
}

std::string iso_time(int64_t wall_ns) {
  // Seconds by themselves: the beginning of the first day that 64 bits reach is out of their reach in nanoseconds.
  constexpr int64_t second = 1'000'000'000;
  const auto below = wall_ns % second < 0 ? 1 : 0;
  const date::sys_seconds seconds{std::chrono::seconds{wall_ns / second - below}};
  return date::format("%FT%T", seconds) + fmt::format(".{:09}Z", wall_ns % second + below * second);
}

std::optional<int64_t> parse_iso_time(std::string_view text) {
  // The library takes fewer digits too, nothing behind a point, and years that are too many nanoseconds.
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  std::string iso{text};
  if (iso.size() < shape.size() || text < "1678" || text >= "2262" || iso.find(".Z") != std::string::npos
      || iso.ends_with('.'))
    return std::nullopt;
  if (iso[10] == ' ')
    iso[10] = 'T';
  for (size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == '0' ? (iso[i] < '0' || iso[i] > '9') : iso[i] != shape[i])
      return std::nullopt;
  const bool has_zone = iso.find_first_of("+-", shape.size()) != std::string::npos;
  return parse_time(iso, has_zone ? "%FT%T%Ez" : iso.ends_with('Z') ? "%FT%TZ" : "%FT%T");
}

} // namespace tandem::cli
