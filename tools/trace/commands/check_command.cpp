#include "../checking/check.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"
#include "../../cli/exit_status.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_check(CLI::App& trace, command_run& run) {
  struct check_options : trace_check_options {
    bool rules = false;
  };
  auto options = std::make_shared<check_options>();
  auto& command = *trace.add_subcommand("check", "Check traces against the rules of the protocol");
  describe(
    command, "tandem trace check FILE... [OPTIONS]",
    "Checks traces against every rule of the protocol and of the trace format that a trace can show to be broken:\n"
    "record numbers and clocks; what each side sent, in which order, and how it ended; and, where the files have\n"
    "both sides of an operation, whether every ticket was received, and unchanged. Give the parts of a rotated\n"
    "recording, and the traces of both sides, together. A trace may begin or end in the middle of operations, or\n"
    "lack records that were dropped, or that `tandem trace filter` left out; then only the records that it has are\n"
    "judged. Clocks of several traces are corrected as by `tandem trace merge`.",
    "Each finding is a line: FILE:LINE: SEVERITY ID: sentence. An error is a broken rule, a warning is odd but\n"
    "legal, a note names something missing or a legal race. --rules lists the ids, which do not change; ids such as\n"
    "S-RECV-2 are rules of the protocol. Of an operation only the cause is printed, and how many findings follow from\n"
    "it (--all prints them): those that are not earlier, nor worse. The last line counts all, printed or not. With "
    "--json each\n"
    "finding is an object {id, severity, file, line, operation_id, text}, a line each, and the last line is\n"
    "{summary: {records, operations, bytes, errors, warnings, notes}}.\n"
    "\n"
    "Memory is bounded: the last 131072 operations that ended and up to 524288 open ones are remembered.\n"
    "\n"
    "Exit status: 0 if there is no error, 1 if there is one, or a file cannot be read, 2 for a usage error. With\n"
    "--severity, findings of that severity count as well.");
  add_traces(command, options->files);
  command.add_flag("--json", options->json, "print findings as JSON, one object to a line");
  add_parsed(
    command, "--severity", [options](severity x) { options->shown = options->failing = x; }, "SEVERITY", parse_severity,
    "note, warning or error", "print findings of at least this severity, and fail for them; else: warning, and error");
  command
    .add_option("--most", options->most_of_a_rule,
                "print at most this many findings of each rule, 0 for all; else: "
                  + std::to_string(usual_most_of_a_rule) + ", and all with --json")
    ->type_name("COUNT")
    ->check(whole_number(0, UINT64_MAX));
  command.add_flag("--all", options->all, "print also the findings that follow from another one of their operation");
  command.add_flag("--rules", options->rules, "list the rules and their ids, and read nothing");
  command.callback([options, &run] {
    if (!options->rules && options->files.empty())
      throw CLI::RequiredError{"FILE"};
    run = [options] {
      if (options->rules)
        return trace_check_rules(options->json, std::cout);
      return trace_check(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
