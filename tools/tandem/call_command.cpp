#include "call.hpp"
#include "commands.hpp"
#include "node_options.hpp"

#include "../../actors/end_options.hpp"
#include "../../actors/nodes/connect_options.hpp"
#include "../../actors/nodes/link_options.hpp"

#include <memory>
#include <optional>
#include <string>

namespace tandem::cli {

namespace {

std::string call_description() {
  return "Runs one operation. Prints its results on standard output as they come, one a line (a payload that is not a\n"
         "text is printed as JSON), and its outcome on standard error. SIGINT (Ctrl-C) cancels the operation, a "
         "second\n"
         "one quits at once.";
}

std::string call_footer() {
  return "Without --payload, --file and --stdin the operation gets no payload. Lines are sent without their newlines; "
         "a\n"
         "line above 1 MiB is sent in pieces.\n"
         "\nA file of any size is sent without being loaded: it is read no faster than the service takes it, and "
         "about\n"
         "4 MiB of it are on their way at a time, or the back's window of payloads. Likewise results come no faster\n"
         "than somebody reads what is printed.\n"
         "\nTo call a back that serves with TLS, give --certificate, --key and --authority.\n"
         "\nWith --caf instead of an address, CAF's middleman connects to a `tandem serve --caf-port`, or to another "
         "node "
         "of\n"
         "a CAF cluster that publishes a gateway. There is no TLS then, the operation does not outlive a connection "
         "that\n"
         "breaks, and nothing but the windows of its two sides bounds what is on its way.\n"
         "\nOf several backs, the first that can be reached gets the operation. If it refuses, and nothing follows "
         "the\n"
         "first payload, the next one gets it. With --balance-key, one key always leads to the same back.\n\n"
         + configuration_list()
         + "\nExit status:\n"
           "   0  completed               10  cancelled               11  expired\n"
           "  12  reception failure       13  transmission failure    14  servicer failure\n"
           "  15  serviced failure         2  usage error            130  interrupted twice\n"
           "   1  anything else, such as: cannot connect, file missing, trace not written to its end\n"
           "\nWith --subscription none nothing is known of the other side: completed means that everything was sent.";
}

void add_input(CLI::App& command, call_options& x) {
  command.add_option("--payload", x.payloads, "send this text as a payload; may be given several times")
    ->type_name("TEXT")
    ->allow_extra_args(false);
  auto* file = command.add_option("--file", x.stream, "then send this file, each line as a payload")->type_name("FILE");
  auto* input = command.add_flag_callback(
    "--stdin", [&x] { x.stream = "-"; }, "then send standard input likewise");
  input->excludes(file);
  command.add_flag_callback(
    "--bytes", [&x] { x.pieces = piece::chunk; },
    "send the file or standard input in chunks of 64 KiB instead of lines");
}

/// What stands on the command line without an option; with --caf, the first of the two is the name.
struct call_words {
  std::optional<std::string> host;
  std::optional<std::string> name;
};

std::shared_ptr<call_words> add_words(CLI::App& command) {
  auto result = std::make_shared<call_words>();
  command
    .add_option_function<std::string>(
      "HOST", [result](const std::string& x) { result->host = x; }, "where `tandem serve` listens")
    ->type_name("HOST:PORT[,HOST:PORT]...");
  command
    .add_option_function<std::string>(
      "NAME", [result](const std::string& x) { result->name = x; }, "the service, such as echo or \"word count\"")
    ->type_name("NAME");
  return result;
}

void take_words(const call_words& from, call_options& x) {
  if (x.caf && from.name)
    throw CLI::ValidationError{"--caf",
                               "expected the name of the service alone with it, got \"" + *from.host + "\" too"};
  if (!x.caf && from.host) {
    auto backs = parse_endpoints(*from.host);
    if (!backs)
      throw CLI::ValidationError{"HOST", "expected " + std::string{endpoints_wanted} + ", got \"" + *from.host + "\""};
    x.backs = std::move(*backs);
  }
  if (!x.caf && !from.host)
    throw CLI::RequiredError{"HOST"};
  const auto& name = x.caf ? from.host : from.name;
  if (!name)
    throw CLI::RequiredError{"NAME"};
  x.name = *name;
}

void add_output(CLI::App& command, call_options& x) {
  add_trace_file(command, x.node);
  auto* quiet = command.add_flag("--quiet", x.quiet, "print nothing but results and errors");
  auto* progress = command.add_flag_callback(
    "--progress", [&x] { x.progress = true; }, "report progress, even if standard error is not a terminal");
  auto* none = command.add_flag_callback(
    "--no-progress", [&x] { x.progress = false; }, "do not report progress");
  progress->excludes(none);
  progress->excludes(quiet);
}

} // namespace

void add_call(CLI::App& app, command_run& run) {
  const auto options = std::make_shared<call_options>();
  auto& command = *app.add_subcommand("call", "Run one operation at a back that is served elsewhere");
  describe(command,
           "tandem call HOST:PORT[,HOST:PORT]... NAME [OPTIONS]\n       tandem call --caf HOST:PORT NAME [OPTIONS]",
           call_description(), call_footer());
  const auto words = add_words(command);
  auto* caf = add_parsed(command, "--caf", into(options->caf), "HOST:PORT", parse_endpoint,
                         std::string{endpoint_wanted}, "where `tandem serve --caf-port` listens, instead of HOST:PORT");
  add_input(command, *options);
  add_duration(command, "--timeout", into(options->timeout),
               "how long it may take (default: 1m here, and no longer than the back allows)", true);
  add_parsed(command, "--subscription", into(options->subscription), "KIND", parse_subscription_kind,
             "full, termination only or none", "what is wanted of the back: full (default), termination only, none");
  add_parsed(command, "--trace-id", into(options->trace_id), "UUID", parse_trace_id,
             "a UUID such as 1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", "the set of related operations it belongs to");
  add_output(command, *options);
  command.add_option("--balance-key", options->key, "of several backs, always take the same one for the same text")
    ->type_name("TEXT")
    ->excludes(caf);
  auto& node = options->node;
  add_duration_shortcut(command, "--connect-timeout", node, "tandem.link.connect-timeout",
                        "how long to wait for the back to answer")
    ->default_str(write_duration(connect_options{}.timeout));
  add_duration_shortcut(command, "--window", node, "tandem.link.window",
                        "how long the operation outlives a connection that broke", true)
    ->default_str(write_duration(link_options{}.window))
    ->excludes(caf);
  add_tls(command, node);
  add_configuration(command, node);
  command.callback([options, words, &run] {
    take_words(*words, *options);
    if (options->name.empty() || options->name.size() > longest_name)
      throw CLI::ValidationError{"NAME", "expected a name of 1 to " + std::to_string(longest_name) + " bytes"};
    if (options->pieces == piece::chunk && options->stream.empty())
      throw CLI::ValidationError{"--bytes", "expected --file or --stdin with it"};
    run = [options] { return call(*options); };
  });
}

} // namespace tandem::cli
