#include "../../cli/terminal.hpp"
#include "../listing/follow.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_follow(CLI::App& trace, command_run& run) {
  struct all_options : trace_follow_options {
    color_choice when = color_choice::automatic;
    std::optional<size_t> wanted_columns;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("follow", "Print everything about one operation, or one trace id");
  describe(
    command, "tandem trace follow OPERATION|TRACE-ID FILE... [OPTIONS]",
    "Prints everything about one operation, from both sides, and about the operations that were commenced on its\n"
    "behalf: first the outcome of each, indented below the one that caused it; then all records in order, with\n"
    "microseconds since the first one and since the line before.",
    "OPERATION is 32 hexadecimal digits, or the short form that other commands print, such as 3f2a.100; if\n"
    "several operations fit it, they are listed. TRACE-ID is a UUID: all operations that carry it.\n"
    "\nAn operation stands below the one that its record of the beginning names. Where only links were recorded, no\n"
    "record names one; then it stands below an operation with the same trace id that the node was performing when\n"
    "it began. Clocks of several traces are corrected as by `tandem trace merge`.\n"
    "\n--json prints an object a line: first one for each operation (operation_id, parent, depth, name, front, back),\n"
    "then one for each record (since_ns, difference_ns, depth, file, record). Files are read several times; standard\n"
    "input and pipes are kept in a temporary file for that.\n"
    "\nExit status: 0, or 1 if no operation fits, several fit, or a file cannot be read (the others are read\n"
    "all the same), 2 for a usage error.");
  command.add_option("OPERATION", options->target, "what to follow")->type_name("OPERATION|TRACE-ID")->required();
  add_traces(command, options->files)->required();
  command.add_flag("--json", options->json, "print objects, one a line");
  add_columns(command, options->wanted_columns);
  add_color(command, options->when);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns(options->wanted_columns);
      options->color = wants_color(options->when);
      return trace_follow(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
