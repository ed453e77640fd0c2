#include "../exporting/export.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"
#include "../../cli/exit_status.hpp"

#include <iostream>
#include <memory>

namespace tandem::cli {

namespace {

constexpr auto description
  = "Writes traces in the form of other programs; several traces are merged by time.\n"
    "\n"
    "  --otlp    OpenTelemetry spans: JSON Lines, each line an ExportTraceServiceRequest. The Collector's\n"
    "            otlpjsonfile receiver and Jaeger's upload read such files. An operation at a side is a span, a\n"
    "            ticket an event of it.\n"
    "  --chrome  Chrome trace events: one JSON document for ui.perfetto.dev or chrome://tracing. A process for each\n"
    "            node and side, a track for each operation, arrows from where tickets were sent to where they were\n"
    "            received.\n"
    "  --csv     RFC 4180: a line for each record, a column for each field, the first line has their names.";

constexpr auto footer
  = "OTLP: the trace id is the operation's trace_id, else that of the operation on whose behalf it was commenced, "
    "else\n"
    "the operation id. The parent of a back's span is the front's span of the same operation, so the files of several\n"
    "nodes can be exported one by one; where a child's back has no trace_id, export them together. completed is "
    "status\n"
    "OK, other outcomes are ERROR, an end that was not recorded leaves it unset. A line has spans of one node; post\n"
    "it to a Collector's /v1/traces, or let it read the file:\n"
    "  receivers: {otlpjsonfile: {include: [spans.jsonl], start_at: beginning}}\n"
    "\nWhere no end was recorded it is inferred from the tickets (OTLP: tandem.end_inferred). Times within an "
    "operation\n"
    "are those of the monotonic clock, and begin at the time of day of its first record; CSV has both clocks as they\n"
    "were recorded, nanoseconds, and in offset_ns what is to be added to wall_ns. Clocks of several traces are\n"
    "corrected as by `tandem trace merge`. Chrome's times begin at zero, the earliest record, for which the files are\n"
    "read twice. In CSV a text that a spreadsheet would take for a formula has an apostrophe in front; line ends\n"
    "and tabs stay as they are, in quotes; other control characters, and those that are invisible or turn the\n"
    "direction of writing, are question marks.\n"
    "\nPayloads are JSON, up to --payload-limit; it is 256 unless given, without limit in CSV. 0 leaves them out.\n"
    "\nExit status: 0, or 1 if a file cannot be read (the others are exported all the same) or the output cannot be\n"
    "written, 2 for a usage error.";

} // namespace

void add_export(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_export_options>();
  auto& command = *trace.add_subcommand("export", "Write traces for OpenTelemetry, Perfetto, or as CSV");
  describe(command, "tandem trace export --otlp|--chrome|--csv FILE... [-o OUT] [OPTIONS]", description, footer);
  add_traces(command, options->files)->required();
  auto formats = std::make_shared<std::vector<export_format>>();
  const auto add_format = [&](const std::string& name, export_format format, const std::string& help) {
    return command.add_flag_callback(
      name, [formats, format] { formats->push_back(format); }, help);
  };
  add_format("--otlp", export_format::otlp, "OpenTelemetry spans");
  add_format("--chrome", export_format::chrome, "Chrome trace events, for Perfetto");
  add_format("--csv", export_format::csv, "a table");
  command.add_option("-o,--output", options->output, "where to; - for standard output (default)")->type_name("OUT");
  command.add_option("--service", options->service, "--otlp: the service.name (default: the name of each node)")
    ->type_name("NAME");
  command
    .add_option("--max-tickets", options->most_events, "--otlp: how many tickets of an operation at a side are events")
    ->type_name("N")
    ->check(whole_number(0, 1'000'000'000))
    ->capture_default_str();
  command
    .add_option_function<uint64_t>(
      "--payload-limit", [options](uint64_t bytes) { options->payload_limit = bytes; },
      "how many bytes of each payload")
    ->type_name("BYTES")
    ->check(whole_number(0, 1'000'000'000'000));
  command.callback([options, formats, &run] {
    run = [options, formats] {
      if (formats->size() != 1)
        throw usage_error{"expected one of --otlp, --chrome and --csv, got " + std::to_string(formats->size())};
      options->format = formats->front();
      return trace_export(*options, std::cerr);
    };
  });
}

} // namespace tandem::cli
