#include "commands.hpp"
#include "follow.hpp"
#include "terminal.hpp"

#include "../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_follow(CLI::App& trace, command_run& run) {
  struct all_options : trace_follow_options {
    color_choice when = color_choice::automatic;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("follow", "Print everything about one operation, or one trace id");
  describe(
    command, "tandem trace follow OPERATION|TRACE-ID FILE... [OPTIONS]",
    "Prints everything about one operation, of both sides, and of the operations that were commenced on its behalf:\n"
    "first what became of each, indented below the one that brought it about; then all records in order, with\n"
    "microseconds since the first one and since the line before.",
    "OPERATION is 32 hexadecimal digits, or the short form that other commands print, such as 3f2a.100; if that may\n"
    "be several operations, they are listed. TRACE-ID is a UUID: all operations that carry it.\n"
    "\nAn operation belongs below the one that its record of the beginning names. If that names none, as where only\n"
    "links were recorded, it belongs below one of the same trace id that was being performed at the node where it\n"
    "began, when it began. Clocks of several traces are put right as `tandem trace merge` does.\n"
    "\n--json prints an object a line: first one for each operation (operation_id, parent, depth, name, front, back),\n"
    "then one for each record (since_ns, difference_ns, depth, file, record). Files are read several times; standard\n"
    "input and pipes are kept in a temporary file for that.\n"
    "\nExit status: 0, or 1 if there is no such operation, several may be meant, or a file cannot be read (the others\n"
    "are looked at all the same), 2 for a usage error.");
  command.add_option("OPERATION", options->target, "what to follow")->type_name("OPERATION|TRACE-ID")->required();
  command.add_option("FILE", options->files, "traces; - for standard input")->type_name("FILE")->required();
  command.add_flag("--json", options->json, "print objects, one a line");
  add_color(command, options->when);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns();
      options->color = wants_color(options->when);
      return trace_follow(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
