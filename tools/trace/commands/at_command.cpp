#include "../../cli/terminal.hpp"
#include "../listing/at.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_at(CLI::App& trace, command_run& run) {
  struct all_options : trace_at_options {
    std::optional<size_t> wanted_columns;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("at", "Tell which operations were open at a moment, and how far they were");
  describe(
    command, "tandem trace at TIME FILE... [OPTIONS]",
    "Tells which operations were open at a moment: each side of them, its age and the time it had left, the states of\n"
    "its output and input, the sequence numbers that come next each way, and the numbers of tickets that are held\n"
    "because they came ahead of their turn; how many payloads it has sent, may send in all, and may still send (its\n"
    "credit); and how many came, and how many it allows the other side.",
    "TIME is a time since the first record (1.5s, 300ms), nanoseconds since 1970, or an ISO time such as\n"
    "2026-01-31T09:30:00.25Z (UTC unless it says otherwise).\n"
    "\nOutput is open until its last ticket was sent, then closed. Input is open until the turn of the last ticket\n"
    "came, then closing: customer code may still be consuming it. The time left follows from the timeouts in the\n"
    "trace; \"-\" if there are none, \"overdue\" if it was over. An operation whose beginning is not in the trace is\n"
    "at least as old as shown (>), and has no name; that its output or input is open is not known then (\"open?\",\n"
    "null with --json). Clocks of several traces are corrected as `tandem trace merge` corrects them. What is allowed\n"
    "is known only with the first ticket (else \"?\"); \"any\" if it is not limited.\n"
    "\n--json prints an object for each side of an operation that was open, one a line; without_credit_ns says for "
    "how\n"
    "long it had no credit.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the others are read all the same), 2 for a usage error.");
  add_parsed(command, "TIME", into(options->when), "TIME", parse_trace_time, std::string{trace_time_wanted},
             "the moment")
    ->required();
  add_traces(command, options->files)->required();
  command.add_flag("--json", options->json, "print an object for each, one a line");
  add_columns(command, options->wanted_columns);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns(options->wanted_columns);
      return trace_at(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
