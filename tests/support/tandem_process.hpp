/// The program `tandem` as another process, for the tests of the command line.
#pragma once

#include "contains.hpp"
#include "process.hpp"
#include "temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

namespace tandem_test {

inline std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// `tandem` with these arguments. Standard error is part of the output, unless `errors` names a file for it.
class tandem_process {
public:
  explicit tandem_process(const std::vector<std::string>& arguments, const std::string& errors = "&1",
                          const std::string& input = "/dev/null")
    : process_(command_line(arguments, errors, input)) {
  }

  /// The rest of the first line that begins with `beginning`; fails the test if there is no such line.
  std::string await_line(const std::string& beginning) {
    while (auto line = process_.read_line())
      if (line->starts_with(beginning))
        return line->substr(beginning.size());
    FAIL("no line begins with " << beginning);
    return {};
  }

  /// The rest of its output.
  std::string rest() {
    std::string result;
    while (auto line = process_.read_line())
      result += *line + "\n";
    return result;
  }

  void send_signal(int number) const {
    process_.send_signal(number);
  }

  int wait() {
    return process_.wait();
  }

private:
  /// A shell, since it can redirect; it becomes the program.
  static std::vector<std::string> command_line(const std::vector<std::string>& arguments, const std::string& errors,
                                               const std::string& input) {
    const auto target = errors == "&1" ? errors : "'" + errors + "'";
    const auto script = "exec \"$@\" <'" + input + "' 2>" + target;
    std::vector<std::string> result{"/bin/sh", "-c", script, "sh", program("tandem")};
    result.insert(result.end(), arguments.begin(), arguments.end());
    return result;
  }

  process process_;
};

/// The result of a run of `tandem`.
struct finished {
  int status;
  std::string output;
};

inline finished run_tandem(const std::vector<std::string>& arguments, const std::string& errors = "&1") {
  tandem_process running{arguments, errors};
  auto output = running.rest();
  return {running.wait(), output};
}

/// A script of bash that finds the program in "$T". Its output alone, unless it redirects errors.
inline finished run_script(const std::string& script) {
  process shell{{"/bin/bash", "-c", "set -o pipefail; T='" + program("tandem") + "'; " + script}};
  std::string output;
  while (auto line = shell.read_line())
    output += *line + "\n";
  return {shell.wait(), output};
}

/// `tandem serve` at a port of its own, listening.
struct serving {
  explicit serving(std::vector<std::string> options = {}) : running(with_port(std::move(options))) {
    address = running.await_line("listening on ");
  }

  tandem_process running;
  std::string address;

  /// Ends it by `signal`; what it said since.
  finished stop(int signal = SIGINT) {
    running.send_signal(signal);
    auto output = running.rest();
    return {running.wait(), output};
  }

private:
  static std::vector<std::string> with_port(std::vector<std::string> options) {
    options.insert(options.begin(), {"serve", "--port", "0", "--verbose"});
    return options;
  }
};

/// An address of this machine where nothing listens any more.
inline std::string deserted_address() {
  serving gone;
  gone.stop();
  return gone.address;
}

inline finished call(const serving& back, std::vector<std::string> arguments, const std::string& errors = "&1") {
  arguments.insert(arguments.begin(), {"call", back.address});
  return run_tandem(arguments, errors);
}

} // namespace tandem_test
