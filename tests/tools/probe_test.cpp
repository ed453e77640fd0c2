/// `tools/probe.py`: what PROTOCOL.md says of a port is enough to write a front in another language.
#include "../support/skip.hpp"
#include "../support/tandem_process.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace tandem_test;

namespace {

bool has_python() {
  return std::system("python3 -c '' 2>/dev/null") == 0;
}

finished probe(const serving& back, std::vector<std::string> arguments) {
  std::vector<std::string> command{"/usr/bin/env", "python3", std::string{TANDEM_SOURCE_DIR} + "/tools/probe.py",
                                   back.address};
  command.insert(command.end(), arguments.begin(), arguments.end());
  process running{command};
  finished result;
  while (auto line = running.read_line())
    result.output += *line + "\n";
  result.status = running.wait();
  return result;
}

} // namespace

TEST_CASE("S-PORT-1, S-PORT-2: a front in Python has an operation done, and cancels another") {
  if (!has_python())
    return skip("Python is needed");
  serving back{{"--verbose"}};
  const auto echoed = probe(back, {"echo", "hello from Python"});
  CHECK(echoed.status == 0);
  CHECK(echoed.output == "hello from Python\noutcome: completed\n");
  const auto failed = probe(back, {"fail", "as told"});
  CHECK(failed.status == 1);
  CHECK(failed.output.find("outcome: servicer failure: as told") == 0);
  const auto cancelled = probe(back, {"sleep", "--cancel"});
  CHECK(cancelled.status == 0);
  CHECK(cancelled.output == "after the cancellation\noutcome: completed\n");
  CHECK(back.stop().output.find("cancelled 1") != std::string::npos);
}
