#include "payload_json.hpp"
#include "../opaque_payload.hpp"
#include "../thrown.hpp"
#include "../type_ids.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace tandem {

namespace {

using json = nlohmann::json;
using detail::json_type;

/// Entries never change, move or go away, so that a pointer to one is good without the lock. The lock is never held
/// while a value is converted: that may come back here for a payload within the payload.
class registry {
public:
  registry();

  void add(const compat::element_type& type, json_type entry) {
    std::unique_lock guard{mutex_};
    auto [i, added] = by_type_.try_emplace(type, std::move(entry));
    if (added)
      by_name_.try_emplace(i->second.name, &i->second);
  }

  const json_type* find(const compat::element_type& type) const {
    std::shared_lock guard{mutex_};
    const auto i = by_type_.find(type);
    return i != by_type_.end() ? &i->second : nullptr;
  }

  const json_type* find(const std::string& name) const {
    std::shared_lock guard{mutex_};
    const auto i = by_name_.find(name);
    return i != by_name_.end() ? i->second : nullptr;
  }

private:
  template <class T>
  void add_built_in(const char* name) {
    add(compat::element_type_of<T>(), detail::make_json_type<T>(name));
  }

  mutable std::shared_mutex mutex_;
  std::unordered_map<compat::element_type, json_type> by_type_;
  std::unordered_map<std::string, const json_type*> by_name_;
};

registry::registry() {
  add_built_in<std::string>("string");
  add_built_in<bool>("bool");
  add_built_in<int8_t>("int8");
  add_built_in<int16_t>("int16");
  add_built_in<int32_t>("int32");
  add_built_in<int64_t>("int64");
  add_built_in<uint8_t>("uint8");
  add_built_in<uint16_t>("uint16");
  add_built_in<uint32_t>("uint32");
  add_built_in<uint64_t>("uint64");
  add_built_in<float>("float");
  add_built_in<double>("double");
  add_built_in<long double>("long double");
  add_built_in<duration>("duration");
  add_built_in<payload>("message");
  compat::for_each_known_container([this]<class T>(std::type_identity<T>, const char* name) { add_built_in<T>(name); });
}

registry& the_registry() {
  static registry instance;
  return instance;
}

/// One element of a payload on its way to JSON.
struct written_element {
  std::string type;
  json value;    ///< if not opaque
  uint64_t size; ///< if opaque
  bool opaque;
};

/// False for a value that has no JSON, and for one whose functions throw: they are the customer's.
bool write_value(const json_type& type, const payload& content, size_t index, json& out) {
  try {
    return type.write && type.write(content, index, out);
  } catch (...) {
    return false;
  }
}

written_element write_element(const payload& content, size_t index) {
  if (content.match_element<opaque_payload>(index)) {
    const auto& known = content.get_as<opaque_payload>(index);
    return {known.type, nullptr, known.size, true};
  }
  const auto type = compat::type_of_element(content, index);
  const auto* entry = the_registry().find(type);
  json value;
  if (entry && write_value(*entry, content, index, value))
    return {entry->name, std::move(value), 0, false};
  return {entry ? entry->name : compat::name_of(type), nullptr, compat::size_of_element(content, index), true};
}

json write_several(const payload& content) {
  json types = json::array();
  json values = json::array();
  json opaque = json::array();
  for (size_t i = 0; i < content.size(); ++i) {
    auto element = write_element(content, i);
    types.push_back(std::move(element.type));
    if (element.opaque) {
      values.push_back(json{{"size", element.size}});
      opaque.push_back(i);
    } else {
      values.push_back(std::move(element.value));
    }
  }
  json result{{"types", std::move(types)}, {"values", std::move(values)}};
  if (!opaque.empty())
    result["opaque"] = std::move(opaque);
  return result;
}

json write(const payload& content) {
  if (content.size() != 1)
    return write_several(content);
  if (content.match_element<std::string>(0) && is_utf8(content.get_as<std::string>(0)))
    return content.get_as<std::string>(0);
  auto element = write_element(content, 0);
  json result{{"type", std::move(element.type)}};
  if (element.opaque)
    result["size"] = element.size;
  else
    result["value"] = std::move(element.value);
  return result;
}

bool read_type(const json& in, std::string& type, json_reading& reading) {
  if (!in.is_string())
    return reading.expected("the name of a type", in);
  type = in.get<std::string>();
  return true;
}

/// `object` has the member "size".
bool read_opaque(const json& object, std::string type, caf::message_builder& out, json_reading& reading) {
  opaque_payload result{std::move(type), 0};
  const auto size = object.find("size");
  if (size == object.end())
    return reading.fail("missing field \"size\"");
  if (!read_json(*size, result.size, reading))
    return reading.in_field("size");
  out.append(std::move(result));
  return true;
}

bool read_value(const json& in, std::string type, caf::message_builder& out, json_reading& reading) {
  const auto* entry = the_registry().find(type);
  if (entry && entry->read) {
    try {
      return entry->read(in, out, reading);
    } catch (...) { // the functions of its type are the customer's
      return reading.fail(thrown_text());
    }
  }
  if (reading.unknown == unknown_types::refuse)
    return reading.fail("the type \"" + type + "\" is not registered for JSON here");
  out.append(opaque_payload{std::move(type), 0});
  return true;
}

bool read_one(const json& in, caf::message_builder& out, json_reading& reading) {
  std::string type;
  if (!read_type(in["type"], type, reading))
    return reading.in_field("type");
  const auto value = in.find("value");
  if (value != in.end())
    return read_value(*value, std::move(type), out, reading) || reading.in_field("value");
  if (in.contains("size"))
    return read_opaque(in, std::move(type), out, reading);
  return reading.fail("missing field \"value\" (or \"size\")");
}

/// The indices of values without JSON.
bool read_indices(const json& in, size_t count, std::vector<size_t>& indices, json_reading& reading) {
  const auto opaque = in.find("opaque");
  if (opaque == in.end())
    return true;
  if (!read_json(*opaque, indices, reading))
    return reading.in_field("opaque");
  if (std::any_of(indices.begin(), indices.end(), [&](size_t i) { return i >= count; })) {
    reading.expected("indices of values", *opaque);
    return reading.in_field("opaque");
  }
  return true;
}

bool read_several(const json& in, caf::message_builder& out, json_reading& reading) {
  const auto values = in.find("values");
  if (values == in.end() || !values->is_array() || !in["types"].is_array() || values->size() != in["types"].size())
    return reading.fail("expected \"types\" and \"values\" to be arrays of the same size");
  std::vector<size_t> opaque;
  if (!read_indices(in, values->size(), opaque, reading))
    return false;
  for (size_t i = 0; i < values->size(); ++i) {
    std::string type;
    const auto& value = (*values)[i];
    if (!read_type(in["types"][i], type, reading)) {
      reading.in_element(i);
      return reading.in_field("types");
    }
    const bool is_opaque = std::find(opaque.begin(), opaque.end(), i) != opaque.end();
    if (is_opaque && !value.is_object())
      reading.expected("an object with the field \"size\"", value);
    else if (is_opaque ? read_opaque(value, std::move(type), out, reading)
                       : read_value(value, std::move(type), out, reading))
      continue;
    reading.in_element(i);
    return reading.in_field("values");
  }
  return true;
}

bool read(const json& in, payload& content, json_reading& reading) {
  caf::message_builder builder;
  if (in.is_string())
    builder.append(in.get<std::string>());
  else if (in.is_object() && in.contains("type")) {
    if (!read_one(in, builder, reading))
      return false;
  } else if (in.is_object() && in.contains("types")) {
    if (!read_several(in, builder, reading))
      return false;
  } else
    return reading.expected("a payload: a string, or an object with \"type\" or \"types\"", in);
  content = builder.move_to_message();
  return true;
}

} // namespace

json payload_to_json(const payload& content) {
  return write(content);
}

std::optional<payload> payload_from_json(const json& in, std::string& error, unknown_types unknown) {
  json_reading reading;
  reading.unknown = unknown;
  payload result;
  if (read(in, result, reading))
    return result;
  error = reading.text();
  return std::nullopt;
}

bool equal(const payload& x, const payload& y) {
  return payload_to_json(x) == payload_to_json(y);
}

namespace detail {

bool write_payload(const payload& content, json& out) {
  out = write(content);
  return true;
}

bool read_payload(const json& in, payload& content, json_reading& reading) {
  return read(in, content, reading);
}

void add_json_type(const compat::element_type& type, json_type entry) {
  the_registry().add(type, std::move(entry));
}

} // namespace detail

} // namespace tandem
