#include "../listing/show.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_show(CLI::App& trace, command_run& run) {
  struct all_options : trace_show_options {
    color_choice when = color_choice::automatic;
    std::optional<size_t> wanted_columns;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("show", "Print traces, a line for each record");
  describe(
    command, "tandem trace show FILE... [OPTIONS]",
    "Prints traces, a line for each record: milliseconds since the first one, which side recorded it, and of a ticket\n"
    "its direction (-> from front to back, <- from back to front), its operation, its sequence number and kind, and\n"
    "what it carries. Several traces are merged by the time of day at which things happened; clocks of different\n"
    "nodes are corrected as `tandem trace merge` corrects them.",
    "Operations are shown as 3f2a.100: the beginning of the front's part of the id, long enough to tell fronts\n"
    "apart, and the number that the front gave the operation. Lines are as wide as the\n"
    "terminal, and nothing is cut in a pipe or a file (--columns, COLUMNS). The first\n"
    "1,000 decide how wide the columns are. Lines that cannot be read are skipped, with a note on standard\n"
    "error. Memory does not grow with the size of the traces.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the others are shown all the same), 2 for a usage error.");
  add_traces(command, options->files)->required();
  command.add_flag("--json", options->json, "print the records as they are in the files, one a line");
  add_columns(command, options->wanted_columns);
  add_color(command, options->when);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns(options->wanted_columns);
      options->color = wants_color(options->when);
      return trace_show(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
