/// `tandem call` with several addresses, and the configuration that serve and call take.
#include "../support/tandem_process.hpp"

#include "../../actors/compat/system.hpp"

#include <sstream>

using namespace tandem_test;

namespace {

/// In the format of this CAF.
std::string configuration(const std::string& category, const std::string& assignment) {
  const bool ini = tandem::compat::configuration_format == std::string{"ini"};
  return ini ? "[tandem." + category + "]\n" + assignment + "\n" : "tandem { " + category + " { " + assignment + " } }";
}

finished call_of(const std::string& addresses, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"call", addresses});
  return run_tandem(arguments);
}

} // namespace

TEST_CASE("call goes on to the next address if nothing listens at one, and says so") {
  const auto deserted = deserted_address();
  serving back;
  const auto good = call_of(deserted + "," + back.address, {"echo", "--payload", "hi"});
  CHECK(good.status == 0);
  CHECK_MESSAGE(contains(good.output, "tandem: cannot connect to " + deserted), good.output);
  CHECK_MESSAGE(contains(good.output, "hi\n"), good.output);
  CHECK(call_of(deserted + "," + back.address, {"echo", "--payload", "hi", "--quiet"}).output == "hi\n");
  const auto bad = call_of(deserted, {"echo"});
  CHECK(bad.status == 1);
  CHECK_MESSAGE(contains(bad.output, "tandem: cannot connect to " + deserted), bad.output);
}

TEST_CASE("an operation that one back refuses goes to the next, but not if more than its first ticket is to be sent") {
  serving full{{"--max-operations", "1"}};
  serving free;
  tandem_process sleeper{{"call", full.address, "sleep", "--payload", "1h"}};
  full.running.await_line("begun: ");
  const auto both = full.address + "," + free.address;
  const auto moved = call_of(both, {"echo", "--payload", "hi"});
  CHECK(moved.status == 0);
  CHECK_MESSAGE(contains(moved.output, "as many operations as it may, 1; trying another back"), moved.output);
  CHECK_MESSAGE(contains(moved.output, "hi\n"), moved.output);
  CHECK(call_of(both, {"echo", "--payload", "hi", "--payload", "ho"}).status == 13);
  CHECK(call_of(full.address, {"echo", "--payload", "hi"}).status == 13);
  sleeper.send_signal(SIGINT);
  CHECK(sleeper.wait() == 10);
}

TEST_CASE("the same key always leads to the same back") {
  serving one;
  serving two;
  const auto both = one.address + "," + two.address;
  for (int i = 0; i < 3; ++i)
    for (const auto* key : {"a", "b", "c", "d", "e", "f", "g", "h"})
      REQUIRE(call_of(both, {"echo", "--payload", "hi", "--balance-key", key}).status == 0);
  const auto count = [](serving& x) {
    std::istringstream said{x.stop().output};
    int result = 0;
    for (std::string line; std::getline(said, line);)
      result += line.starts_with("begun: ") ? 1 : 0;
    return result;
  };
  const int at_one = count(one);
  CHECK(at_one % 3 == 0);
  CHECK(at_one + count(two) == 24);
}

TEST_CASE("serve and call take CAF's configuration, from a file and by name; options of theirs win") {
  temporary_folder files;
  const auto file = files.file("tandem.conf", configuration("back", "maximum-timeout = 50ms"));
  serving back{{"--config-file", file}};
  CHECK(call(back, {"sleep", "--payload", "1h"}).status == 11);
  serving other{{"--config-file", file, "--set", "tandem.back.maximum-timeout=40ms", "--max-timeout", "1m"}};
  CHECK(call(other, {"sleep", "--payload", "100ms"}).status == 0);
  CHECK(call(other, {"sleep", "--payload", "1h", "--set", "tandem.front.default-timeout=10ms"}).status == 11);
  CHECK(call(other, {"echo", "--payload", "x", "--config-file", files.file("empty", "")}).status == 0);
}

TEST_CASE("what is wrong with the configuration is named") {
  temporary_folder files;
  const auto check = [](const std::vector<std::string>& arguments, int status, const std::string& part) {
    const auto x = run_tandem(arguments);
    CHECK(x.status == status);
    CHECK_MESSAGE(contains(x.output, part), x.output);
  };
  check({"serve", "--set", "tandem.link.windw=2s"}, 2,
        "tandem: --set: there is no option \"tandem.link.windw\"; did you mean tandem.link.window?");
  check({"serve", "--set", "tandem.link.window=soon"}, 2,
        "tandem: --set: \"tandem.link.window=soon\" is not what that option takes; it takes a duration, such as 500ms");
  check({"serve", "--set", "tandem.link.port=http"}, 2, "it takes a whole number of at least 0");
  check({"serve", "--set", "window"}, 2, "tandem: --set: expected KEY=VALUE, such as tandem.link.window=2s");
  check({"serve", "--set", "tandem.back.default-timeout=0s"}, 2, "default_timeout must be more than zero");
  const std::string of_caf = tandem::compat::configuration_format == std::string{"ini"} ? "" : "caf.";
  check({"serve", "--set", of_caf + "scheduler.max-threads=0"}, 2,
        of_caf + "scheduler.max-threads: expected a whole number of at least 1");
  check({"serve", "--set", "tandem.link.port=65536"}, 2, "tandem.link.port: expected a whole number from 0 to 65535");
  check({"serve", "--config-file", files.file("none")}, 1, "none: No such file or directory");
  check({"serve", "--config-file", "/tmp"}, 1, "configuration /tmp: Is a directory");
  const auto broken = files.file("broken", configuration("link", "window ="));
  check({"serve", "--config-file", broken}, 1, "broken: ");
  check({"serve", "--config-file", broken}, 1, "invalid syntax in line");
  const auto open = files.file("open", "tandem {\n  link { window = 2s\n}\n");
  check({"serve", "--config-file", open}, 1, "open: invalid syntax: the \"{\" of tandem is never closed");
  const auto other = files.file("other", "tandm {\n  link { window = 2s }\n}\n");
  check({"serve", "--config-file", other}, 1, "other: there are no options of tandm");
  const auto misspelt = files.file("misspelt", configuration("link", "windw = 2s"));
  check({"serve", "--config-file", misspelt}, 1, "misspelt: there is no option tandem.link.windw");
  check({"call", "x:1,x:1", "echo"}, 2, "expected HOST:PORT");
}
