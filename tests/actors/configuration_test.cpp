/// Tandem's options in CAF's configuration, and the example file that has all of them.
#include "../../actors/back_end.hpp"
#include "../../actors/configuration.hpp"
#include "../../actors/nodes/configuration.hpp"
#include "../../actors/system.hpp"
#include "../support/source_files.hpp"
#include "../support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A system with a configuration file of this content, and these arguments.
struct configured {
  system_config config;
  caf::actor_system system;

  explicit configured(const std::string& file, std::vector<std::string> arguments = {})
    : system(parse(config, file, std::move(arguments))) {
  }

  static system_config& parse(system_config& config, const std::string& file, std::vector<std::string> arguments) {
    std::istringstream in{file};
    const auto error = config.parse(std::move(arguments), in);
    REQUIRE_MESSAGE(!error, caf::to_string(error));
    return config;
  }
};

std::string example() {
  return content_of(std::string{"tools/tandem/tandem."} + compat::configuration_format);
}

} // namespace

TEST_CASE("the example configuration has every option, with its default") {
  configured x{example()};
  const auto front = configured_front_options(x.system);
  CHECK(front.default_timeout == end_options{}.default_timeout);
  CHECK(front.shards == end_options{}.shards);
  CHECK(front.held_tickets == end_options{}.held_tickets);
  CHECK(front.window == end_options{}.window);
  CHECK(front.window_bytes == end_options{}.window_bytes);
  CHECK(front.waiting_bytes == end_options{}.waiting_bytes);
  CHECK(front.waiting_payloads == end_options{}.waiting_payloads);
  const auto back = configured_back_options(x.system);
  CHECK(back.default_timeout == end_options{}.default_timeout);
  CHECK(back.maximum_timeout == end_options{}.maximum_timeout);
  CHECK(back.maximum_operations == end_options{}.maximum_operations);
  CHECK(back.remembered_operations == end_options{}.remembered_operations);
  const auto link = configured_connect_options(x.system);
  CHECK(link.timeout == connect_options{}.timeout);
  CHECK(link.first_pause == connect_options{}.first_pause);
  CHECK(link.longest_pause == connect_options{}.longest_pause);
  CHECK(link.link.window == link_options{}.window);
  CHECK(link.link.resend_limit == link_options{}.resend_limit);
  CHECK(link.link.maximum_payload == link_options{}.maximum_payload);
  CHECK(link.link.ping_interval == link_options{}.ping_interval);
  CHECK(link.link.silence_limit == link_options{}.silence_limit);
  CHECK(link.link.handshake_timeout == link_options{}.handshake_timeout);
  CHECK(link.link.linger == link_options{}.linger);
  CHECK(link.link.node_name.empty());
  const auto publication = configured_publish_options(x.system);
  CHECK(publication.address == publish_options{}.address);
  CHECK(publication.port == publish_options{}.port);
  CHECK(publication.insecure == publish_options{}.insecure);
  CHECK(publication.limits.operations_per_session == publish_options{}.limits.operations_per_session);
  CHECK(publication.limits.waiting_bytes_per_session == publish_options{}.limits.waiting_bytes_per_session);
  CHECK(!configured_tls_options(x.config));
  CHECK(x.config.unknown_options().empty());

  const auto options = describe_options();
  CHECK(options.size() >= 20);
  for (const auto& option : options)
    CHECK_MESSAGE(example().find(option.name.substr(option.name.rfind('.') + 1)) != std::string::npos, option.name);
}

TEST_CASE("options come from the command line, and ends take them") {
  configured x{"",
               {"--tandem.back.maximum-operations=1", "--tandem.link.window=3s", "--tandem.front.default-timeout=7s",
                "--tandem.link.node-name=here", "--tandem.link.operations-per-session=5"}};
  CHECK(configured_back_options(x.system).maximum_operations == 1);
  CHECK(configured_connect_options(x.system).link.window == 3s);
  CHECK(configured_publish_options(x.system).link.node_name == "here");
  CHECK(configured_publish_options(x.system).limits.operations_per_session == 5);
  CHECK(configured_front_options(x.system).default_timeout == 7s);
  back_end back{x.system, std::make_shared<method_table>()};
  CHECK(back.maximum_operations() == 1);
}

