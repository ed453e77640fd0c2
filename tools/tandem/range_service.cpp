#include "service_input.hpp"
#include "services.hpp"

#include <charconv>
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

/// Sends the numbers no faster than the link takes them: what is not queued need not be worked off before a
/// cancellation takes effect, and cannot fill the memory.
void send_range(const bounds& x, transit& results, const operation_context& operation, output_consumer output) {
  uint64_t given = 0;
  if (results.wants_results(operation.id())) {
    for (int64_t number = x.from; number <= x.to; ++number) {
      if (!operation.is_active() || !results.await_room(operation.id(), given))
        return;
      output.consume(make_payload(std::to_string(number)));
      ++given;
      if (number == x.to)
        break; // the largest number has no successor
    }
  }
  output.terminate();
}

} // namespace

method_table::method make_range_service(std::shared_ptr<transit> results) {
  return [results](const operation_context& operation, const output_consumer& output) {
    results->watch(operation);
    const std::string usage = "range takes one payload, \"N\" or \"FROM TO\" (whole numbers; N from 0, FROM not above "
                              "TO)";
    return take_one_text(usage, [=](const std::string& text) {
      const auto parsed = parse_bounds(text);
      if (!parsed)
        throw std::runtime_error{usage + ", got \"" + text + "\""};
      send_range(*parsed, *results, operation, output);
    });
  };
}

} // namespace tandem::cli
