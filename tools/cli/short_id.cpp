#include "short_id.hpp"

#include "../../messages/hex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tandem::cli {

namespace {

constexpr size_t all_digits = 16;

std::string digits_of(uint64_t front, size_t digits) {
  return fmt::format("{:016x}", front).substr(0, digits);
}

} // namespace

void short_ids::add(const operation_id& id) {
  const auto [x, is_new] = fronts_.insert(id.high);
  if (!is_new)
    return;
  if (x != fronts_.begin())
    take_digits_for(*std::prev(x), *x);
  if (std::next(x) != fronts_.end())
    take_digits_for(*x, *std::next(x));
}

void short_ids::take_digits_for(uint64_t x, uint64_t y) {
  const auto same = static_cast<size_t>(__builtin_clzll(x ^ y)) / 4; // of the leading digits
  digits_ = std::max(digits_, same + 1);
}

std::string short_ids::operator()(const operation_id& id) const {
  return fmt::format("{}.{:x}", digits_of(id.high, digits_), id.low);
}

bool id_pattern::matches(const operation_id& id) const {
  return id.low == number && digits_of(id.high, front.size()) == front;
}

std::optional<id_pattern> parse_id_pattern(std::string_view text) {
  if (const auto id = parse_operation_id(text))
    return id_pattern{digits_of(id->high, all_digits), id->low};
  const auto point = text.find('.');
  if (point == 0 || point == std::string_view::npos || point > all_digits)
    return std::nullopt;
  id_pattern result;
  for (const char c : text.substr(0, point)) {
    const int digit = hex::value_of(c);
    if (digit < 0)
      return std::nullopt;
    result.front += "0123456789abcdef"[digit];
  }
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + point + 1, end, result.number, 16);
  if (error != std::errc{} || rest != end)
    return std::nullopt;
  return result;
}

} // namespace tandem::cli
