#include "../browser/html.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_html(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_html_options>();
  auto& command = *trace.add_subcommand("html", "Write a page for the browser: timeline, operations, diagrams, charts");
  describe(
    command, "tandem trace html FILE... -o PAGE.html [OPTIONS]",
    "Writes one page that shows traces in a browser, without a network: a timeline of all operations to zoom into, a\n"
    "table of them with a filter, the tickets of each as a sequence diagram and as a list, outcomes and latencies.\n"
    "Several traces are merged, their clocks corrected as by `tandem trace merge`, and the two sides of an operation "
    "put together.",
    "Times within an operation are those of the monotonic clock, and begin at the time of day of its first record.\n"
    "If no end was recorded, it is inferred from the tickets and marked so. Time zero is the first of all records; "
    "the\n"
    "page says which one that is.\n"
    "\nThe keyboard is at the table of operations from the start: arrow keys select, Enter leads to the tickets, Esc "
    "back,\n/ to the filter, ? to all keys. The filter searches names, nodes, outcomes and payloads. What is filtered, "
    "sorted,\nselected and zoomed is in the address of the page, after the #: a link to it shows the same.\n"
    "\nThe page contains what the trace contains: names, payloads up to the limit, and what customer code noted. With\n"
    "--payload-limit 0 it has no payloads.\n"
    "\nThe page shows 100,000 tickets smoothly. A larger trace makes a larger page; --max-tickets limits it.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the page has the others all the same) or the page cannot be\n"
    "written, 2 for a usage error.");
  add_traces(command, options->files)->required();
  command.add_option("-o,--output", options->output, "the page; - for standard output")->type_name("PAGE")->required();
  command.add_option("--payload-limit", options->payload_limit, "how many bytes of each payload are shown")
    ->type_name("BYTES")
    ->check(whole_number(0, 1'000'000'000))
    ->capture_default_str();
  command
    .add_option("--max-tickets", options->most_tickets,
                "leave out everything after this many tickets, counted at each side")
    ->type_name("N")
    ->check(whole_number(1, 100'000'000))
    ->capture_default_str();
  command.callback([options, &run] { run = [options] { return trace_html(*options, std::cerr); }; });
}

} // namespace tandem::cli
