#include "../cli/text.hpp"
#include "commands.hpp"
#include "node_options.hpp"
#include "serve.hpp"
#include "services.hpp"

#include "../../actors/end_options.hpp"
#include "../../actors/nodes/link_options.hpp"

#include <memory>

namespace tandem::cli {

namespace {

std::string service_list() {
  constexpr size_t name_columns = 14;
  std::string result;
  for (const auto& x : service_descriptions())
    result += list_entry(x.name, x.what, name_columns);
  return result;
}

std::string serve_description() {
  return "Performs operations for fronts on other nodes, until SIGINT or SIGTERM. Prints \"listening on "
         "ADDRESS:PORT\"\n"
         "when it is up, and at the end how many operations ended with which outcome.";
}

std::string serve_footer() {
  return "Services, all for payloads that are texts:\n" + service_list()
         + "\nIf a service cannot use a payload, the operation ends as a servicer failure whose details say what "
           "would\n"
           "be right.\n"
           "\nA front may send as many payloads ahead of its service as the window has (tandem.end.window), and\n"
           "`range` makes results no faster than its front takes them.\n"
           "\nSIGINT or SIGTERM drains: fronts are told to go elsewhere, and when they have heard that, or after half "
           "of\n"
           "the grace, new operations are refused; running ones may end within the grace, and the rest are ended. A\n"
           "second signal ends the grace.\n"
           "\nWith TLS it accepts every front whose certificate the authority has signed, whatever the front's name, "
           "and\n"
           "reports on standard error which fronts it refused. Without TLS it listens only where this machine alone\n"
           "reaches it, unless --insecure is given: then nothing is encrypted, and anyone who connects can begin "
           "operations.\n"
           "\nWith --caf-port, CAF's middleman publishes the services too, for `tandem call --caf` and for programs "
           "that\n"
           "are nodes of a CAF cluster: it prints \"listening for CAF on ADDRESS:PORT\" first. That port is CAF's own: "
           "it\n"
           "has no TLS, its links do not outlive a connection that breaks, and whoever connects can send any\n"
           "message to any actor of the process.\n\n"
         + configuration_list()
         + "\nExit status: 0 after SIGINT or SIGTERM, 1 if it cannot listen, or cannot write the trace to its end, 2 "
           "for\n"
           "a usage error.";
}

} // namespace

void add_serve(CLI::App& app, command_run& run) {
  const auto options = std::make_shared<serve_options>();
  auto& command = *app.add_subcommand("serve", "Perform operations for fronts on other nodes");
  describe(command, "tandem serve [OPTIONS]", serve_description(), serve_footer());
  auto& node = options->node;
  add_shortcut(command, "--port", node, "tandem.link.port", "P", "the port to listen on; 0: any free one")
    ->check(whole_number(0, 65535))
    ->default_str("4242");
  add_shortcut(command, "--address", node, "tandem.link.address", "A",
               "the address to listen on; other machines reach it only with TLS")
    ->default_str("127.0.0.1");
  auto* caf_port
    = command.add_option("--caf-port", options->caf_port, "let CAF's middleman listen, too; 0: any free port")
        ->type_name("P")
        ->check(whole_number(0, 65535));
  command.add_option("--caf-address", options->caf_address, "the address where it does so")
    ->type_name("A")
    ->needs(caf_port)
    ->capture_default_str();
  add_duration_shortcut(command, "--default-timeout", node, "tandem.back.default-timeout",
                        "for operations whose front gave none")
    ->default_str(write_duration(end_options{}.default_timeout));
  add_duration_shortcut(command, "--max-timeout", node, "tandem.back.maximum-timeout",
                        "the longest that an operation may take")
    ->default_str(write_duration(end_options{}.maximum_timeout));
  command.add_option("--work-threads", options->work_threads, "threads that run the services")
    ->type_name("N")
    ->check(whole_number(1, 1024))
    ->capture_default_str();
  add_shortcut(command, "--shards", node, "tandem.end.shards", "N",
               "actors that share the operations (default: one for each core)")
    ->check(whole_number(1, 256));
  add_shortcut(command, "--max-operations", node, "tandem.back.maximum-operations", "N",
               "how many operations may run at a time; others are refused (default: no limit)")
    ->check(whole_number(0, 1'000'000'000));
  add_duration_shortcut(command, "--window", node, "tandem.link.window",
                        "how long operations outlive a connection that broke", true)
    ->default_str(write_duration(link_options{}.window));
  add_duration(command, "--grace", into(options->grace),
               "how long running operations may go on after SIGINT or SIGTERM", true)
    ->default_str(write_duration(options->grace));
  add_trace_file(command, node);
  command.add_flag("--verbose", options->verbose, "report on standard error when operations begin and end");
  add_tls(command, node);
  command.add_flag_callback(
    "--insecure",
    [options] {
      options->insecure = true;
      options->node.shortcuts.emplace_back("tandem.link.insecure=true");
    },
    "let other machines reach --address and --caf-address without TLS: trust all of them");
  add_configuration(command, node);
  command.callback([options, &run] { run = [options] { return serve(*options); }; });
}

} // namespace tandem::cli
