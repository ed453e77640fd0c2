#include "json_grammar.hpp"
#include "../hex.hpp"

#include <nlohmann/json.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

namespace tandem {

namespace {

/// Longer numbers, and exponents of more than two digits, may be too large.
constexpr ptrdiff_t longest_number = 100;

class json_walk {
public:
  explicit json_walk(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {
  }

  bool whole() {
    do {
      if (!value())
        return false;
    } while (another());
    return open_.empty() && at_ == end_;
  }

private:
  /// As far as the first scalar or empty container in it.
  bool value() {
    for (;;) {
      skip_blanks();
      if (current() != '{' && current() != '[')
        return scalar();
      open_ += *at_++;
      skip_blanks();
      if (take(closing())) {
        open_.pop_back();
        return true;
      }
      if (!name())
        return false;
    }
  }

  /// Closes what ends behind a value. True if another one follows.
  bool another() {
    for (skip_blanks(); !open_.empty(); skip_blanks()) {
      if (take(','))
        return name();
      if (!take(closing()))
        return false;
      open_.pop_back();
    }
    return false;
  }

  /// In front of a member of an object; other values have none.
  bool name() {
    if (open_.back() == '[')
      return true;
    skip_blanks();
    if (!string())
      return false;
    skip_blanks();
    return take(':');
  }

  char closing() const noexcept {
    return open_.back() == '{' ? '}' : ']';
  }

  char current() const noexcept {
    return at_ == end_ ? '\0' : *at_;
  }

  bool take(char c) noexcept {
    const bool there = at_ != end_ && *at_ == c;
    at_ += there ? 1 : 0;
    return there;
  }

  void skip_blanks() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r'))
      ++at_;
  }

  bool scalar() {
    switch (current()) {
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  bool word(std::string_view expected) noexcept {
    if (!std::string_view{at_, static_cast<size_t>(end_ - at_)}.starts_with(expected))
      return false;
    at_ += expected.size();
    return true;
  }

  bool string() {
    if (!take('"'))
      return false;
    for (;;) {
      skip_plain();
      if (take('"'))
        return true;
      if (!take('\\') || !escape())
        return false;
    }
  }

  /// To the next quote or backslash, eight bytes at a time.
  void skip_plain() noexcept {
    constexpr uint64_t ones = 0x0101010101010101;
    const auto zeros = [](uint64_t x) { return (x - ones) & ~x & ones << 7; };
    uint64_t eight = 0;
    for (; end_ - at_ >= 8; at_ += 8) {
      std::memcpy(&eight, at_, 8);
      if (const auto found = zeros(eight ^ ones * '"') | zeros(eight ^ ones * '\\')) {
        if constexpr (std::endian::native == std::endian::little)
          at_ += std::countr_zero(found) / 8;
        break;
      }
    }
    while (at_ != end_ && *at_ != '"' && *at_ != '\\')
      ++at_;
  }

  /// What follows a backslash.
  bool escape() noexcept {
    if (!take('u')) {
      if (at_ == end_ || std::string_view{"\"\\/bfnrt"}.find(*at_) == std::string_view::npos)
        return false;
      ++at_;
      return true;
    }
    const int unit = code_unit();
    const bool is_high = unit >= 0xd800 && unit < 0xdc00;
    if (!is_high)
      return unit >= 0 && !(unit >= 0xdc00 && unit < 0xe000);
    if (!take('\\') || !take('u'))
      return false;
    const int low = code_unit();
    return low >= 0xdc00 && low < 0xe000;
  }

  /// -1: these are no four digits.
  int code_unit() noexcept {
    int result = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = at_ == end_ ? -1 : hex::value_of(*at_);
      if (digit < 0)
        return -1;
      ++at_;
      result = result * 16 + digit;
    }
    return result;
  }

  ptrdiff_t digits() noexcept {
    const auto* from = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9')
      ++at_;
    return at_ - from;
  }

  bool number() {
    const auto* from = at_;
    take('-');
    if (!take('0') && digits() == 0)
      return false;
    if (take('.') && digits() == 0)
      return false;
    ptrdiff_t exponent = 0;
    if (take('e') || take('E')) {
      if (!take('+'))
        take('-');
      exponent = digits();
      if (exponent == 0)
        return false;
    }
    return (at_ - from <= longest_number && exponent <= 2) || nlohmann::json::accept(from, at_);
  }

  const char* at_;
  const char* end_;
  std::string open_; ///< the brackets around
};

} // namespace

bool is_json_value(std::string_view text) {
  return json_walk{text}.whole();
}

} // namespace tandem
