#include "command_line.hpp"

#include "../cli/command_options.hpp"
#include "../cli/duration_text.hpp"
#include "../cli/exit_status.hpp"
#include "../cli/standard_output.hpp"
#include "../cli/text.hpp"
#include "../trace/commands.hpp"
#include "call.hpp"
#include "help.hpp"
#include "operations.hpp"
#include "replay.hpp"
#include "serve.hpp"

#include "../../actors/configuration.hpp"
#include "../../actors/system.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>

namespace tandem::cli {

namespace {

/// Everything that the command line can say.
struct parsed {
  std::function<int()> run; ///< the command that was given
  serve_options serve;
  call_options call;
  operations_options operations;
  replay_command_options replay;
};

/// `set` is called with the duration.
template <class Set>
CLI::Option* add_duration(CLI::App& app, const std::string& name, Set set, const std::string& help,
                          bool may_be_zero = false) {
  auto parse = [may_be_zero](const std::string& text) {
    auto result = parse_duration(text);
    return result && (may_be_zero || *result > duration::zero()) ? result : std::nullopt;
  };
  const auto wanted = std::string{duration_wanted} + (may_be_zero ? "" : ", and more than zero");
  return add_parsed(app, name, set, "DURATION", parse, wanted, help);
}

/// An option that stands for one of CAF's configuration, `key`.
CLI::Option* add_shortcut(CLI::App& app, const std::string& name, node_arguments& x, const std::string& key,
                          const std::string& type, const std::string& help) {
  auto* option = app.add_option_function<std::string>(
    name, [&x, key](const std::string& text) { x.shortcuts.push_back(key + "=" + text); }, help);
  return option->type_name(type);
}

CLI::Option* add_duration_shortcut(CLI::App& app, const std::string& name, node_arguments& x, const std::string& key,
                                   const std::string& help, bool may_be_zero = false) {
  const auto set
    = [&x, key](duration value) { x.shortcuts.push_back(key + "=" + std::to_string(value.count()) + "ns"); };
  return add_duration(app, name, set, help, may_be_zero);
}

void add_configuration(CLI::App& command, node_arguments& x) {
  command.add_option("--config-file", x.config_file, "read options from this file, in CAF's format")->type_name("FILE");
  command.add_option("--set", x.settings, "set an option of CAF's configuration; may be given several times")
    ->type_name("KEY=VALUE")
    ->allow_extra_args(false);
}

void add_tls(CLI::App& command, node_arguments& x) {
  add_shortcut(command, "--certificate", x, "tandem.tls.certificate", "FILE",
               "use TLS: show this certificate (PEM), and demand one");
  add_shortcut(command, "--key", x, "tandem.tls.key", "FILE", "the private key of that certificate (PEM)");
  add_shortcut(command, "--authority", x, "tandem.tls.authority", "FILE",
               "accept certificates that these sign, and no others (PEM)");
  add_shortcut(command, "--passphrase-file", x, "tandem.tls.passphrase-file", "FILE",
               "decrypt the key by the first line of this file");
}

void add_serve(CLI::App& app, parsed& x) {
  auto& command = *app.add_subcommand("serve", "Perform operations for fronts on other nodes");
  describe(command, serve_usage(), serve_description(), serve_footer());
  auto& node = x.serve.node;
  add_shortcut(command, "--port", node, "tandem.link.port", "P", "the port to listen on; 0: any free one")
    ->check(whole_number(0, 65535))
    ->default_str("4242");
  add_shortcut(command, "--address", node, "tandem.link.address", "A",
               "the address to listen on; other machines reach it only with TLS")
    ->default_str("127.0.0.1");
  add_duration_shortcut(command, "--default-timeout", node, "tandem.back.default-timeout",
                        "for operations whose front gave none")
    ->default_str(write_duration(end_options{}.default_timeout));
  add_duration_shortcut(command, "--max-timeout", node, "tandem.back.maximum-timeout", "no operation may take longer")
    ->default_str(write_duration(end_options{}.maximum_timeout));
  command.add_option("--work-threads", x.serve.work_threads, "threads that run the services")
    ->type_name("N")
    ->check(whole_number(1, 1024))
    ->capture_default_str();
  add_shortcut(command, "--shards", node, "tandem.end.shards", "N",
               "actors that share the operations (default: one for each core)")
    ->check(whole_number(1, 256));
  add_shortcut(command, "--max-operations", node, "tandem.back.maximum-operations", "N",
               "how many may run at a time; others are refused (default: no limit)")
    ->check(whole_number(0, 1'000'000'000));
  add_duration_shortcut(command, "--window", node, "tandem.link.window",
                        "how long operations outlive a connection that broke", true)
    ->default_str(write_duration(link_options{}.window));
  add_duration(command, "--grace", into(x.serve.grace), "how long running operations may go on after SIGINT or SIGTERM",
               true)
    ->default_str(write_duration(x.serve.grace));
  add_shortcut(command, "--trace", node, "tandem.trace.file", "FILE",
               "append every ticket that passes to this file, as JSON");
  command.add_flag("--verbose", x.serve.verbose, "say on standard error when operations begin and end");
  add_tls(command, node);
  command.add_flag_callback(
    "--insecure", [&node] { node.shortcuts.emplace_back("tandem.link.insecure=true"); },
    "let other machines reach --address without TLS: trust all of them");
  add_configuration(command, node);
  command.callback([&x] { x.run = [&x] { return serve(x.serve); }; });
}

void add_call_input(CLI::App& command, call_options& x) {
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

void add_call_output(CLI::App& command, call_options& x) {
  add_shortcut(command, "--trace", x.node, "tandem.trace.file", "FILE",
               "append every ticket that passes to this file, as JSON");
  auto* quiet = command.add_flag("--quiet", x.quiet, "print nothing but results and errors");
  auto* progress = command.add_flag_callback(
    "--progress", [&x] { x.progress = true; }, "say how far it is, even if standard error is no terminal");
  auto* none = command.add_flag_callback(
    "--no-progress", [&x] { x.progress = false; }, "do not say how far it is");
  progress->excludes(none);
  progress->excludes(quiet);
}

void add_call(CLI::App& app, parsed& x) {
  auto& command = *app.add_subcommand("call", "Run one operation at a back that is served elsewhere");
  describe(command, call_usage(), call_description(), call_footer());
  add_parsed(command, "HOST", into(x.call.backs), "HOST:PORT[,HOST:PORT]...", parse_endpoints,
             std::string{endpoints_wanted}, "where `tandem serve` listens")
    ->required();
  command.add_option("NAME", x.call.name, "the service, such as echo or \"word count\"")->type_name("NAME")->required();
  add_call_input(command, x.call);
  add_duration(command, "--timeout", into(x.call.timeout),
               "how long it may take (default: 1m here, and what the back allows)", true);
  add_parsed(command, "--subscription", into(x.call.subscription), "KIND", parse_subscription_kind,
             "full, termination only or none", "what is wanted of the back: full (default), termination only, none");
  add_parsed(command, "--trace-id", into(x.call.trace_id), "UUID", parse_trace_id,
             "a UUID such as 1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", "the set of related operations it belongs to");
  add_call_output(command, x.call);
  command.add_option("--balance-key", x.call.key, "of several backs, always take the same one for the same text")
    ->type_name("TEXT");
  auto& node = x.call.node;
  add_duration_shortcut(command, "--connect-timeout", node, "tandem.link.connect-timeout",
                        "how long to wait for the back to answer")
    ->default_str(write_duration(connect_options{}.timeout));
  add_duration_shortcut(command, "--window", node, "tandem.link.window",
                        "how long the operation outlives a connection that broke", true)
    ->default_str(write_duration(link_options{}.window));
  add_tls(command, node);
  add_configuration(command, node);
  command.callback([&x] {
    if (x.call.name.empty() || x.call.name.size() > longest_name)
      throw CLI::ValidationError{"NAME", "expected a name of 1 to " + std::to_string(longest_name) + " bytes"};
    if (x.call.pieces == piece::chunk && x.call.stream.empty())
      throw CLI::ValidationError{"--bytes", "expected --file or --stdin with it"};
    x.run = [&x] { return call(x.call); };
  });
}

void add_operations(CLI::App& app, parsed& x) {
  auto& command = *app.add_subcommand("operations", "List what is going on at a back elsewhere");
  describe(command, "tandem operations HOST:PORT [OPTIONS]",
           "Asks a back that is published on another node for its open operations, the oldest first: how old each is\n"
           "and how long it may still take, the sequence numbers of the next tickets each way, tickets held ahead of\n"
           "their turn, payloads that wait for customer code, and whose it is.",
           "Exit status: 0, 1 if the back cannot be asked, 2 for a usage error.");
  add_parsed(command, "HOST", into(x.operations.back), "HOST:PORT", parse_endpoint, std::string{endpoints_wanted},
             "where the back is published")
    ->required();
  command.add_option("--most", x.operations.most, "list at most so many")
    ->type_name("N")
    ->check(whole_number(1, 1'000'000))
    ->capture_default_str();
  add_duration(command, "--timeout", into(x.operations.timeout), "how long to wait for the answer")
    ->default_str(write_duration(x.operations.timeout));
  command.add_flag("--json", x.operations.json, "print the answer as JSON");
  add_tls(command, x.operations.node);
  add_configuration(command, x.operations.node);
  command.callback([&x] { x.run = [&x] { return operations(x.operations); }; });
}

void add_replay(CLI::App& app, parsed& x) {
  auto& command = *app.add_subcommand("replay", "Play a recorded trace against a back elsewhere");
  describe(command, "tandem replay TRACE --against HOST:PORT [OPTIONS]",
           "Sends the tickets that fronts sent when TRACE was recorded to a back again, with ids of their own, and\n"
           "compares what comes back with what is recorded: kinds, sequence and payloads; not ids, times and details.\n"
           "A ticket that followed an answer of the back waits for that answer again.",
           "Operations whose beginning or payloads are not in the trace are not played, and listed. The whole trace\n"
           "is held in memory. In a program's own tests, `tandem::replay` does the same in virtual time, and the\n"
           "other way round too (actors/replay/replay.hpp).\n"
           "\nExit status: 0 if nothing differs, 1 if something does or nothing can be played, 2 for a usage error.");
  command.add_option("TRACE", x.replay.trace, "a trace; - for standard input")->type_name("TRACE")->required();
  add_parsed(command, "--against", into(x.replay.back), "HOST:PORT", parse_endpoint, std::string{endpoints_wanted},
             "where the back is published")
    ->required();
  command.add_flag("--no-delays", x.replay.no_delays, "do not wait as long as was recorded between tickets");
  add_duration(command, "--patience", into(x.replay.patience), "how long to wait for an answer that is recorded")
    ->default_str(write_duration(x.replay.patience));
  command.add_flag("--json", x.replay.json, "print the result as JSON");
  add_tls(command, x.replay.node);
  add_configuration(command, x.replay.node);
  command.callback([&x] { x.run = [&x] { return replay(x.replay); }; });
}

/// The innermost command that was named, for the hint: "tandem trace show".
std::string named_command(const CLI::App& app) {
  auto result = app.get_name();
  for (const auto* inner : app.get_subcommands())
    result += " " + named_command(*inner);
  return result;
}

/// "serve, call and trace", with this word before the last one.
std::string list_commands(const CLI::App& app, const std::string& word) {
  std::string result;
  const auto all = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* x : all)
    result += (x == all.front() ? "" : x == all.back() ? " " + word + " " : ", ") + x->get_name();
  return result;
}

/// `given`: what stands where a command of `app` was expected; null: nothing.
std::string describe_missing_command(const CLI::App& app, const char* given) {
  if (given == nullptr)
    return "a command is required: " + list_commands(app, "or");
  return (given[0] == '-' ? "unknown option " : "unknown command ") + printable(given) + "; the commands are "
         + list_commands(app, "and");
}

/// CLI11 says of an unknown command that one is required, and knows no names with a colon.
std::string describe_usage_error(const CLI::App& app, const CLI::ParseError& e, int argc, const char* const* argv) {
  const auto given = app.get_subcommands();
  if (given.empty())
    return describe_missing_command(app, argc > 1 ? argv[1] : nullptr);
  if (given.front()->get_name() == "trace" && given.front()->get_subcommands().empty())
    return describe_missing_command(*given.front(), argc > 2 ? argv[2] : nullptr);
  const std::string text = e.what();
  return text.starts_with("HOST is ") ? "HOST:PORT" + text.substr(4) : text;
}

int refuse_usage(const CLI::App& app, const std::string& why) {
  std::fprintf(stderr, "tandem: %s\nSee `%s --help`.\n", why.c_str(), named_command(app).c_str());
  return exit_usage;
}

int run(int argc, const char* const* argv) {
  init_types<>();
  parsed x;
  CLI::App app{"", "tandem"};
  describe(app, main_usage(), main_description(), main_footer());
  app.set_version_flag("--version", "tandem " + std::string{version()}, "print the version");
  app.require_subcommand(1);
  add_serve(app, x);
  add_call(app, x);
  add_operations(app, x);
  add_replay(app, x);
  add_trace(app, x.run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0)
      return app.exit(e); // help, version
    return refuse_usage(app, describe_usage_error(app, e, argc, argv));
  }
  try {
    return x.run();
  } catch (const usage_error& e) {
    return refuse_usage(app, e.what());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tandem: %s\n", e.what());
    return exit_error;
  }
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN); // a reader that goes away, such as head, shows as a failed write
  occupy_closed_streams();
  output_watch output;
  const int status = run(argc, argv);
  const auto problem = output.finish();
  if (!problem.empty())
    std::fprintf(stderr, "tandem: %s\n", problem.c_str());
  return status == exit_good && !problem.empty() ? exit_error : status;
}

} // namespace tandem::cli
