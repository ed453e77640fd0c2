#include "option_reader.hpp"
#include "../../messages/caf/version.hpp"

namespace tandem::compat {

namespace {

void add_names(const caf::settings& in, const std::string& prefix, std::vector<std::string>& out) {
  for (const auto& [key, value] : in) {
    const auto name = prefix + "." + std::string{key};
    if (const auto* inner = caf::get_if<caf::settings>(&value))
      add_names(*inner, name, out);
    else
      out.push_back(name);
  }
}

} // namespace

const caf::config_value* find_option(const caf::settings& in, const std::string& key) {
  const auto dot = key.find('.');
  const auto entry = in.find(key.substr(0, dot));
  if (entry == in.end())
    return nullptr;
  if (dot == std::string::npos)
    return &entry->second;
  const auto* inner = caf::get_if<caf::settings>(&entry->second);
  return inner ? find_option(*inner, key.substr(dot + 1)) : nullptr;
}

std::optional<std::string> word_in(const caf::config_value& value) {
#if TANDEM_CAF_17
  if (const auto* atom = caf::get_if<caf::atom_value>(&value))
    return caf::to_string(*atom);
#endif
  if (const auto* text = caf::get_if<std::string>(&value))
    return *text;
  return std::nullopt;
}

std::optional<place_in_text> place_of([[maybe_unused]] const caf::error& x) {
#if TANDEM_CAF_17
  const auto& context = x.context();
  if (context.size() != 1 || !context.match_element<caf::settings>(0))
    return std::nullopt;
  const auto& place = context.get_as<caf::settings>(0);
  return place_in_text{caf::get_or(place, "line", int64_t{0}), caf::get_or(place, "column", int64_t{0})};
#else
  return std::nullopt;
#endif
}

std::vector<std::string> configured_names(const caf::actor_system_config& config, const std::string& category) {
  std::vector<std::string> result;
  const auto* found = find_option(content(config), category);
  if (const auto* inner = found ? caf::get_if<caf::settings>(found) : nullptr)
    add_names(*inner, category, result);
  return result;
}

} // namespace tandem::compat
