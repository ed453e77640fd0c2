/// `tandem serve --caf-port` and `tandem call --caf`: links by handle, over CAF's middleman.
#include "../support/tandem_process.hpp"

#include <algorithm>

using namespace tandem_test;

namespace {

/// `tandem serve` at two ports of its own: Tandem's and CAF's.
struct serving_by_caf {
  explicit serving_by_caf(std::vector<std::string> options = {}) : running(with_ports(std::move(options))) {
    address = running.await_line("listening for CAF on ");
    other_address = running.await_line("listening on ");
  }

  tandem_process running;
  std::string address;
  std::string other_address;

private:
  static std::vector<std::string> with_ports(std::vector<std::string> options) {
    options.insert(options.begin(), {"serve", "--port", "0", "--caf-port", "0", "--verbose"});
    return options;
  }
};

finished call_by_caf(const std::string& address, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"call", "--caf", address});
  return run_tandem(arguments);
}

} // namespace

TEST_CASE("S-CLUSTER-1: call reaches serve by CAF's middleman, and by Tandem's own port at the same time") {
  serving_by_caf back;
  CHECK(back.address.starts_with("127.0.0.1:"));
  const auto unary = call_by_caf(back.address, {"echo", "--payload", "hi"});
  CHECK_MESSAGE(unary.status == 0, unary.output);
  CHECK_MESSAGE(contains(unary.output, "hi\n"), unary.output);
  CHECK(run_tandem({"call", back.other_address, "echo", "--payload", "hi", "--quiet"}).output == "hi\n");
  const auto stream
    = call_by_caf(back.address, {"echo", "--payload", "1", "--payload", "2", "--payload", "3", "--quiet"});
  CHECK(stream.status == 0);
  CHECK(stream.output == "1\n2\n3\n");
  const auto range = call_by_caf(back.address, {"range", "--payload", "10000", "--quiet"});
  CHECK(range.status == 0);
  CHECK(std::count(range.output.begin(), range.output.end(), '\n') == 10000);
  CHECK(call_by_caf(back.address, {"sleep", "--payload", "1h", "--timeout", "50ms"}).status == 11);
  CHECK(call_by_caf(back.address, {"no such service"}).status == 14);
}

TEST_CASE("S-CLUSTER-4: a call by CAF's middleman that is interrupted cancels its operation at the back") {
  serving_by_caf back;
  tandem_process sleeper{{"call", "--caf", back.address, "sleep", "--payload", "1h"}};
  back.running.await_line("begun: ");
  sleeper.send_signal(SIGINT);
  CHECK(sleeper.wait() == 10);
  CHECK(contains(back.running.await_line("ended: "), "cancelled"));
}

TEST_CASE("S-CLUSTER-3: a call by CAF's middleman fails when the back's process is killed") {
  serving_by_caf back;
  tandem_process sleeper{{"call", "--caf", back.address, "sleep", "--payload", "1h"}};
  back.running.await_line("begun: ");
  back.running.send_signal(SIGKILL);
  const auto output = sleeper.rest();
  CHECK(sleeper.wait() == 13);
  CHECK_MESSAGE(contains(output, "the other node is gone"), output);
}

TEST_CASE("serve that is interrupted tells its callers by CAF's middleman") {
  serving_by_caf back{{"--grace", "0s"}};
  tandem_process sleeper{{"call", "--caf", back.address, "sleep", "--payload", "1h"}};
  back.running.await_line("begun: ");
  back.running.send_signal(SIGINT);
  CHECK(sleeper.wait() == 14);
  CHECK(back.running.wait() == 0);
}

TEST_CASE("what is wrong with --caf and --caf-port is named") {
  const auto check = [](const std::vector<std::string>& arguments, int status, const std::string& part) {
    const auto x = run_tandem(arguments);
    CHECK_MESSAGE(x.status == status, x.output);
    CHECK_MESSAGE(contains(x.output, part), x.output);
  };
  const auto deserted = deserted_address();
  check({"call", "--caf", deserted, "echo"}, 1, "tandem: cannot connect to " + deserted);
  check({"call", "--caf", "somewhere", "echo"}, 2, "--caf: expected HOST:PORT");
  check({"call", "--caf", deserted}, 2, "NAME is required");
  check({"call", deserted}, 2, "NAME is required");
  check({"call"}, 2, "HOST:PORT is required");
  check({"call", "--caf", deserted, deserted, "echo"}, 2, "--caf: expected the name of the service alone with it");
  check({"call", "--caf", deserted, "echo", "--window", "1s"}, 2, "--window");
  check({"serve", "--caf-port", "70000"}, 2, "--caf-port: expected a whole number from 0 to 65535");
  check({"serve", "--port", "0", "--caf-port", "0", "--caf-address", "0.0.0.0"}, 2,
        "--caf-address: other machines reach 0.0.0.0");
  serving_by_caf back;
  const auto taken = back.address.substr(back.address.rfind(':') + 1);
  check({"serve", "--port", "0", "--caf-port", taken}, 1, "cannot listen for CAF on 127.0.0.1:" + taken);
}