TEST_CASE("the files of TLS come from the configuration, and what is missing is named") {
  configured x{"", {"--tandem.tls.certificate=a b.pem", "--tandem.tls.key=k", "--tandem.tls.authority=c"}};
  const auto options = configured_tls_options(x.config);
  REQUIRE(options);
  CHECK(options->certificate == "a b.pem");
  CHECK(options->key == "k");
  CHECK(options->authority == "c");
  CHECK(options->passphrase == "");
  CHECK_THROWS_WITH_AS(use_configured_tls(x.config), "TLS certificate a b.pem: No such file or directory", tls_error);
  configured no_passphrase{"", {"--tandem.tls.passphrase-file=none"}};
  CHECK_THROWS_WITH_AS(use_configured_tls(no_passphrase.config), "TLS passphrase none: No such file or directory",
                       tls_error);
}

TEST_CASE("what is no option is found") {
  configured x{"", {"--tandem.link.window=3s"}};
  CHECK(x.config.has_option("tandem.link.window"));
  CHECK(x.config.has_option("tandem.tls.key"));
  CHECK(!x.config.has_option("tandem.link.windw"));
  const bool ini = compat::configuration_format == std::string{"ini"};
  configured misspelt{ini ? "[tandem.link]\nwindw=3s\nwindow=3s\n" : "tandem { link { windw = 3s, window = 3s } }"};
  CHECK(misspelt.config.unknown_options() == std::vector<std::string>{"tandem.link.windw"});
}

namespace {

/// What is said of these arguments and this file; "accepted" if nothing is.
std::string said_of(std::vector<std::string> arguments, const std::string& file = "") {
  system_config config;
  std::istringstream in{file};
  const auto error = config.parse(std::move(arguments), in);
  return error ? problem_of(error) : "accepted";
}

} // namespace

TEST_CASE("an option of the wrong type is refused") {
  for (const auto* x : {"--tandem.link.window=soon", "--tandem.link.window=5", "--tandem.link.port=x",
                        "--tandem.link.port=", "--tandem.link.port=1.5", "--tandem.trace.sample=x",
                        "--tandem.link.port=18446744073709551616", "--tandem.trace.sample=nan"})
    CHECK_MESSAGE(said_of({x}) != "accepted", x);
}

TEST_CASE("a number beyond its type, or beyond sense, is refused when it is parsed, and what would be right is said") {
  struct sample {
    const char* argument;
    const char* said;
  };
  for (const auto& [argument, said] : {
         sample{"port=65535", "accepted"},
         sample{"port=65536", "tandem.link.port: expected a whole number from 0 to 65535, got 65536"},
         sample{"port=18446744073709551615",
                "tandem.link.port: expected a whole number of at most 9223372036854775807, got 18446744073709551615"},
         sample{"port=9223372036854775808",
                "tandem.link.port: expected a whole number of at most 9223372036854775807, got 9223372036854775808"},
         sample{"maximum-payload=0", "link_options: maximum_payload must not be zero: no payload could be sent"},
         sample{"resend-limit=18446744073709551615",
                "tandem.link.resend-limit: expected a whole number of at most 9223372036854775807, got "
                "18446744073709551615"},
         sample{"window=-1s", "link_options: window must not be negative"},
         sample{"window=5124096h", "tandem.link.window: expected a duration of at most 292 years, got 5124096h"},
       }) {
    CHECK(said_of({"--tandem.link."s + argument}) == said);
  }
  for (const auto& [argument, said] : {
         sample{"end.held-tickets=4294967295", "accepted"},
         sample{"end.held-tickets=4294967296",
                "tandem.end.held-tickets: expected a whole number from 0 to 4294967295, got 4294967296"},
         sample{"end.shards=257", "end_options: shards must be at most 256, got 257"},
         sample{"back.maximum-timeout=0s", "end_options: maximum_timeout must be more than zero"},
         sample{"trace.sample=2", "recording_options: sample must be more than 0 and at most 1, got 2.000000"},
         sample{"trace.files=0", "recording_options: files must be at least 1"},
       }) {
    CHECK(said_of({"--tandem."s + argument}) == said);
  }
}

