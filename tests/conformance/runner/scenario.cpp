#include "scenario.hpp"

#include <algorithm>
#include <fstream>

namespace tandem::conformance {

namespace {

// -- customer code ------------------------------------------------------------------------

hook::exception read_exception(object_reader& in) {
  using enum hook::exception;
  if (!in.has("throw"))
    return none;
  return in.parsed("throw", [](const std::string& x) -> std::optional<hook::exception> {
    if (x == "no such method")
      return no_such_method;
    if (x == "abandoned")
      return abandoned;
    return x == "error" ? std::optional{error} : std::nullopt;
  });
}

hook read_hook(const json& value, const std::string& where) {
  object_reader in{value, where};
  hook result;
  if (in.has("call"))
    result.call = in.count("call");
  result.block = in.optional_text("block");
  if (auto* calls = in.find("emit")) {
    if (!calls->is_array())
      in.fail("emit", "must be a list of calls");
    for (const auto& x : *calls) {
      if (!x.is_array() || x.size() != 2 || !(x[0].is_string() || x[0].is_null()) || !x[1].is_boolean()
          || (x[0].is_null() && !x[1].get<bool>()))
        in.fail("emit", "a call is [payload, last]");
      result.emit.push_back({x[0].is_null() ? std::nullopt : std::optional{x[0].get<std::string>()}, x[1].get<bool>()});
    }
  }
  if (in.has("allow"))
    result.allow = in.count("allow");
  result.cancel = in.flag("cancel");
  result.fail = in.flag("fail");
  result.thrown = read_exception(in);
  in.done();
  return result;
}

behaviour read_behaviour(object_reader& in, const std::string& open_hook) {
  behaviour result;
  const std::pair<std::string, call_kind> names[] = {{open_hook, call_kind::open},
                                                     {"on_consume", call_kind::consume},
                                                     {"on_terminate", call_kind::terminate},
                                                     {"on_consume_and_terminate", call_kind::consume_and_terminate}};
  for (const auto& [name, kind] : names)
    if (auto* value = in.find(name))
      result.hooks[kind] = read_hook(*value, in.where() + ": " + name);
  return result;
}

behaviour read_servicer(const json& value) {
  object_reader in{value, "servicer"};
  auto result = read_behaviour(in, "on_service");
  result.echo = in.parsed("behaviour", [](const std::string& x) -> std::optional<bool> {
    return x == "echo" || x == "manual" ? std::optional{x == "echo"} : std::nullopt;
  });
  in.done();
  return result;
}

behaviour read_ingestor(const json& value) {
  object_reader in{value, "ingestor"};
  auto result = read_behaviour(in, "on_consumer");
  in.done();
  return result;
}

// -- the rest -----------------------------------------------------------------------------

end_settings read_settings(const json& value, side which) {
  object_reader in{value, to_string(which)};
  end_settings result;
  if (in.has("held_tickets"))
    result.held_tickets = static_cast<uint32_t>(in.count("held_tickets"));
  if (in.has("window"))
    result.window = static_cast<uint32_t>(in.count("window"));
  if (in.has("waiting_payloads"))
    result.waiting_payloads = static_cast<uint32_t>(in.count("waiting_payloads"));
  if (which == side::back) {
    result.default_timeout = in.optional_seconds("default_timeout").value_or(result.default_timeout);
    result.maximum_timeout = in.optional_seconds("maximum_timeout").value_or(result.maximum_timeout);
  }
  in.done();
  return result;
}

void read_requirements(object_reader& in, scenario& result) {
  for (const auto& x : in.texts("requires")) {
    if (x != "blocking" && x != "monitor")
      in.fail("requires", "unknown requirement");
    (x == "blocking" ? result.needs_blocking : result.needs_monitor) = true;
  }
}

void read_sides(object_reader& in, scenario& result) {
  for (auto which : both_sides) {
    auto* settings = in.find(to_string(which));
    result.settings[which] = settings ? read_settings(*settings, which) : end_settings{};
  }
  for (const auto& x : in.texts("join_later")) {
    auto which = parse_side(x);
    if (!which)
      in.fail("join_later", "unknown end");
    result.join_later[*which] = true;
  }
  if (auto* servicer = in.find("servicer"))
    result.customers[side::back] = read_servicer(*servicer);
  else if (has_end(result.topology, side::back))
    in.fail("lacks \"servicer\"");
  if (auto* ingestor = in.find("ingestor"))
    result.customers[side::front] = read_ingestor(*ingestor);
}

void read_steps(object_reader& in, scenario& result) {
  const auto& list = in.at("steps");
  if (!list.is_array())
    in.fail("steps", "must be a list");
  for (const auto& x : list) {
    result.steps.push_back(parse_step(x, result.steps.size(), result.malformed));
    const auto& last = result.steps.back();
    if (std::holds_alternative<steps::monitor>(last.what) && !result.needs_monitor)
      in.fail("a step needs monitors, \"requires\" does not say so");
  }
}

std::vector<scenario_text> load_file(const std::filesystem::path& path) {
  std::ifstream file{path};
  if (!file)
    throw std::runtime_error{path.string() + ": cannot be opened"};
  const auto content = json::parse(file, nullptr, false);
  if (content.is_discarded())
    throw std::runtime_error{path.string() + ": is not JSON"};
  std::vector<scenario_text> result;
  try {
    object_reader in{content, {}};
    if (in.integer("format") != 1)
      in.fail("format", "only 1 is known");
    const auto topic = in.text("topic");
    const auto& list = in.at("scenarios");
    if (!list.is_array())
      in.fail("scenarios", "must be a list");
    for (const auto& x : list) {
      const auto name = object_reader{x, "scenario " + std::to_string(result.size())}.text("name");
      if (!name.starts_with(topic + "/"))
        in.fail("the name of scenario \"" + name + "\" does not begin with the topic");
      result.push_back({name, x});
    }
    in.done();
  } catch (const scenario_error& e) {
    throw std::runtime_error{path.string() + ": is not a file of scenarios: " + e.what()};
  }
  return result;
}

} // namespace

scenario parse_scenario(const json& value) {
  object_reader in{value, {}};
  scenario result;
  result.name = in.text("name");
  for (const auto* key : {"rules", "about", "original", "deviation"}) // for people
    in.ignore(key);
  result.topology = in.parsed("topology", parse_topology);
  read_requirements(in, result);
  read_sides(in, result);
  result.unknown = in.texts("unknown");
  result.malformed = in.flag("malformed");
  read_steps(in, result);
  result.expect = in.at("expect");
  if (!result.expect.is_object())
    in.fail("expect", "must be an object");
  in.done();
  return result;
}

std::vector<scenario_text> load_scenarios(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error))
    return load_file(path);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{path})
    if (entry.path().extension() == ".json")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<scenario_text> result;
  for (const auto& file : files)
    for (auto& x : load_file(file))
      result.push_back(std::move(x));
  return result;
}

} // namespace tandem::conformance
