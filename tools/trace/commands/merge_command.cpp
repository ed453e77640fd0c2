#include "../merging/merge.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_merge(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_merge_options>();
  auto& command = *trace.add_subcommand("merge", "Make one trace of those of several nodes");
  describe(
    command, "tandem trace merge FILE... [-o OUT] [OPTIONS]",
    "Puts the records of several traces into one order, that of their wall clocks, and writes them as one trace whose\n"
    "records name their nodes. All other commands read it as any trace.",
    "Clocks of different nodes differ. The difference is estimated from tickets that one file has as sent and another\n"
    "as received: the fastest ticket each way bounds it from both sides, and the middle is taken. The estimates and\n"
    "their uncertainty are printed on standard error (--json: as one JSON object for each file). The clock of the\n"
    "first file counts as the right one. All files of one run of a node have one clock. Nodes of one host share a\n"
    "clock, unless tickets prove otherwise.\n"
    "Clocks that drift apart, or jump, during a trace are not corrected; if tickets contradict each other, that is\n"
    "said, and how far off the estimate is counts as not known.\n"
    "\nWithout --no-offset all files are read twice; standard input and pipes are kept in temporary files.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the others are merged all the same) or written, 2 for a usage\n"
    "error.");
  add_traces(command, options->files)->required();
  command.add_option("-o,--output", options->output, "write the trace here (default: to standard output)")
    ->type_name("OUT");
  command.add_flag_callback(
    "--no-offset", [options] { options->offset = false; }, "take the clocks as they are");
  command.add_flag("--json", options->json, "say what was estimated as JSON");
  command.callback([options, &run] { run = [options] { return trace_merge(*options, std::cout, std::cerr); }; });
}

} // namespace tandem::cli
