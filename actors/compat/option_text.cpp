#include "option_text.hpp"
#include "../../messages/caf/version.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace tandem::compat {

namespace {

/// What begins a comment, which goes to the end of its line.
constexpr char comment = TANDEM_CAF_17 ? ';' : '#';

bool is_word(char x) {
  return (x >= '0' && x <= '9') || (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || x == '_' || x == '-' || x == '+'
         || x == '.';
}

/// Goes through a configuration word by word. It knows where words stand, and leaves it to CAF to say what is wrong.
class scanner {
public:
  explicit scanner(std::string_view text) : text_(text) {
  }

  std::optional<long_duration> find() {
    while (!text_.empty()) {
      const char x = text_.front();
      if (is_word(x)) {
        if (const auto word = take_word(); is_too_long(word))
          return long_duration{name(), std::string{word}};
        else
          last_word_ = word;
        continue;
      }
      text_.remove_prefix(1);
      take(x);
    }
    return std::nullopt;
  }

  /// After find().
  std::optional<std::string> open_object() const {
    return in_object() ? std::optional{std::string{outer_[sections_]}} : std::nullopt;
  }

private:
  void take(char x) {
    if (x == comment)
      skip_to('\n');
    else if (x == '"' || x == '\'')
      skip_text(x);
    else if (x == '[' && at_line_begin_)
      take_section();
    else if (x == '=' || x == ':')
      key_ = last_word_;
    else if (x == '{')
      outer_.push_back(last_word_);
    else if (x == '}' && in_object())
      outer_.pop_back();
    if (x != ' ' && x != '\t' && x != '\r')
      at_line_begin_ = x == '\n' || x == comment;
  }

  std::string_view take_word() {
    const auto end = std::find_if_not(text_.begin(), text_.end(), is_word);
    const auto result = text_.substr(0, static_cast<size_t>(end - text_.begin()));
    text_.remove_prefix(result.size());
    at_line_begin_ = false;
    return result;
  }

  /// "[a.b]", which holds for the lines below it.
  void take_section() {
    const auto end = std::min(text_.find_first_of("]\n"), text_.size());
    outer_.assign(1, text_.substr(0, end));
    sections_ = 1;
    skip_to(']');
  }

  bool in_object() const noexcept {
    return outer_.size() > sections_;
  }

  void skip_to(char x) {
    text_.remove_prefix(std::min(text_.find(x), text_.size() - 1) + 1);
  }

  void skip_text(char quote) {
    while (!text_.empty() && text_.front() != quote && text_.front() != '\n')
      text_.remove_prefix(std::min<size_t>(text_.front() == '\\' ? 2 : 1, text_.size()));
    text_.remove_prefix(text_.empty() ? 0 : 1);
  }

  std::string name() const {
    std::string result;
    for (const auto x : outer_)
      (result += x) += '.';
    return result.append(key_);
  }

  std::string_view text_; // the rest
  std::string_view last_word_;
  std::string_view key_;
  std::vector<std::string_view> outer_; // the section, if there is one, and then the objects around this place
  size_t sections_ = 0;                 // how many of those are sections: one at most
  bool at_line_begin_ = true;
};

} // namespace

std::optional<long double> duration_in(std::string_view text) {
  static constexpr std::pair<std::string_view, long double> units[]
    = {{"ns", 1}, {"us", 1e3L}, {"ms", 1e6L}, {"s", 1e9L}, {"min", 60e9L}, {"h", 3600e9L}};
  const size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const auto digits = std::min(text.find_first_not_of("0123456789", sign), text.size());
  for (const auto& [unit, size] : units)
    if (digits > sign && text.substr(digits) == unit)
      return size * std::strtold(std::string{text.substr(0, digits)}.c_str(), nullptr);
  return std::nullopt;
}

bool is_too_long(std::string_view value) {
  const auto duration = duration_in(value);
  return duration && std::abs(*duration) > INT64_MAX;
}

std::optional<long_duration> find_long_duration(std::string_view configuration) {
  return scanner{configuration}.find();
}

std::optional<std::string> find_open_object(std::string_view configuration) {
  scanner x{configuration};
  while (x.find()) {}
  return x.open_object();
}

} // namespace tandem::compat
