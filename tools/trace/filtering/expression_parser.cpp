/// Reads expressions: tokens, then recursive descent.
#include "expression.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace tandem::cli {

namespace {

struct token {
  enum class type : uint8_t { word, quoted, op, open, close, end } what;
  std::string text;
  size_t position;
};

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// A character that no unquoted word has.
constexpr bool ends_word(char c) {
  return is_space(c) || std::string_view{"()=!<>~\"'&|"}.find(c) != std::string_view::npos;
}

/// For the line under which the mark stands.
std::string without_controls(std::string_view text) {
  std::string result{text};
  std::replace_if(
    result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return result;
}

constexpr std::array<std::pair<std::string_view, comparison_operator>, 9> operators{{
  {"=", comparison_operator::equal},
  {"==", comparison_operator::equal},
  {"!=", comparison_operator::unequal},
  {"<", comparison_operator::less},
  {"<=", comparison_operator::at_most},
  {">", comparison_operator::more},
  {">=", comparison_operator::at_least},
  {"~", comparison_operator::matches},
  {"!~", comparison_operator::differs},
}};

std::string field_names() {
  std::string result;
  for (const auto& x : all_fields())
    result += (result.empty() ? "" : ", ") + std::string{x.name};
  return result;
}

/// True if `word` is in a list "a, b, c".
bool is_listed(std::string_view list, std::string_view word) {
  for (size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(", ", begin), list.size());
    if (list.substr(begin, end - begin) == word)
      return true;
    begin = end + 2;
  }
  return false;
}

} // namespace

expression_error::expression_error(std::string_view expression, size_t position, const std::string& why)
  : std::runtime_error(why + "\n  " + without_controls(expression) + "\n  "
                       + std::string(width_of(expression.substr(0, position)), ' ') + "^"),
    position(position) {
}

class expression_parser {
public:
  expression_parser(std::string_view text, expression& out) : text_(text), out_(out) {
    advance();
  }

  void parse() {
    if (token_.what == token::type::end)
      fail("an expression is missing, such as: outcome != completed");
    either(0);
    if (token_.what == token::type::close)
      fail("the \"(\" for this is missing");
    if (token_.what != token::type::end)
      fail("expected and, or, or the end; a value with spaces must be quoted");
  }

private:
  using node = expression::node;
  /// More is nobody's intention, and would use up the stack.
  static constexpr size_t deepest = 200;

  [[noreturn]] void fail(const std::string& why) const {
    fail_at(token_.position, why);
  }
  [[noreturn]] void fail_at(size_t position, const std::string& why) const {
    throw expression_error{text_, position, why};
  }

