#include "commands.hpp"
#include "node_options.hpp"
#include "operations.hpp"

#include <memory>

namespace tandem::cli {

void add_operations(CLI::App& app, command_run& run) {
  const auto options = std::make_shared<operations_options>();
  auto& command = *app.add_subcommand("operations", "List the open operations of a back elsewhere");
  describe(command, "tandem operations HOST:PORT [OPTIONS]",
           "Asks a back that is published on another node for its open operations, the oldest first: how old each is\n"
           "and how long it may still take, the sequence numbers of the next tickets each way, tickets held ahead of\n"
           "their turn, payloads that wait for customer code, and the node that commenced it.",
           "Exit status: 0, 1 if the back cannot be asked, 2 for a usage error.");
  add_parsed(command, "HOST", into(options->back), "HOST:PORT", parse_endpoint, std::string{endpoints_wanted},
             "where the back is published")
    ->required();
  command.add_option("--most", options->most, "list at most this many")
    ->type_name("N")
    ->check(whole_number(1, 1'000'000))
    ->capture_default_str();
  add_duration(command, "--timeout", into(options->timeout), "how long to wait for the answer")
    ->default_str(write_duration(options->timeout));
  command.add_flag("--json", options->json, "print the answer as JSON");
  add_tls(command, options->node);
  add_configuration(command, options->node);
  command.callback([options, &run] { run = [options] { return operations(*options); }; });
}

} // namespace tandem::cli
