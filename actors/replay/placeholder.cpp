#include "placeholder.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace tandem {

std::optional<payload> placeholder_of(const trace_entry& entry) {
  if (!entry.payload || entry.payload->missing != "redacted" || entry.payload_size > largest_placeholder)
    return std::nullopt;
  const auto json = nlohmann::json::parse(entry.payload->json, nullptr, false);
  const bool was_text
    = json.is_string() || (json.is_object() && json.contains("size") && json.value("type", std::string{}) == "string");
  if (!was_text)
    return std::nullopt;
  return make_payload(std::string(entry.payload_size, 'x'));
}

} // namespace tandem
