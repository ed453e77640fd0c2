#include "commands.hpp"
#include "node_options.hpp"
#include "replay.hpp"

#include <memory>

namespace tandem::cli {

void add_replay(CLI::App& app, command_run& run) {
  const auto options = std::make_shared<replay_command_options>();
  auto& command = *app.add_subcommand("replay", "Play a recorded trace against a back elsewhere");
  describe(
    command, "tandem replay TRACE --against HOST:PORT [OPTIONS]",
    "Sends the tickets that fronts sent when TRACE was recorded to a back again, with ids of their own, and\n"
    "compares what comes back with what is recorded: kinds, sequence and payloads; not ids, times and details, nor\n"
    "how much the back allows when (its windows may be others now). A ticket that followed an answer of the back\n"
    "waits for that answer again, and payloads wait until they are allowed.",
    "Operations whose beginning or payloads are not in the trace are not played, and listed; a text that was\n"
    "redacted is played as one of its size. At most --at-once operations are under way, and the next one waits\n"
    "until one is over. What has not come within --patience, or expired before it came, is told as late and is\n"
    "no difference; its operation is cancelled. What comes beyond the recording is a difference only if that has\n"
    "the operation's end, and the front had not aborted it. A trace that takes more than --memory is played in parts.\n"
    "In a program's own tests, `tandem::replay` does the same in virtual time, and the\n"
    "other way round too (actors/replay/replay.hpp).\n"
    "\nExit status: 0 if nothing differs, 1 if something does, or is late, or nothing can be played or compared, "
    "2 for a usage error.");
  command.add_option("TRACE", options->trace, "a trace; - for standard input")->type_name("TRACE")->required();
  add_parsed(command, "--against", into(options->back), "HOST:PORT", parse_endpoint, std::string{endpoints_wanted},
             "where the back is published")
    ->required();
  command.add_flag("--no-delays", options->no_delays, "do not wait as long as was recorded between tickets");
  add_duration(command, "--patience", into(options->patience), "how long to wait for an answer that is recorded")
    ->default_str(write_duration(options->patience));
  command.add_option("--at-once", options->at_once, "how many operations are under way at most")
    ->type_name("N")
    ->check(whole_number(1, 1'000'000'000))
    ->capture_default_str();
  command.add_option("--memory", options->trace_bytes, "about how many bytes the records take that are held at once")
    ->type_name("BYTES")
    ->check(whole_number(1, 1'000'000'000'000))
    ->capture_default_str();
  command.add_flag("--json", options->json, "print the result as JSON");
  add_tls(command, options->node);
  add_configuration(command, options->node);
  command.callback([options, &run] { run = [options] { return replay(*options); }; });
}

} // namespace tandem::cli
