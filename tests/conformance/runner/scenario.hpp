/// A scenario as its file says it; ../scenarios/README.md describes the format.
#pragma once

#include "steps.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tandem::conformance {

/// The actions of customer code in a call, in this order.
struct hook {
  enum class exception { none, no_such_method, abandoned, error };

  struct emission {
    std::optional<std::string> payload;
    bool last = false;
  };

  std::optional<uint64_t> call; ///< only in this call of its kind, counted from 1
  std::optional<std::string> block;
  std::vector<emission> emit;
  uint64_t allow = 0; ///< so many payloads more, by hand
  bool cancel = false;
  bool fail = false;
  exception thrown = exception::none;
};

/// Customer code of one side.
struct behaviour {
  bool echo = false;
  std::map<call_kind, hook> hooks;
};

struct end_settings {
  uint32_t held_tickets = 64;
  duration default_timeout = std::chrono::seconds(10);
  duration maximum_timeout = std::chrono::seconds(60);
  uint32_t window = no_window;
  uint32_t waiting_payloads = 65536;
};

struct scenario {
  std::string name;
  tandem::conformance::topology topology{};
  bool needs_blocking = false;
  bool needs_monitor = false;
  bool malformed = false; ///< injected tickets may break the field rules
  std::map<side, bool> join_later;
  std::map<side, end_settings> settings;
  std::map<side, behaviour> customers;
  std::vector<std::string> unknown;
  std::vector<named_step> steps;
  json expect;
};

/// A scenario, or why it cannot be one.
struct scenario_text {
  std::string name;
  json content;
};

/// Throws scenario_error that says what is wrong with it.
scenario parse_scenario(const json& in);

/// The scenarios of a file, or of all .json files in a directory, in order, not yet parsed. Throws std::runtime_error
/// that names the file if one cannot be read or is not a file of scenarios.
std::vector<scenario_text> load_scenarios(const std::filesystem::path& path);

} // namespace tandem::conformance
