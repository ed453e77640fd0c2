#include "../telling/explain.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

void add_explain(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_explain_options>();
  auto& command = *trace.add_subcommand("explain", "Say why an operation ended as it did");
  describe(
    command, "tandem trace explain OPERATION FILE... [OPTIONS]",
    "Says for each side of an operation which ticket, timer, lost link or customer code ended it, what was on its\n"
    "way at that moment, what the other side did, who waited for whom, and what the caller may do next. Give the "
    "traces of both sides,\n"
    "if you have both; with one, it says what is not known.\n"
    "\n"
    "OPERATION is its id, 32 hexadecimal digits; its short form as `tandem trace show` prints it, such as 3f2a.100;\n"
    "or a trace id, for all operations that have it.",
    "The trace of a link has tickets only; the end is inferred from them. Clocks of several traces are corrected as\n"
    "by `tandem trace merge`; where it is not known how far they are apart, no times are told between the sides. A\n"
    "ticket \"never arrived\" only if the other side's trace goes on and lacks nothing as far as it says itself. Of a\n"
    "trace id, 1,000 operations are explained, and a note says how many more there are; of the tickets that were on\n"
    "their way, 20 at each side are listed, and all of them with --json. With\n"
    "--json it prints an object for each operation, a line each: {operation_id, name, front, back, remarks,\n"
    "advice}, where front and back are {known, outcome, inferred, cause, sentences, under_way, without_credit_ns,\n"
    "consumer_took_ns}; the last two are null if they are not known. cause is completion, caller, timer, customer\n"
    "code, breach, ticket, refusal, link, none or unknown.\n"
    "\n"
    "A side that has sent as many payloads as it is allowed has no credit until it is allowed more. Only if a payload\n"
    "follows at once then (within 1 ms) is it known to have waited. How long a consumer took is told by `consumed`\n"
    "records (tandem.trace.consumption), if there are some.\n"
    "\n"
    "Exit status: 0, or 1 if a file cannot be read or has no such operation, 2 for a usage error.");
  add_operation(command, options->operation);
  add_traces(command, options->files)->required();
  command.add_flag("--json", options->json, "print a JSON object to a line");
  command.callback([options, &run] { run = [options] { return trace_explain(*options, std::cout, std::cerr); }; });
}

} // namespace tandem::cli