TEST_CASE("a scheduler in which nothing would run is refused, by the command line and by a file") {
  const bool ini = compat::configuration_format == std::string{"ini"};
  const auto prefix = ini ? ""s : "caf."s;
  for (const auto* name : {"max-threads", "max-throughput"}) {
    const auto said = prefix + "scheduler." + name + ": expected a whole number of at least 1, got 0";
    CHECK(said_of({"--" + prefix + "scheduler." + name + "=0"}) == said);
    const auto file = ini ? "[scheduler]\n"s + name + "=0\n" : "caf { scheduler { "s + name + " = 0 } }";
    CHECK(said_of({}, file) == said);
  }
}

TEST_CASE("more threads than a machine has is refused, since CAF would hang") {
  const auto prefix = compat::configuration_format == std::string{"ini"} ? ""s : "caf."s;
  CHECK(said_of({"--" + prefix + "scheduler.max-threads=1000000"})
        == prefix + "scheduler.max-threads: expected a whole number of at most 4096, got 1000000");
  CHECK(said_of({"--" + prefix + "scheduler.max-threads=4096"}) == "accepted");
}

TEST_CASE("a policy that no scheduler has is refused, by the command line and by a file") {
  const bool ini = compat::configuration_format == std::string{"ini"};
  const auto prefix = ini ? ""s : "caf."s;
  const auto said = prefix + "scheduler.policy: expected stealing or sharing, got stealin";
  CHECK(said_of({"--" + prefix + "scheduler.policy=stealin"}) == said);
  CHECK(said_of({}, ini ? "[scheduler]\npolicy='stealin'\n" : "caf { scheduler { policy = \"stealin\" } }") == said);
  for (const auto* known : {"stealing", "sharing"})
    CHECK(said_of({"--" + prefix + "scheduler.policy=" + known}) == "accepted");
}

TEST_CASE("a duration in a file that is too long to be counted is refused, with its option, whatever the file is") {
  const bool ini = compat::configuration_format == std::string{"ini"};
  const auto said = "tandem.front.default-timeout: expected a duration of at most 292 years, got 9999999999h"s;
  const auto file = ini ? "; 9999999999h\n[tandem.link]\nwindow=2s ; ms\nnode-name=\"5124096h\"\n"
                          "[tandem.front] \ndefault-timeout = 9999999999h\n"s
                        : "# 9999999999h\ntandem {\n  link { window = 2s, node-name = \"5124096h\" }\n"
                          "  front {\n    default-timeout = 9999999999h\n  }\n}\n"s;
  CHECK(said_of({}, file) == said);
  const temporary_folder folder;
  const auto named = "--config-file=" + folder.file("a.conf", file);
  system_config config;
  CHECK(problem_of(config.parse(std::vector<std::string>{named})) == said);
  char name[] = "program";
  std::string argument = named;
  char* arguments[] = {name, argument.data()};
  system_config other;
  CHECK(problem_of(other.parse(2, arguments)) == said);
  if (!ini)
    return;
  CHECK(said_of({}, "tandem={front={default-timeout=-9999999999h}}\n")
        == "tandem.front.default-timeout: expected a duration of at most 292 years, got -9999999999h");
  for (const auto* whole :
       {"[scheduler]\nprofiling-resolution=2562047h\n", "[tandem.link]\nnode-name=\"it's 5124096h\"\n",
        "[tandem.link]\nnode-name=\"say \\\"5124096h\\\" now\"\n", "; [ ' \" 5124096h"})
    CHECK(said_of({}, whole) == "accepted");
}

TEST_CASE("a configuration file that is empty is one without options; one that is broken, or not there, is refused") {
  CHECK(said_of({}, "") == "accepted");
  CHECK(said_of({}, "\n\n") == "accepted");
  for (const auto* broken : {"[tandem.link\nport=", "tandem { link { port = ", "port", "\x01\x02\xff", "[", "=5"})
    CHECK_MESSAGE(said_of({}, broken) != "accepted", broken);
  system_config config;
  const auto error = config.parse(std::vector<std::string>{"--config-file=/none/such.conf"});
  REQUIRE(error);
  CHECK(problem_of(error) == "configuration /none/such.conf: No such file or directory");
  char name[] = "program";
  char folder[] = "--config-file=/";
  char* arguments[] = {name, folder};
  CHECK(system_config{}.parse(2, arguments));
}
