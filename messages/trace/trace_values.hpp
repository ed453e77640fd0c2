/// How the values in a line of a trace are read. Internal to the parser.
#pragma once

#include "../json/text.hpp"
#include "../json/ticket_json.hpp"

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
  simdjson::ondemand::document* document = nullptr; ///< the line that is being read

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

  /// The JSON of any value; good as long as the line is. simdjson looks no further into a value than one asks, so
  /// every part of it is asked for.
  bool read_raw(simdjson::ondemand::value& value, std::string_view& out) {
    simdjson::ondemand::json_type type;
    const char* begin = value.raw_json_token().data();
    if (value.type().get(type) != simdjson::SUCCESS)
      return fail("not JSON");
    if (type == simdjson::ondemand::json_type::array)
      return read_raw<simdjson::ondemand::array>(value, begin, out) || fail("not JSON");
    if (type == simdjson::ondemand::json_type::object)
      return read_raw<simdjson::ondemand::object>(value, begin, out) || fail("not JSON");
    const bool is_good
      = simdjson::to_json_string(value).get(out) == simdjson::SUCCESS && look_at(value, 0) == look::good;
    return is_good || fail("not JSON");
  }

  /// A value that is not needed; it must be JSON all the same.
  bool skip(simdjson::ondemand::value& value) {
    std::string_view unused;
    return read_raw(value, unused);
  }

  bool read_integer(std::string_view name, simdjson::ondemand::value& value, uint64_t& out) {
    return value.get_uint64().get(out) == simdjson::SUCCESS
           || expected(name, "an integer from 0 to 18446744073709551615", value);
  }

  /// Of tickets, which may break the field rules: a negative number becomes one above 2^63-1, as it would on the wire.
  bool read_any_integer(std::string_view name, simdjson::ondemand::value& value, uint64_t& out) {
    int64_t negative = 0;
    if (value.get_uint64().get(out) == simdjson::SUCCESS)
      return true;
    if (value.get_int64().get(negative) != simdjson::SUCCESS)
      return expected(name, "an integer of at least 0", value);
    out = static_cast<uint64_t>(negative);
    return true;
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
  enum class look { good, wrong, too_deep };

  template <class Container>
  bool read_raw(simdjson::ondemand::value& value, const char* begin, std::string_view& out) {
    Container container;
    if (value.get<Container>().get(container) != simdjson::SUCCESS)
      return false;
    const auto result = look_into(container, 0);
    if (result == look::too_deep) // from the beginning, so that the iteration goes on behind it
      return container.reset().error() == simdjson::SUCCESS && container.raw_json().get(out) == simdjson::SUCCESS
             && nlohmann::json::accept(out);
    const char* next = nullptr; // what follows in the line
    if (result == look::wrong || document->current_location().get(next) != simdjson::SUCCESS)
      return false;
    out = {begin, static_cast<size_t>(next - begin)};
    out.remove_suffix(out.size() - 1 - out.find_last_not_of(" \t\r\n"));
    return true;
  }

  static look look_into(simdjson::ondemand::array& list, int depth) {
    for (auto element : list) {
      simdjson::ondemand::value value;
      if (element.get(value) != simdjson::SUCCESS)
        return look::wrong;
      if (const auto result = look_at(value, depth); result != look::good)
        return result;
    }
    return look::good;
  }

  static look look_into(simdjson::ondemand::object& object, int depth) {
    for (auto field : object) {
      std::string_view name;
      simdjson::ondemand::value value;
      if (field.unescaped_key().get(name) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS)
        return look::wrong;
      if (const auto result = look_at(value, depth); result != look::good)
        return result;
    }
    return look::good;
  }

  static look look_at(simdjson::ondemand::value& value, int depth) {
    simdjson::ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS)
      return look::wrong;
    switch (type) {
      case simdjson::ondemand::json_type::array:
        return look_within<simdjson::ondemand::array>(value, depth);
      case simdjson::ondemand::json_type::object:
        return look_within<simdjson::ondemand::object>(value, depth);
      case simdjson::ondemand::json_type::string:
        return judge(value.get_string().error());
      case simdjson::ondemand::json_type::number:
        return judge(value.get_double().error());
      case simdjson::ondemand::json_type::boolean:
        return judge(value.get_bool().error());
      default: {
        bool is_null = false;
        return value.is_null().get(is_null) == simdjson::SUCCESS && is_null ? look::good : look::wrong;
      }
    }
  }

  template <class Container>
  static look look_within(simdjson::ondemand::value& value, int depth) {
    Container container;
    if (value.get<Container>().get(container) != simdjson::SUCCESS)
      return look::wrong;
    return depth == deepest ? look::too_deep : look_into(container, depth + 1);
  }

  static look judge(simdjson::error_code error) noexcept {
    return error == simdjson::SUCCESS ? look::good : look::wrong;
  }

  /// Deeper values are left to nlohmann, which does not recurse.
  static constexpr int deepest = 64;
  static constexpr size_t longest_excerpt = 60;
};

} // namespace tandem
