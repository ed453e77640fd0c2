#include "service_input.hpp"
#include "services.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace tandem::cli {

namespace {

struct bounds {
  int64_t from = 1;
  int64_t to = 0;
};

std::optional<int64_t> parse_number(std::string_view text) {
  int64_t result = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, result);
  if (text.empty() || error != std::errc{} || rest != end)
    return std::nullopt;
  return result;
}

std::optional<bounds> parse_bounds(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) {
    const auto count = parse_number(text);
    return count && *count >= 0 ? std::optional{bounds{1, *count}} : std::nullopt;
  }
  const auto from = parse_number(text.substr(0, space));
  const auto to = parse_number(text.substr(space + 1));
  return from && to && *from <= *to ? std::optional{bounds{*from, *to}} : std::nullopt;
}

/// The numbers that have not been sent.
struct rest {
  int64_t next;
  int64_t to;
  bool done = false; ///< the largest number has no successor
};

/// Sends as long as the front takes more, and goes on when it does again: no thread waits for that.
void send_range(const std::shared_ptr<rest>& x, const output_consumer& output) {
  while (!x->done && output.ready()) {
    output.consume(make_payload(std::to_string(x->next)));
    x->done = x->next == x->to;
    x->next += !x->done;
  }
  if (x->done)
    output.terminate();
  else
    output.when_ready([x, output] { send_range(x, output); });
}

} // namespace

method_table::method make_range_service() {
  return [](const operation_context& operation, const output_consumer& output) {
    const std::string usage = "range takes one payload, \"N\" or \"FROM TO\" (whole numbers; N from 0, FROM not above "
                              "TO)";
    return take_one_text(usage, [=](const std::string& text) {
      const auto parsed = parse_bounds(text);
      if (!parsed)
        throw std::runtime_error{usage + ", got \"" + text + "\""};
      const bool is_empty = parsed->from > parsed->to || operation.subscription() != subscription_kind::full;
      send_range(std::make_shared<rest>(rest{parsed->from, parsed->to, is_empty}), output);
    });
  };
}

} // namespace tandem::cli
