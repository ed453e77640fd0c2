#include "../../cli/terminal.hpp"
#include "../listing/tail.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_tail(CLI::App& trace, command_run& run) {
  struct all_options : trace_tail_options {
    color_choice when = color_choice::automatic;
    std::optional<size_t> wanted_columns;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("tail", "Print a trace while it is being written");
  describe(
    command, "tandem trace tail FILE [OPTIONS]",
    "Prints the last lines of a trace, and then what is added to it, as `tandem trace show` does, until Ctrl-C.",
    "FILE may be - for standard input, a pipe or a FIFO: it is printed from its beginning (with --no-follow, its last\n"
    "lines), and ends when nobody writes to it any more. So is a file that gzip or zstd has compressed: its last\n"
    "lines are printed, and nothing is waited for.\n"
    "\nA file need not be there yet. When it is rotated (renamed to FILE.1, and a new FILE begun), the old one is\n"
    "printed to its end before the new one; when it is truncated, the new content is printed.\n"
    "If it was rotated faster than it was read, a note says how many records are missing.\n"
    "\nExit status: 0 when nobody reads the output any more, or with --no-follow; 1 if the file cannot be read or\n"
    "is not a trace, 2 for a usage error. Ctrl-C ends it by the signal, as shells expect.");
  command.add_option("FILE", options->file, "a trace")->type_name("FILE")->required();
  command.add_option("-n,--lines", options->lines, "begin this many lines before the end")
    ->type_name("N")
    ->check(whole_number(0, 1'000'000'000))
    ->capture_default_str();
  command.add_flag_callback(
    "--no-follow", [options] { options->follow = false; }, "print what is there, and end");
  command.add_flag("--json", options->json, "print the records as they are in the file, one a line");
  add_columns(command, options->wanted_columns);
  add_color(command, options->when);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns(options->wanted_columns);
      options->color = wants_color(options->when);
      return trace_tail(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
