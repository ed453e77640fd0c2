/// Tandem's options in CAF's configuration, and the example file that has all of them.
#include "../../actors/back_end.hpp"
#include "../../actors/configuration.hpp"
#include "../../actors/nodes/configuration.hpp"
#include "../../actors/system.hpp"
#include "../support/source_files.hpp"

#include <doctest/doctest.h>

#include <sstream>

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

TEST_CASE("an option of the wrong type is refused and named") {
  system_config config;
  std::istringstream none;
  CHECK(config.parse({"--tandem.link.window=soon"}, none));
  configured x{"", {"--tandem.link.port=70000"}};
  CHECK_THROWS_WITH(configured_publish_options(x.system),
                    "tandem.link.port: expected a whole number of at most 65535, got 70000");
}
