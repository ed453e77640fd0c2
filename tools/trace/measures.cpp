#include "measures.hpp"

#include <chrono>
#include <cstdio>

namespace tandem::cli {

namespace {

constexpr int64_t second = 1'000'000'000;

/// Reads `digits` decimal digits off the front of `text`.
bool take_number(std::string_view& text, size_t digits, int& out) {
  if (text.size() < digits)
    return false;
  out = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

/// The decimals of a second, in nanoseconds.
bool take_decimals(std::string_view& text, int64_t& out) {
  if (!take(text, '.'))
    return true;
  int64_t unit = second;
  size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
    unit /= 10;
    out += unit * (text[count++] - '0');
  }
  text.remove_prefix(count);
  return count > 0 && count <= 9;
}

/// What is to be subtracted for UTC.
bool take_zone(std::string_view& text, int64_t& out) {
  if (text.empty() || text == "Z") {
    text = {};
    return true;
  }
  const int sign = text.front() == '-' ? -1 : 1;
  int hours = 0;
  int minutes = 0;
  if (!take(text, '+') && !take(text, '-'))
    return false;
  if (!take_number(text, 2, hours) || !take(text, ':') || !take_number(text, 2, minutes) || hours > 23 || minutes > 59)
    return false;
  out = sign * (hours * 60 + minutes) * 60 * second;
  return text.empty();
}

} // namespace

std::string decimal(double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

std::string milliseconds(int64_t nanoseconds) {
  return decimal(static_cast<double>(nanoseconds) / 1e6, 3);
}

std::string microseconds(int64_t nanoseconds) {
  return decimal(static_cast<double>(nanoseconds) / 1e3, 1);
}

std::string iso_time(int64_t wall_ns) {
  using namespace std::chrono;
  const sys_time<nanoseconds> when{std::chrono::nanoseconds{wall_ns}};
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss<nanoseconds> time{when - day};
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%09lldZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<long long>(time.subseconds().count()));
  return buffer;
}

std::optional<int64_t> parse_iso_time(std::string_view text) {
  using namespace std::chrono;
  int y = 0, m = 0, d = 0, hours = 0, minutes = 0, seconds = 0;
  int64_t decimals = 0;
  int64_t zone = 0;
  if (!take_number(text, 4, y) || !take(text, '-') || !take_number(text, 2, m) || !take(text, '-')
      || !take_number(text, 2, d) || (!take(text, 'T') && !take(text, ' ')) || !take_number(text, 2, hours)
      || !take(text, ':') || !take_number(text, 2, minutes) || !take(text, ':') || !take_number(text, 2, seconds)
      || !take_decimals(text, decimals) || !take_zone(text, zone))
    return std::nullopt;
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!date.ok() || hours > 23 || minutes > 59 || seconds > 59 || y < 1678 || y > 2261) // what 64 bits hold
    return std::nullopt;
  const int64_t days_in_seconds = sys_days{date}.time_since_epoch().count() * int64_t{86'400};
  return (days_in_seconds + hours * 3600 + minutes * 60 + seconds) * second + decimals - zone;
}

} // namespace tandem::cli
