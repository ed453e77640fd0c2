/// How the values in a line of a trace are read. Internal to the parser.
#pragma once

#include "../json/text.hpp"
#include "../json/ticket_json.hpp"
#include "json_grammar.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tandem {

/// Every function reads one value into `out`, or returns false and says in `error` what is wrong.
struct trace_values {
  std::string& error;

  bool fail(std::string text) {
    error = std::move(text);
    return false;
  }

  bool expected(std::string_view name, std::string_view wanted, simdjson::ondemand::value& value) {
    std::string_view got;
    if (simdjson::to_json_string(value).get(got) != simdjson::SUCCESS)
      return fail("not JSON");
    const auto shown = beginning_of(got, longest_excerpt);
    return fail(std::string{name} + ": expected " + std::string{wanted} + ", got " + std::string{shown}
                + (shown.size() < got.size() ? "..." : ""));
  }

  /// The JSON of a value, whatever it is; good as long as the line is.
  bool read_raw(simdjson::ondemand::value& value, std::string_view& out) {
    simdjson::ondemand::raw_json_string passed;
    // A string that is not taken would be skipped as the name of what stands behind it, if a colon follows.
    const bool good = simdjson::to_json_string(value).get(out) == simdjson::SUCCESS && is_json_value(out)
                      && (out.front() != '"' || value.get_raw_json_string().get(passed) == simdjson::SUCCESS);
    return good || fail("not JSON");
  }

  /// A value that nobody wants, which has to be JSON all the same.
  bool skip(simdjson::ondemand::value& value) {
    std::string_view unused;
    return read_raw(value, unused);
  }

  bool read_integer(std::string_view name, simdjson::ondemand::value& value, uint64_t& out) {
    return value.get_uint64().get(out) == simdjson::SUCCESS
           || expected(name, "an integer from 0 to 18446744073709551615", value);
  }

  bool read_integer(std::string_view name, simdjson::ondemand::value& value, int64_t& out) {
    return value.get_int64().get(out) == simdjson::SUCCESS || expected(name, "an integer of 64 bits", value);
  }

  /// A string, or an object {"base64": ...}.
  bool read_text(std::string_view name, simdjson::ondemand::value& value, std::string& out) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) {
      out.assign(text);
      return true;
    }
    std::string_view raw;
    if (simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS)
      return fail("not JSON");
    json_reading reading;
    const auto json = nlohmann::json::parse(raw, nullptr, false);
    if (json.is_discarded())
      return fail("not JSON");
    if (text_from_json(json, out, reading))
      return true;
    reading.in_field(name);
    return fail(reading.text());
  }

  template <class T, class Parse>
  bool read_word(std::string_view name, simdjson::ondemand::value& value, T& out, Parse parse,
                 std::string_view wanted) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS)
      if (auto parsed = parse(text)) {
        out = *parsed;
        return true;
      }
    return expected(name, wanted, value);
  }

  /// A word, or the number of a value that has none.
  template <class T, class Parse>
  bool read_word_or_number(std::string_view name, simdjson::ondemand::value& value, T& out, Parse parse,
                           std::string_view wanted) {
    uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS && number <= UINT8_MAX) {
      out = static_cast<std::decay_t<T>>(number);
      return true;
    }
    return read_word(name, value, out, parse, wanted);
  }

  bool read_seconds(std::string_view name, simdjson::ondemand::value& value, std::optional<duration>& out) {
    constexpr int64_t most_seconds = INT64_MAX / 1'000'000'000;
    int64_t whole = 0;
    if (value.get_int64().get(whole) == simdjson::SUCCESS && whole <= most_seconds && whole >= -most_seconds) {
      out = std::chrono::seconds{whole};
      return true;
    }
    std::string_view raw;
    if (simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS)
      return fail("not JSON");
    const auto json = nlohmann::json::parse(raw, nullptr, false);
    if (json.is_discarded())
      return fail("not JSON");
    std::string problem;
    out = timeout_from_json(json, problem);
    return out || fail(std::string{name} + ": " + problem);
  }

  bool read_id(std::string_view name, simdjson::ondemand::value& value, operation_id& out) {
    return read_word(name, value, out, parse_operation_id, "32 hexadecimal digits");
  }

private:
  static constexpr size_t longest_excerpt = 60;
};

} // namespace tandem
