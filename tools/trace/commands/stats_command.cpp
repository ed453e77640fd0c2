#include "../../cli/terminal.hpp"
#include "../measuring/stats.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_stats(CLI::App& trace, command_run& run) {
  struct all_options : trace_stats_options {
    std::optional<size_t> wanted_columns;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("stats", "Count operations and outcomes, and measure times");
  describe(
    command, "tandem trace stats FILE... [OPTIONS]",
    "Counts what is in traces, by name and side: operations, outcomes, tickets and payload bytes each way (-> from\n"
    "front to back, <- from back to front); and measures how long operations took in total, how long until their\n"
    "first payload each way, and between payloads. With the traces of both sides it splits the time of operations, by\n"
    "name, into waiting at the sender (until the front's first payload was sent), on the way (to the back), waiting "
    "at\n"
    "the receiver (until its customer code was called), work (until the back's completion was sent), and way back; "
    "and\n"
    "it has the time without credit, of operations that were without.",
    "Times are measured at the side that recorded them, in milliseconds, within 1 % (the maximum is exact). The trace\n"
    "of a link has no records of ends; they are inferred from the tickets that were sent and received last. Tickets "
    "that\n"
    "passed after the end are counted apart, as late. Operations whose end is not in the trace are counted under \"no "
    "end\". Each side of an\n"
    "operation is counted where it was recorded, so give one trace of each side. Memory is bounded by how many\n"
    "operations are open at a time, not by the size of the trace.\n"
    "Waiting at the receiver and work are known only from `consumed` records (tandem.trace.consumption), times "
    "between\n"
    "the sides only if it is known how far their clocks are apart. What is not known is listed, with the reason.\n"
    "\n--json prints one document, with times in nanoseconds; what is not known is null.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the others are counted all the same), 2 for a usage error.");
  add_traces(command, options->files)->required();
  command.add_flag("--json", options->json, "print one JSON document");
  add_columns(command, options->wanted_columns);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns(options->wanted_columns);
      return trace_stats_of(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
