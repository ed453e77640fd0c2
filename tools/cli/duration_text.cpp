#include "duration_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace tandem::cli {

namespace {

struct unit {
  std::string_view name;
  int64_t nanoseconds;
};

constexpr std::array<unit, 4> units{{
  {"ms", 1'000'000},
  {"s", 1'000'000'000},
  {"m", 60 * int64_t{1'000'000'000}},
  {"h", 3600 * int64_t{1'000'000'000}},
}};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<unit> find_unit(std::string_view name) {
  for (const auto& x : units)
    if (x.name == name)
      return x;
  return std::nullopt;
}

/// The whole part, in nanoseconds; nothing if it is too large.
std::optional<int64_t> whole_part(std::string_view digits, const unit& in) {
  const int64_t limit = longest_timeout.count() / in.nanoseconds;
  int64_t result = 0;
  for (char c : digits) {
    result = result * 10 + (c - '0');
    if (result >= limit)
      return std::nullopt;
  }
  return result * in.nanoseconds;
}

/// The digits after the point, in nanoseconds; what is finer than that is cut off.
int64_t fraction(std::string_view digits, const unit& in) {
  int64_t result = 0;
  int64_t rest = in.nanoseconds; // of which digits are taken; a minute's fractions need not be powers of ten
  for (char c : digits) {
    result += rest * (c - '0') / 10;
    rest /= 10;
  }
  return result;
}

/// A number of `unit`s with as many decimals as it has; three are enough for people.
std::string in_unit(int64_t nanoseconds, const unit& x) {
  auto result = fmt::format("{:.3f}", static_cast<double>(nanoseconds) / static_cast<double>(x.nanoseconds));
  result.erase(result.find_last_not_of('0') + 1);
  if (result.back() == '.')
    result.pop_back();
  return result.append(x.name);
}

} // namespace

std::optional<duration> parse_duration(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  const auto whole = text.substr(0, end);
  std::string_view decimals;
  if (end < text.size() && text[end] == '.') {
    const size_t begin = ++end;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    decimals = text.substr(begin, end - begin);
    if (decimals.empty())
      return std::nullopt;
  }
  const auto unit = find_unit(text.substr(end));
  if (whole.empty() || !unit)
    return std::nullopt;
  const auto nanoseconds = whole_part(whole, *unit);
  if (!nanoseconds)
    return std::nullopt;
  return duration{*nanoseconds + fraction(decimals, *unit)};
}

std::string write_duration(duration value) {
  const int64_t count = value.count();
  const unit* best = &units[0];
  for (const auto& x : units) {
    const bool short_number = count % (x.nanoseconds / 10) == 0 || &x <= &units[1];
    if (count >= x.nanoseconds && short_number)
      best = &x;
  }
  return in_unit(count, *best);
}

std::string write_elapsed(duration value) {
  const double milliseconds = std::chrono::duration<double, std::milli>(value).count();
  return milliseconds < 1000 ? fmt::format("{:.1f} ms", milliseconds) : fmt::format("{:.3f} s", milliseconds / 1000);
}

} // namespace tandem::cli
