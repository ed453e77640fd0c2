#include "../filtering/filter.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_filter(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_filter_options>();
  auto& command = *trace.add_subcommand("filter", "Print the records for which an expression holds, as a trace");
  describe(
    command, "tandem trace filter 'EXPRESSION' FILE...",
    "Prints the records of traces for which an expression holds. What it prints is a trace again, so that the other\n"
    "commands can read it:\n"
    "  tandem trace filter 'outcome != completed and name ~ \"^db\" and duration > 50ms' a.jsonl | tandem trace show -",
    "An expression is made of comparisons, FIELD OPERATOR VALUE, with not, and, or (which bind in this order) and\n"
    "parentheses. Operators: = (or ==) and != for everything; < <= > >= for numbers; ~ (contains a match of a regular\n"
    "expression, in RE2's syntax) and !~ for texts. Values: words and texts, quoted with \" or ' if they have spaces\n"
    "or any of ()=!<>~&|; within quotes, \\\" stands for the quote; words may be written with _ instead of a space\n"
    "(servicer_failure); times such as 50ms, 1.5s (ns, us, ms, s, m, h); numbers, of bytes also as 64KiB or 1MB.\n"
    "\n"
      + describe_fields()
      + "\nAn expression with fields of operations selects all records, from both sides, of the operations for which "
        "it\n"
        "holds; it holds for an operation if it holds for one side. An expression with fields of records selects\n"
        "records. With both kinds of fields it selects records by their own fields and those of their operation.\n"
        "A comparison with a number that is not there is false: duration > 0s is false for an operation that is still\n"
        "open. A text that is not there is empty.\n"
        "\nThe output is JSON lines. The expression is added to the header's `capture`, since record numbers have "
        "gaps\n"
        "now. Several files become one merged trace, as by `tandem trace merge`. For fields of operations the files\n"
        "are read twice; standard input and pipes are kept in a temporary file for that.\n"
        "\nExit status: 0, also if nothing is selected; 1 if a file cannot be read (the others are filtered all the\n"
        "same), 2 for a usage error, such as an expression that makes no sense.");
  command.add_option("EXPRESSION", options->expression, "what to select")->type_name("EXPRESSION")->required();
  add_traces(command, options->files)->required();
  command.add_flag_callback(
    "--json", [] {}, "JSON lines, which is what it prints anyway");
  command.callback([options, &run] { run = [options] { return trace_filter(*options, std::cout, std::cerr); }; });
}

} // namespace tandem::cli
