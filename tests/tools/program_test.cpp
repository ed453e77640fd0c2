/// The program as people meet it: what it prints, and how it exits.
#include "../support/tandem_process.hpp"
#include "../support/trace_folder.hpp"

using namespace tandem_test;

namespace {

/// One clear line, and for usage errors another that says where to find help.
void check_error(const finished& x, int status, const std::string& message) {
  CHECK(x.status == status);
  CHECK(x.output == "tandem: " + message + "\n");
}

void check_usage_error(const std::vector<std::string>& arguments, const std::string& message,
                       const std::string& command = "tandem") {
  check_error(run_tandem(arguments), 2, message + "\nSee `" + command + " --help`.");
}

/// The line that begins with "outcome: ", without the time that it took.
std::string outcome_in(const std::string& output) {
  const auto begin = output.find("outcome: ");
  if (begin == std::string::npos)
    return "none in: " + output;
  auto line = output.substr(begin + 9, output.find('\n', begin) - begin - 9);
  const auto time = line.find(" (");
  return line.erase(time, line.find(')') + 1 - time);
}

void check_outcome(const finished& x, int status, const std::string& outcome) {
  CHECK(x.status == status);
  CHECK(outcome_in(x.output) == outcome);
}

} // namespace

TEST_CASE("help and version") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"serve", "--help"}, {"call", "--help"}, {"trace", "show", "--help"}}) {
    const auto x = run_tandem(arguments);
    CHECK(x.status == 0);
    CHECK(x.output.starts_with("Usage: tandem"));
  }
  const auto version = run_tandem({"--version"});
  CHECK(version.status == 0);
  CHECK(version.output.starts_with("tandem "));
}

TEST_CASE("usage errors name what was wrong and what would be right") {
  check_usage_error({}, "a command is required: serve, call, replay or trace");
  check_usage_error({"dance"}, "unknown command dance; the commands are serve, call, replay and trace");
  check_usage_error({"--dance"}, "unknown option --dance; the commands are serve, call, replay and trace");
  const std::string trace_commands = "show, follow, stats, filter, at, merge, diff, tail, html, export, check, explain";
  check_usage_error({"trace"}, "a command is required: " + trace_commands + " or draw", "tandem trace");
  check_usage_error({"trace", "bogus"}, "unknown command bogus; the commands are " + trace_commands + " and draw",
                    "tandem trace");
  check_usage_error({"serve", "--port", "70000"}, "--port: expected a whole number from 0 to 65535, got \"70000\"",
                    "tandem serve");
  check_usage_error({"serve", "--default-timeout", "0s"},
                    "--default-timeout: expected a duration such as 250ms, 2s, 1.5s, 1m or 1h, and more than zero, "
                    "got \"0s\"",
                    "tandem serve");
  const std::string endpoint = "expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242, or unix:PATH, or several "
                               "different ones with commas between them, got ";
  check_usage_error({"call", "somewhere", "echo"}, "HOST: " + endpoint + "\"somewhere\"", "tandem call");
  check_usage_error({"call", "x:1", "echo", "--timeout", "5"},
                    "--timeout: expected a duration such as 250ms, 2s, 1.5s, 1m or 1h, got \"5\"", "tandem call");
  check_usage_error({"call", "x:1", "echo", "--trace-id", "7"},
                    "--trace-id: expected a UUID such as 1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b, got \"7\"",
                    "tandem call");
  check_usage_error({"call", "x:1", "echo", "--subscription", "some"},
                    "--subscription: expected full, termination only or none, got \"some\"", "tandem call");
  check_usage_error({"call", "x:1", "echo", "--bytes"}, "--bytes: expected --file or --stdin with it", "tandem call");
  check_usage_error({"call", "x:1", "echo", "--volume", "11"}, "unknown option --volume", "tandem call");
}

TEST_CASE("serve: a port in use, an address that is not there, a trace that cannot be written") {
  serving first;
  const auto port = first.address.substr(first.address.find(':') + 1);
  check_error(run_tandem({"serve", "--port", port}), 1,
              "cannot listen on " + first.address + ": the port is in use (0 takes any free one)");
  check_error(run_tandem({"serve", "--port", "0", "--address", "192.0.2.1", "--insecure"}), 1,
              "cannot listen on 192.0.2.1:0: this machine has no such address");
  check_error(run_tandem({"serve", "--port", "0", "--trace", "/nonexistent/trace"}), 1,
              "cannot write the trace file /nonexistent/trace: No such file or directory");
}

TEST_CASE("call: nobody there, no such file, a trace that cannot be written") {
  std::string gone;
  {
    serving back;
    gone = back.address;
  }
  check_error(run_tandem({"call", gone, "echo"}), 1,
              "cannot connect to " + gone + ": nothing listens there (connection refused)");
  check_error(run_tandem({"call", gone, "echo", "--file", "/nonexistent"}), 1,
              "cannot read /nonexistent: No such file or directory");
  check_error(run_tandem({"call", gone, "echo", "--trace", "/nonexistent/trace"}), 1,
              "cannot write the trace file /nonexistent/trace: No such file or directory");
}

