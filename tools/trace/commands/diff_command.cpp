#include "../../cli/terminal.hpp"
#include "../measuring/diff.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <charconv>
#include <cmath>
#include <iostream>
#include <memory>

namespace tandem::cli {

namespace {

std::optional<double> parse_factor(std::string_view text) {
  if (text.ends_with('x'))
    text.remove_suffix(1);
  double result = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, result, std::chars_format::fixed);
  if (error != std::errc{} || rest != end || !std::isfinite(result) || (result != 0 && result < 1))
    return std::nullopt;
  return result;
}

} // namespace

void add_diff(CLI::App& trace, command_run& run) {
  struct all_options : trace_diff_options {
    std::optional<size_t> wanted_columns;
  };
  auto options = std::make_shared<all_options>();
  auto& command = *trace.add_subcommand("diff", "Compare two traces of the same thing");
  describe(
    command, "tandem trace diff GOOD BAD [OPTIONS]",
    "Compares two traces of the same thing, by the names of operations: how many there are, their outcomes, kinds of\n"
    "tickets and payloads each way, and how long they took. Prints a line for each difference, and nothing\n"
    "if there are none. Ids, times of day and the order in which operations ran do not matter.",
    "\"order\" names an order of tickets that only one of the two has: their kinds from front to back (->) and\n"
    "from back to front (<-), and the outcome; \"continuation+\" stands for several in a row. The numbers say how\n"
    "many operations have it.\n"
    "\nLatencies are compared by the median and the 99th percentile of the total time of operations that ended;\n"
    "times below 10 us count as 10 us. They differ if one is more than --tolerance times the other.\n"
    "\n--json prints an object for each difference, one a line: side, name, what, good, bad.\n"
    "\nExit status: 0 if there is no difference, 1 if there is, or a file cannot be read, 2 for a usage error.");
  command.add_option("GOOD", options->good, "a trace; - for standard input")->type_name("GOOD")->required();
  command.add_option("BAD", options->bad, "the trace to compare with it")->type_name("BAD")->required();
  add_parsed(command, "--tolerance", into(options->tolerance), "FACTOR", parse_factor,
             "a factor of at least 1, such as 2 or 1.5x, or 0", "how far latencies may differ; 0: without limit")
    ->default_str("2");
  command.add_flag("--json", options->json, "print an object for each difference, one a line");
  add_columns(command, options->wanted_columns);
  command.callback([options, &run] {
    run = [options] {
      options->columns = output_columns(options->wanted_columns);
      return trace_diff(*options, std::cout, std::cerr);
    };
  });
}

} // namespace tandem::cli
