/// Options in CAF's configuration, each named once: one function lists them with the members that they set, and serves
/// both to make them known to CAF and to read them.
///
///     template <class Visitor>
///     void visit(Visitor& v, my_options& x) {
///       v("tandem.my.size", x.size, "how large it is");
///     }
///     option_adder adder{set};  visit(adder, options);     // known to CAF
///     option_reader reader{config};  visit(reader, options);   // read
#pragma once

#include <caf/actor_system_config.hpp>
#include <caf/config_option_adder.hpp>
#include <caf/settings.hpp>
#include <caf/timespan.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::compat {

/// The value that the configuration has under a key with dots; null if there is none. CAF 0.17 itself finds only values
/// of a known type.
const caf::config_value* find_option(const caf::settings& in, const std::string& key);

/// The text of a value that is a text, or one of CAF 0.17's atoms.
std::optional<std::string> word_in(const caf::config_value& value);

/// Where CAF's parser stopped in a configuration that is not in its format, counted from 1; empty if the error is
/// another, or says so in words.
struct place_in_text {
  int64_t line;
  int64_t column;
};
std::optional<place_in_text> place_of(const caf::error& x);

/// Puts a value into the configuration under a key that is no option's, for code of ours to find: set() takes options
/// only.
template <class T>
void put_setting(caf::actor_system_config& config, const std::string& key, T value) {
  caf::put(const_cast<caf::settings&>(content(config)), key, std::move(value)); // NOLINT: CAF gives no other way
}

/// The names of everything that the configuration has in a category.
std::vector<std::string> configured_names(const caf::actor_system_config& config, const std::string& category);

template <class T>
inline constexpr bool is_count = std::is_integral_v<T> && !std::is_same_v<T, bool>;

/// Makes options known to CAF.
class option_adder {
public:
  explicit option_adder(caf::config_option_set& to) : to_(to) {
  }

  /// `text` is for --help. A member's type says what the option's value is: a count, a duration, a text, ...
  template <class T>
  bool operator()(const std::string& key, const T&, const char* text) {
    using value = std::conditional_t<is_count<T>, uint64_t, T>;
    const auto dot = key.rfind('.');
    to_.add<value>(key.substr(0, dot), key.substr(dot + 1), std::string{text}); // copied by CAF
    return true;
  }

private:
  caf::config_option_set& to_;
};

/// Reads options; a member whose option is not there stays as it is.
class option_reader {
public:
  explicit option_reader(const caf::actor_system_config& from) : from_(content(from)) {
  }

  /// True if the option is there. Throws std::invalid_argument naming an option whose value is of another kind.
  template <class T>
  bool operator()(const std::string& key, T& to, const char* = "") {
    const auto* found = find_option(from_, key);
    if (found == nullptr)
      return false;
    using stored = std::conditional_t<is_count<T>, int64_t, T>;
    const auto* value = caf::get_if<stored>(found);
    if constexpr (is_count<T>) {
      // CAF has no larger numbers, and makes negative ones of those that are given.
      constexpr auto most = std::min<uint64_t>(std::numeric_limits<T>::max(), INT64_MAX);
      if (value == nullptr || *value < 0 || static_cast<uint64_t>(*value) > most)
        throw std::invalid_argument{key + ": expected a whole number from 0 to " + std::to_string(most)
                                    + (value == nullptr || *value < 0 ? "" : ", got " + std::to_string(*value))};
      to = static_cast<T>(*value);
    } else {
      if (value == nullptr)
        throw std::invalid_argument{key + ": expected " + kind_of<T>()};
      to = *value;
    }
    return true;
  }

private:
  template <class T>
  static const char* kind_of() {
    if constexpr (std::is_same_v<T, bool>)
      return "true or false";
    else if constexpr (std::is_same_v<T, double>)
      return "a number";
    else if constexpr (std::is_same_v<T, caf::timespan>)
      return "a duration such as 250ms, 2s or 1min";
    else
      return "a text";
  }

  const caf::settings& from_;
};

} // namespace tandem::compat
