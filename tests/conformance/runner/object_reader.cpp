#include "object_reader.hpp"

#include <cmath>

namespace tandem::conformance {

object_reader::object_reader(const json& in, std::string where) : in_(in), where_(std::move(where)) {
  if (!in_.is_object())
    fail("must be an object, not " + in_.dump());
}

bool object_reader::has(std::string_view key) const {
  return in_.contains(key);
}

const json* object_reader::find(const std::string& key) {
  read_.insert(key);
  auto entry = in_.find(key);
  return entry == in_.end() ? nullptr : &*entry;
}

const json& object_reader::at(const std::string& key) {
  auto* value = find(key);
  if (value == nullptr)
    fail("lacks \"" + key + "\"");
  return *value;
}

std::string object_reader::text(const std::string& key) {
  const auto& value = at(key);
  if (!value.is_string())
    fail(key, "must be a text");
  return value.get<std::string>();
}

std::string object_reader::text(const std::string& key, std::string_view fallback) {
  return has(key) ? text(key) : std::string{fallback};
}

std::optional<std::string> object_reader::optional_text(const std::string& key) {
  auto* value = find(key);
  if (value == nullptr || value->is_null())
    return std::nullopt;
  return text(key);
}

bool object_reader::flag(const std::string& key, bool fallback) {
  auto* value = find(key);
  if (value == nullptr)
    return fallback;
  if (!value->is_boolean())
    fail(key, "must be true or false");
  return value->get<bool>();
}

int64_t object_reader::integer(const std::string& key) {
  const auto& value = at(key);
  if (!value.is_number_integer())
    fail(key, "must be an integer");
  return value.get<int64_t>();
}

uint64_t object_reader::count(const std::string& key) {
  const auto value = integer(key);
  if (value < 0)
    fail(key, "must not be negative");
  return static_cast<uint64_t>(value);
}

duration object_reader::seconds(const std::string& key) {
  const auto& value = at(key);
  if (!value.is_number() || value.get<double>() < 0)
    fail(key, "must be a number of seconds");
  // Rounded, so that 1.2 is 1200 ms and not a nanosecond less.
  return std::chrono::milliseconds(std::llround(value.get<double>() * 1000));
}

std::optional<duration> object_reader::optional_seconds(const std::string& key) {
  return has(key) ? std::optional{seconds(key)} : std::nullopt;
}

std::vector<std::string> object_reader::texts(const std::string& key) {
  std::vector<std::string> result;
  auto* value = find(key);
  if (value == nullptr)
    return result;
  if (!value->is_array())
    fail(key, "must be a list of texts");
  for (const auto& x : *value) {
    if (!x.is_string())
      fail(key, "must be a list of texts");
    result.push_back(x.get<std::string>());
  }
  return result;
}

void object_reader::ignore(const std::string& key) {
  read_.insert(key);
}

void object_reader::done() const {
  for (const auto& [key, value] : in_.items())
    if (!read_.contains(key))
      fail("unknown key \"" + key + "\"");
}

void object_reader::fail(const std::string& key, const std::string& what) const {
  auto entry = in_.find(key);
  fail("\"" + key + "\": " + what + (entry == in_.end() ? "" : ", got " + entry->dump()));
}

void object_reader::fail(const std::string& what) const {
  throw scenario_error{where_.empty() ? what : where_ + ": " + what};
}

} // namespace tandem::conformance
