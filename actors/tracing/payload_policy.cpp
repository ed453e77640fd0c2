#include "payload_policy.hpp"
#include "../../messages/hex.hpp"
#include "../../messages/json/json_stream.hpp"
#include "../../messages/json/payload_json.hpp"
#include "../../messages/json/text.hpp"
#include "../../messages/operation_id.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace tandem {

namespace {

/// The name of its type, or of its types, as payload_json.hpp has them.
std::string type_names(const payload& content) {
  if (payload_as<std::string>(content) != nullptr)
    return "string";
  const auto json = payload_to_json(content);
  if (json.is_string())
    return "string";
  std::string result;
  if (json.contains("type"))
    return json["type"].get<std::string>();
  for (const auto& type : json.value("types", nlohmann::json::array()))
    result += (result.empty() ? "" : ", ") + type.get<std::string>();
  return result;
}

/// One for all recordings of this process, so that ends that share a file have equal hashes for equal payloads.
const std::string& key_of_process() {
  static const std::string result = [] {
    std::string key;
    for (int i = 0; i < 4; ++i)
      hex::append(key, random_bits(), 16);
    return key;
  }();
  return result;
}

} // namespace

payload_policy::payload_policy(const recording_options& options)
  : profile_(options.profile), redact_(options.redact), key_(options.key.empty() ? key_of_process() : options.key) {
}

trace_payload payload_policy::write(const payload& content, uint64_t size, uint64_t most) const {
  if (redact_) {
    std::optional<payload> instead;
    try {
      instead = redact_(content);
    } catch (...) {
      return stand_in(content, size, "redacted"); // the function may have wanted to hide it
    }
    if (instead && instead->empty())
      return stand_in(content, size, "redacted");
    if (instead) {
      auto result = limited(*instead, wire_size(*instead), most);
      result.missing = "redacted";
      return result;
    }
  }
  if (profile_ == recording_profile::production) {
    auto result = stand_in(content, size, "redacted");
    result.hash = hash_of(content);
    return result;
  }
  return limited(content, size, most);
}

trace_payload payload_policy::limited(const payload& content, uint64_t size, uint64_t most) const {
  if (size <= most)
    return to_trace_payload(content);
  auto result = stand_in(content, size, "capture");
  if (auto* text = payload_as<std::string>(content); text != nullptr && is_utf8(*text))
    result.start = beginning_of(*text, most);
  return result;
}

trace_payload payload_policy::stand_in(const payload& content, uint64_t size, const char* why) const {
  trace_payload result;
  result.json = R"({"type":)";
  append_json_text(result.json, type_names(content));
  result.json += R"(,"size":)" + std::to_string(size) + "}";
  result.missing = why;
  return result;
}

/// HMAC-SHA256 of the payload's JSON, cut to a length that is enough to tell payloads apart.
std::string payload_policy::hash_of([[maybe_unused]] const payload& content) const {
  std::string result;
  const auto text = to_trace_payload(content);
  if (!text.missing.empty())
    return result; // its value is not known
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(text.json.data()), text.json.size(), bytes.data(), &size)
      != nullptr)
    for (size_t i = 0; i < 8; ++i)
      hex::append(result, bytes[i], 2);
  return result;
}

} // namespace tandem
