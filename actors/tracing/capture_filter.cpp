#include "capture_filter.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

// Wildcards in a pattern; no byte of UTF-8 text has these values, so that quoted stars remain stars.
constexpr char any_text = '\xff';
constexpr char any_byte = '\xfe';

/// Goes through the text of a filter.
class filter_scanner {
public:
  explicit filter_scanner(std::string_view text) : text_(text) {
  }

  bool at_end() const noexcept {
    return at_ == text_.size();
  }

  bool skip(char c) noexcept {
    if (at_end() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  void skip_spaces() noexcept {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n'))
      ++at_;
  }

  [[noreturn]] void fail(const std::string& wanted) const {
    const auto rest = text_.substr(at_, 20);
    throw std::invalid_argument{"capture filter: expected " + wanted + " at character " + std::to_string(at_ + 1)
                                + (rest.empty() ? ", where it ends" : ", got \"" + std::string{rest} + "\"")};
  }

  /// The name, with wildcards marked.
  std::string pattern() {
    std::string result = skip('"') ? quoted() : plain();
    if (result.empty())
      fail("the name of an operation, such as echo or db.*");
    return result;
  }

  uint64_t number() {
    uint64_t result = 0;
    const auto* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), result);
    if (error != std::errc{})
      fail("a number of bytes");
    at_ += static_cast<size_t>(end - begin);
    return result;
  }

private:
  std::string quoted() {
    std::string result;
    while (!at_end() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size())
        ++at_;
      result += text_[at_++];
    }
    if (!skip('"'))
      fail("a closing \"");
    return result;
  }

  std::string plain() {
    const auto begin = at_;
    at_ = std::min(text_.find_first_of(",{}\"", at_), text_.size());
    auto word = text_.substr(begin, at_ - begin);
    word = word.substr(0, word.find_last_not_of(" \t\n") + 1);
    std::string result;
    for (char c : word)
      result += c == '*' ? any_text : c == '?' ? any_byte : c;
    return result;
  }

  std::string_view text_;
  size_t at_ = 0;
};

bool matches(std::string_view pattern, std::string_view name) noexcept {
  // Where to go on after the last any_text if what follows it does not fit: one byte later in the name.
  size_t p = 0;
  size_t n = 0;
  size_t retry_p = std::string_view::npos;
  size_t retry_n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == any_text) {
      retry_p = ++p;
      retry_n = n;
    } else if (p < pattern.size() && (pattern[p] == any_byte || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (retry_p != std::string_view::npos) {
      p = retry_p;
      n = ++retry_n;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of(any_text, p) == std::string_view::npos;
}

size_t exactness_of(std::string_view pattern) noexcept {
  size_t result = 0;
  for (char c : pattern)
    result += c != any_text && c != any_byte;
  return result;
}

} // namespace

capture_filter::capture_filter(std::string_view text) {
  filter_scanner in{text};
  in.skip_spaces();
  while (!in.at_end()) {
    item x;
    x.excludes = in.skip('-');
    in.skip_spaces();
    x.pattern = in.pattern();
    x.exactness = exactness_of(x.pattern);
    in.skip_spaces();
    if (in.skip('{')) {
      if (x.excludes)
        in.fail("a comma, since what is left out has no payloads,");
      if (!in.skip('p') || !in.skip(':'))
        in.fail("p:N, the most bytes of a payload,");
      x.bytes = in.number();
      if (!in.skip('}'))
        in.fail("}");
      in.skip_spaces();
    }
    has_inclusions_ = has_inclusions_ || !x.excludes;
    items_.push_back(std::move(x));
    if (in.at_end())
      break;
    if (!in.skip(','))
      in.fail("a comma");
    in.skip_spaces();
    if (in.at_end())
      in.fail("a further item");
  }
}

std::optional<uint64_t> capture_filter::payload_bytes(std::string_view name) const {
  const item* best = nullptr;
  for (const auto& x : items_)
    if ((best == nullptr || x.exactness >= best->exactness) && matches(x.pattern, name))
      best = &x;
  if (best == nullptr)
    return has_inclusions_ ? std::nullopt : std::optional{whole};
  return best->excludes ? std::nullopt : std::optional{best->bytes};
}

} // namespace tandem