TEST_CASE("every outcome has its exit status") {
  serving back;
  check_outcome(call(back, {"echo", "--payload", "hello"}), 0, "completed");
  check_outcome(call(back, {"sleep", "--payload", "1h", "--timeout", "50ms"}), 11, "expired: not done within 50 ms");
  check_outcome(call(back, {"fail", "--payload", "as told"}), 14, "servicer failure: as told");
  check_outcome(call(back, {"nothing"}), 14, "servicer failure: no such method: nothing");
  const auto x = back.stop();
  CHECK(x.status == 0);
  CHECK(x.output.ends_with("operations: completed 1, cancelled 0, expired 1, reception failure 1, transmission failure "
                           "0, servicer failure 1, serviced failure 0\n"));
}

TEST_CASE("call: results are on standard output, everything else is on standard error") {
  const temporary_folder folder;
  serving back;
  const auto errors = folder.file("errors");
  const auto x = call(back, {"echo", "--payload", "a", "--payload", "b c", "--payload", ""}, errors);
  CHECK(x.status == 0);
  CHECK(x.output == "a\nb c\n\n");
  CHECK(outcome_in(content_of(errors)) == "completed");
  CHECK(call(back, {"echo", "--payload", "a", "--quiet"}).output == "a\n");
}

TEST_CASE("call: a file line by line, and in chunks") {
  const temporary_folder folder;
  serving back;
  const auto text = folder.file("text", "the first line\nand the second one\n");
  CHECK(call(back, {"echo", "--payload", "0", "--file", text, "--quiet"}).output
        == "0\nthe first line\nand the second one\n");
  CHECK(call(back, {"word count", "--file", text, "--quiet"}).output.starts_with("lines 2 words 7 bytes 34\n"));
  std::string bytes(1 << 20, '\0');
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * i >> 7);
  CHECK(call(back, {"hash", "--bytes", "--file", folder.file("bytes", bytes), "--quiet"}).output.size() == 65);
  CHECK(call(back, {"echo", "--bytes", "--file", folder.file("bytes"), "--quiet"}).output.size() == bytes.size() + 16);
}

TEST_CASE("call: progress, where it is asked for") {
  const temporary_folder folder;
  serving back;
  const auto x = call(back, {"hash", "--file", folder.file("text", "a\nb\n"), "--progress"});
  CHECK(x.output.find("sent 2 lines, 4 bytes (") != std::string::npos);
}

TEST_CASE("call: with any subscription") {
  serving back;
  check_outcome(call(back, {"echo", "--payload", "a", "--subscription", "termination only"}), 0, "completed");
  check_outcome(call(back, {"fail", "--payload", "a", "--subscription", "termination only"}), 14,
                "servicer failure: a");
  // Nothing is heard of it, but it takes place. A back that is told to stop before it has read of it would refuse it.
  check_outcome(call(back, {"fail", "--payload", "a", "--subscription", "none"}), 0, "completed");
  for (int i = 0; i < 3; ++i)
    back.running.await_line("ended: ");
  const auto x = back.stop();
  CHECK(x.output.find("completed 1, ") != std::string::npos);
  // The last front was gone at once, perhaps before its operation was done.
  const bool done = x.output.find("servicer failure 2, ") != std::string::npos;
  const bool lost = x.output.find("transmission failure 1, servicer failure 1, ") != std::string::npos;
  CHECK_MESSAGE((done || lost), x.output);
}

TEST_CASE("call: a reader of the results who goes away") {
  serving back;
  process shell{{"/bin/bash", "-c",
                 "'" + program("tandem") + "' call " + back.address
                   + " range --payload '0 9223372036854775807' 2>/dev/null | head -n 2; echo ${PIPESTATUS[0]}"}};
  CHECK(shell.read_line() == "0");
  CHECK(shell.read_line() == "1");
  CHECK(shell.read_line() == "15");
}

namespace {

size_t count_of(const std::string& text, const std::string& part) {
  size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++result;
  return result;
}

} // namespace

TEST_CASE("both sides write traces, and more is appended to them") {
  const trace_folder traces;
  const auto front = traces.file("front");
  serving back{{"--trace", traces.file("back")}};
  const std::string id = "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b";
  for (int i = 0; i < 2; ++i)
    check_outcome(call(back, {"echo", "--payload", "a", "--trace", front, "--trace-id", id}), 0, "completed");
  CHECK(back.stop().status == 0);
  const auto x = run_tandem({"trace", "show", front, traces.file("back")});
  CHECK(x.status == 0);
  // Each ticket was seen at both sides.
  CHECK(count_of(x.output, "  entire  ") == 4);
  CHECK(count_of(x.output, "  completion  ") == 4);
  CHECK(count_of(x.output, "  begun  ") == 4);
  CHECK(count_of(x.output, "  ended  ") == 4);
  CHECK(content_of(front).find(id) != std::string::npos);
  CHECK(content_of(traces.file("back")).find(id) != std::string::npos);
}