  void advance() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
    token_ = {token::type::end, "", at_};
    if (at_ == text_.size())
      return;
    const char c = text_[at_];
    if (c == '(' || c == ')') {
      token_.what = c == '(' ? token::type::open : token::type::close;
      ++at_;
    } else if (c == '"' || c == '\'') {
      take_quoted(c);
    } else if (c == '&' || c == '|') {
      fail(c == '&' ? "expected \"and\" here" : "expected \"or\" here");
    } else if (ends_word(c)) {
      take_operator();
    } else {
      token_.what = token::type::word;
      while (at_ < text_.size() && !ends_word(text_[at_]))
        token_.text += text_[at_++];
    }
  }

  /// A backslash stands for the quote or backslash behind it, and for itself before anything else: so a regular
  /// expression is written as it is.
  void take_quoted(char quote) {
    token_.what = token::type::quoted;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == quote)
        ++at_;
      else if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\\')
        token_.text += text_[at_++]; // both, so that it does not escape the quote behind it
      token_.text += text_[at_];
    }
    if (at_ == text_.size())
      fail(std::string{"the closing "} + quote + " of this is missing");
    ++at_;
  }

  void take_operator() {
    token_.what = token::type::op;
    token_.text = text_[at_++];
    if (at_ < text_.size() && is_operator(token_.text + text_[at_]))
      token_.text += text_[at_++];
    if (!is_operator(token_.text))
      fail("expected not, or an operator: = != < <= > >= ~ !~");
  }

  static bool is_operator(const std::string& text) {
    return std::any_of(operators.begin(), operators.end(), [&text](const auto& x) { return x.first == text; });
  }

  bool take_word(std::string_view word) {
    if (token_.what != token::type::word || token_.text != word)
      return false;
    advance();
    return true;
  }

  size_t add(node x) {
    out_.nodes_.push_back(x);
    return out_.nodes_.size() - 1;
  }

  size_t either(size_t depth) {
    auto result = both(depth);
    while (take_word("or")) {
      const auto second = both(depth);
      result = add({node::type::either, result, second});
    }
    return result;
  }

  size_t both(size_t depth) {
    auto result = term(depth);
    while (take_word("and")) {
      const auto second = term(depth);
      result = add({node::type::both, result, second});
    }
    return result;
  }

  size_t term(size_t depth) {
    if (depth > deepest)
      fail("too many parentheses and nots within each other");
    if (take_word("not")) {
      const auto inner = term(depth + 1);
      return add({node::type::negation, inner, 0});
    }
    if (token_.what != token::type::open)
      return comparison_leaf();
    const auto opened = token_.position;
    advance();
    const auto result = either(depth + 1);
    if (token_.what == token::type::end)
      fail_at(opened, "the \")\" for this is missing");
    if (token_.what != token::type::close)
      fail("expected and, or, or \")\"; a value with spaces must be quoted");
    advance();
    return result;
  }

  size_t comparison_leaf() {
    comparison x;
    if (token_.what != token::type::word)
      fail("expected a comparison such as name = echo");
    x.what = find_field(token_.text);
    if (x.what == nullptr)
      fail("there is no field \"" + printable(token_.text) + "\"; the fields are " + field_names());
    const std::string name{x.what->name};
    advance();
    if (token_.what != token::type::op)
      fail("expected an operator behind " + name + ": = != < <= > >= ~ !~");
    for (const auto& [text, op] : operators)
      if (text == token_.text)
        x.op = op;
    check_operator(x);
    advance();
    if (token_.what != token::type::word && token_.what != token::type::quoted)
      fail("expected a value to compare " + name + " with");
    set_value(x);
    advance();
    out_.asks_for_operations_ = out_.asks_for_operations_ || x.what->asks_for_operations();
    out_.asks_for_records_ = out_.asks_for_records_ || x.what->asks_for_records();
    if (out_.comparisons_.size() == expression::most_comparisons)
      fail("more than " + std::to_string(expression::most_comparisons) + " comparisons");
    out_.comparisons_.push_back(std::move(x));
    return add({node::type::leaf, out_.comparisons_.size() - 1, 0});
  }

  void check_operator(const comparison& x) const {
    const bool is_number = x.what->type == field_type::count || x.what->type == field_type::time;
    const bool is_order = x.op >= comparison_operator::less && x.op <= comparison_operator::at_least;
    const std::string name{x.what->name};
    if (is_number && x.op >= comparison_operator::matches)
      fail(name + " is a number, which takes = != < <= > >=");
    if (!is_number && is_order)
      fail(name + " is a text, which takes = != ~ !~");
  }

  void set_value(comparison& x) const {
    const std::string name{x.what->name};
    if (x.op == comparison_operator::matches || x.op == comparison_operator::differs) {
      re2::RE2::Options options;
      options.set_log_errors(false);
      x.pattern = std::make_unique<re2::RE2>(token_.text, options);
      if (!x.pattern->ok())
        fail("not a regular expression: " + printable(x.pattern->error()));
      return;
    }
    auto number = [&](std::optional<int64_t> parsed, const std::string& wanted) {
      if (!parsed)
        fail(name + " is compared with " + wanted + ", not with \"" + printable(token_.text) + "\"");
      x.number = *parsed;
    };
    switch (x.what->type) {
      case field_type::count:
        return number(parse_count_value(token_.text), "a number such as 12, 64KiB or 1MB");
      case field_type::time:
        return number(parse_time_value(token_.text), "a time such as 50ms (ns, us, ms, s, m, h)");
      case field_type::id:
        if (auto id = parse_id_pattern(token_.text)) {
          x.id = *id;
          return;
        }
        fail(name + ": expected " + std::string{id_pattern_wanted});
      case field_type::word:
        x.text = token_.text;
        std::replace(x.text.begin(), x.text.end(), '_', ' ');
        if (!is_listed(x.what->words, x.text))
          fail(name + " is one of: " + std::string{x.what->words} + "; a value with a space must be quoted");
        return;
      case field_type::text:
        x.text = token_.text;
    }
  }

  std::string_view text_;
  expression& out_;
  size_t at_ = 0;
  token token_{token::type::end, "", 0};
};

expression::expression(std::string_view text) {
  expression_parser{text, *this}.parse();
}

} // namespace tandem::cli
