#include "greeting.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace tandem {

namespace {

using json = nlohmann::json;

/// So that a greeting fits into its handshake, whatever the text has in it (a control character becomes six).
constexpr size_t longest_text = 300;

void put(json& to, const char* name, const std::string& x) {
  if (!x.empty())
    to[name] = x.substr(0, longest_text);
}

/// Takes a member if it is there; throws if it is of another type.
template <class T>
void take(const json& from, const char* name, T& to) {
  if (auto member = from.find(name); member != from.end())
    member->get_to(to);
}

void take(const json& from, const char* name, uint64_t& to) {
  const auto member = from.find(name);
  if (member == from.end())
    return;
  if (!member->is_number_unsigned())
    throw std::out_of_range{std::string{name} + " is no whole number from 0 to 2^64-1"};
  to = member->get<uint64_t>();
}

} // namespace

std::string to_text(const greeting& x) {
  json result{{"received", x.received}, {"operations", x.operations}, {"features", x.features}};
  if (x.room != 0)
    result["room"] = x.room;
  put(result, "node", x.node);
  put(result, "session", x.session);
  put(result, "secret", x.secret);
  put(result, "refused", x.refused);
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<greeting> parse_greeting(const std::string& text, std::string& error) {
  try {
    const auto object = json::parse(text);
    if (!object.is_object()) {
      error = "its greeting is not a JSON object";
      return std::nullopt;
    }
    greeting result;
    take(object, "node", result.node);
    take(object, "session", result.session);
    take(object, "secret", result.secret);
    take(object, "received", result.received);
    take(object, "room", result.room);
    take(object, "operations", result.operations);
    take(object, "refused", result.refused);
    take(object, "features", result.features);
    return result;
  } catch (const std::exception& e) {
    error = std::string{"its greeting cannot be read: "} + e.what();
    return std::nullopt;
  }
}

} // namespace tandem
