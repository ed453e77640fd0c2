/// Runs conformance scenarios (scenarios/README.md) against Tandem, in several ways.
#include "../../actors/system.hpp"
#include "runner/handle_way.hpp"
#include "runner/machine_way.hpp"
#include "runner/memory_way.hpp"
#include "runner/node_way.hpp"
#include "runner/replayed_way.hpp"
#include "runner/runner.hpp"

#include <CLI/CLI.hpp>

// The support library is compiled with doctest's header; this provides what it refers to.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace tandem::conformance;

const char* const description
  = "Runs conformance scenarios against Tandem and compares what happens with what they expect.\n"
    "\n"
    "A scenario is run in these ways, as far as it can be:\n"
    "  machines    the two pure state machines, in virtual time, without actors\n"
    "  in-memory   a front end and a back end in one actor system, with a clock that is moved by hand\n"
    "  balanced    the same, with a balanced link between the front and three backs that are one\n"
    "  replayed    in memory, recorded, and played again from the trace\n"
    "  nodes       the ends in two actor systems, joined over loopback sockets\n"
    "  resumed     the same, and the connection is cut whenever tickets are under way\n"
    "  tls         as nodes, with TLS (where CAF has it)\n"
    "  handle      the ends in two actor systems that CAF connects, joined by a link by handle\n"
    "What a way cannot offer counts as not run, with the reason, never as passed.\n"
    "\n"
    "With --record, ends record what they do, in all ways but the first. Their traces have to pass `tandem trace "
    "check`,\n"
    "those of both sides together, but for what a scenario does wrong on purpose, which has to be found.\n"
    "\n"
    "For each failure it prints what differs, and the expected and the actual tickets side by side; at the end one\n"
    "line of totals per way. The exit status is 0 if no scenario failed, 1 if one did, 2 if a file cannot be read or\n"
    "there is no scenario, 3 if a step did not come to rest.";

struct arguments {
  std::vector<std::string> ways;
  std::string name;
  bool verbose = false;
  bool pools = false;
  std::string record;
  std::vector<std::string> paths;
};

using way_maker = std::function<std::unique_ptr<way>()>;

std::vector<std::pair<std::string, way_maker>> all_ways(bool pools) {
  return {
    {"machines", [] { return std::make_unique<machine_way>(); }},
    {"in-memory", [pools] { return std::make_unique<memory_way>(pools, false); }},
    {"balanced", [pools] { return std::make_unique<memory_way>(pools, true); }},
    {"replayed", [] { return std::make_unique<replayed_way>(); }},
    {"nodes", [pools] { return std::make_unique<node_way>(pools, node_way::network::plain); }},
    {"resumed", [pools] { return std::make_unique<node_way>(pools, node_way::network::cut); }},
    {"tls", [pools] { return std::make_unique<node_way>(pools, node_way::network::tls); }},
    {"unix", [pools] { return std::make_unique<node_way>(pools, node_way::network::local); }},
    {"handle", [pools] { return std::make_unique<handle_way>(pools); }},
  };
}

int run(const arguments& args) {
  runner all{args.verbose, args.record};
  for (const auto& path : args.paths)
    for (const auto& x : load_scenarios(path))
      if (x.name.find(args.name) != std::string::npos)
        all.add(x);
  if (all.scenarios() == 0)
    throw std::runtime_error{args.name.empty() ? "there is no scenario in what was given"
                                               : "there is no scenario whose name contains \"" + args.name + "\""};
  bool failed = false;
  std::string summary;
  for (const auto& [name, make] : all_ways(args.pools)) {
    if (std::find(args.ways.begin(), args.ways.end(), name) == args.ways.end())
      continue;
    const auto result = all.run(*make());
    failed = failed || result.failed > 0;
    summary += describe(name, result) + '\n';
  }
  std::cout << summary;
  return failed ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
  tandem::init_types(); // the machines' payloads need them too, without an actor system
  CLI::App app{description, "conformance"};
  arguments args;
  std::string which = "all";
  std::vector<std::string> names{which};
  for (const auto& [name, make] : all_ways(false))
    names.push_back(name);
  app.add_option("--way", which, "in which way to run them")->check(CLI::IsMember(names))->capture_default_str();
  app.add_option("--name", args.name, "only scenarios whose name contains this text")->type_name("SUBSTRING");
  app.add_flag("--verbose", args.verbose, "name every scenario, not only those that fail");
  app.add_flag("--pools", args.pools, "run customer code and idle actions in dedicated threads, not in the scheduler");
  app.add_option("--record", args.record, "let the ends record, check their traces and keep them in this folder")
    ->type_name("FOLDER");
  app.add_option("path", args.paths, "files of scenarios, or directories of such .json files")
    ->required()
    ->type_name("DIR-or-FILE");
  CLI11_PARSE(app, argc, argv);
  for (const auto& [name, make] : all_ways(false))
    if (which == "all" || which == name)
      args.ways.push_back(name);
  try {
    return run(args);
  } catch (const std::exception& e) {
    std::cerr << "conformance: " << e.what() << '\n';
    return 2;
  }
}
