#include "greeting.hpp"

#include <nlohmann/json.hpp>

namespace tandem {

namespace {

using json = nlohmann::json;

/// Takes a member if it is there; throws if it is of another type.
template <class T>
void take(const json& from, const char* name, T& to) {
  if (auto member = from.find(name); member != from.end())
    member->get_to(to);
}

} // namespace

std::string to_text(const greeting& x) {
  return json{{"node", x.node},
              {"link", x.link},
              {"session", x.session},
              {"resume", x.resume},
              {"received", x.received},
              {"window_ns", x.window.count()},
              {"operations", x.operations}}
    .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<greeting> parse_greeting(const std::string& text, std::string& error) {
  greeting result;
  if (text.empty())
    return result;
  try {
    const auto object = json::parse(text);
    if (!object.is_object()) {
      error = "the greeting is not a JSON object";
      return std::nullopt;
    }
    int64_t window = 0;
    take(object, "node", result.node);
    take(object, "link", result.link);
    take(object, "session", result.session);
    take(object, "resume", result.resume);
    take(object, "received", result.received);
    take(object, "window_ns", window);
    take(object, "operations", result.operations);
    result.window = duration{window};
    return result;
  } catch (const json::exception& e) {
    error = std::string{"the greeting cannot be read: "} + e.what();
    return std::nullopt;
  }
}

} // namespace tandem
