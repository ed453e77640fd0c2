#include "commands.hpp"
#include "show.hpp"

#include "../tandem/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_show(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_show_options>();
  auto& command = *trace.add_subcommand("show", "Print traces, a line for each ticket");
  describe(
    command, "tandem trace show FILE... [OPTIONS]",
    "Prints traces that --trace wrote, a line for each ticket: milliseconds since the first one, which side recorded\n"
    "it, its direction (-> from front to back, <- from back to front), its operation, its sequence number and kind,\n"
    "and what it carries. Several traces are merged by the time of day at which the tickets passed.",
    "Operations are shown as 3f2a.100: the beginning of the front's part of the id, as much as tells the fronts\n"
    "apart, and the number that the front gave it. Lines are as wide as the terminal, else 100 columns. Lines that\n"
    "cannot be read are skipped, with a note on standard error.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the others are shown all the same), 2 for a usage error.");
  command.add_option("FILE", options->files, "traces; - for standard input")->type_name("FILE")->required();
  command.add_flag("--json", options->json, "print the records as they are in the files");
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns();
      return trace_show(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
