/// Strict reading of scenario files: what nobody asks for is an error, so that no part of a scenario is skipped over.
#pragma once

#include "../../../messages/ticket.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::conformance {

using json = nlohmann::json;

/// A scenario that cannot be run as it is written.
class scenario_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Reads the members of one JSON object. Everything throws scenario_error, naming the place, if the value is not what
/// it has to be.
class object_reader {
public:
  /// `where` is for messages: "step 3 (consume)". `in` must outlive the reader.
  object_reader(const json& in, std::string where);

  bool has(std::string_view key) const;

  /// The member, which must be there.
  const json& at(const std::string& key);
  /// The member, or null.
  const json* find(const std::string& key);

  std::string text(const std::string& key);
  std::string text(const std::string& key, std::string_view fallback);
  /// No key, or null: nothing.
  std::optional<std::string> optional_text(const std::string& key);
  bool flag(const std::string& key, bool fallback = false);
  uint64_t count(const std::string& key);
  int64_t integer(const std::string& key);
  duration seconds(const std::string& key);
  std::optional<duration> optional_seconds(const std::string& key);
  std::vector<std::string> texts(const std::string& key);

  /// A text that `parse` (text -> std::optional) understands.
  template <class Parse>
  auto parsed(const std::string& key, Parse parse) {
    auto result = parse(text(key));
    if (!result)
      fail(key, "unknown value");
    return *result;
  }

  /// Says that a value is known but of no interest here.
  void ignore(const std::string& key);

  /// Complains about members that were not asked for. To be called at the end.
  void done() const;

  [[noreturn]] void fail(const std::string& key, const std::string& what) const;
  [[noreturn]] void fail(const std::string& what) const;

  const std::string& where() const noexcept {
    return where_;
  }

private:
  const json& in_;
  std::string where_;
  std::set<std::string> read_;
};

} // namespace tandem::conformance
