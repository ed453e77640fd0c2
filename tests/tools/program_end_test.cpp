/// How the program's processes end: by themselves, by Ctrl-C, and by force.
#include "../support/raw_socket.hpp"
#include "../support/tandem_process.hpp"

#include <chrono>

#include <fcntl.h>
#include <sys/stat.h>

using namespace tandem_test;

namespace {

using clock_type = std::chrono::steady_clock;

/// A call that has begun at the back.
struct calling {
  calling(serving& back, std::vector<std::string> arguments) : running(with_address(back, std::move(arguments))) {
    back.running.await_line("begun: ");
  }

  static std::vector<std::string> with_address(const serving& back, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"call", back.address});
    return arguments;
  }

  tandem_process running;
};

} // namespace

TEST_CASE("Ctrl-C cancels the operation, on both sides") {
  serving back;
  calling x{back, {"sleep", "--payload", "1h"}};
  x.running.send_signal(SIGINT);
  CHECK(x.running.await_line("interrupted: ") == "cancelling the operation; interrupt again to quit at once");
  CHECK(x.running.await_line("outcome: ").starts_with("cancelled ("));
  CHECK(x.running.wait() == 10);
  CHECK(back.running.await_line("ended: ").find(" sleep: cancelled (") != std::string::npos);
}

TEST_CASE("Ctrl-C while standard input has nothing to read") {
  const temporary_folder folder;
  const auto input = folder.file("pipe");
  REQUIRE(mkfifo(input.c_str(), 0600) == 0);
  const int writer = open(input.c_str(), O_RDWR); // so that the pipe has no end
  serving back;
  tandem_process x{{"call", back.address, "echo", "--payload", "first", "--stdin"}, "&1", input};
  x.await_line("first");
  x.send_signal(SIGINT);
  CHECK(x.await_line("outcome: ").starts_with("cancelled ("));
  CHECK(x.wait() == 10);
  close(writer);
}

TEST_CASE("SIGTERM cancels too") {
  serving back;
  calling x{back, {"sleep", "--payload", "1h"}};
  x.running.send_signal(SIGTERM);
  CHECK(x.running.await_line("outcome: ").starts_with("cancelled ("));
  CHECK(x.running.wait() == 10);
}

TEST_CASE("a back that is killed: the front knows within a second") {
  serving back;
  calling x{back, {"sleep", "--payload", "1h"}};
  const auto killed = clock_type::now();
  back.running.send_signal(SIGKILL);
  CHECK(x.running.await_line("outcome: ").starts_with("transmission failure ("));
  CHECK(clock_type::now() - killed < std::chrono::seconds(1));
  CHECK(x.running.wait() == 13);
  CHECK(back.running.wait() == -SIGKILL);
}

TEST_CASE("SIGTERM drains: what runs may end, and what is new is refused") {
  const temporary_folder folder;
  const auto input = folder.file("pipe");
  REQUIRE(mkfifo(input.c_str(), 0600) == 0);
  const int writer = open(input.c_str(), O_RDWR | O_CLOEXEC); // it is the end of the input when this is closed
  serving back{{"--grace", "30s"}};
  tandem_process running{{"call", back.address, "echo", "--payload", "first", "--stdin"}, "&1", input};
  running.await_line("first");
  back.running.send_signal(SIGTERM);
  CHECK(back.running.await_line("draining: ").find("within 30s") != std::string::npos);
  const auto refused = call(back, {"echo", "--payload", "too late"});
  CHECK(refused.status == 1);
  CHECK_MESSAGE(refused.output.find("it refused: the back is draining") != std::string::npos, refused.output);
  close(writer);
  CHECK(running.wait() == 0);
  CHECK(back.running.wait() == 0);
}

TEST_CASE("a second SIGTERM ends the grace") {
  serving back{{"--grace", "1h"}};
  calling x{back, {"sleep", "--payload", "1h"}};
  back.running.send_signal(SIGTERM);
  back.running.await_line("draining: ");
  back.running.send_signal(SIGTERM);
  CHECK(x.running.wait() == 14);
  CHECK(back.running.wait() == 0);
}

TEST_CASE("a back that ends tells its fronts, and says how many operations there were") {
  serving back{{"--grace", "0s"}};
  calling x{back, {"sleep", "--payload", "1h"}};
  const auto stopped = back.stop(SIGTERM);
  CHECK(stopped.status == 0);
  CHECK(stopped.output.ends_with("operations: completed 0, cancelled 0, expired 0, reception failure 0, transmission "
                                 "failure 0, servicer failure 1, serviced failure 0\n"));
  CHECK(x.running.await_line("outcome: ").ends_with(": the back end was stopped"));
  CHECK(x.running.wait() == 14);
}

TEST_CASE("a front that is killed: the back serves the next one") {
  serving back;
  calling x{back, {"sleep", "--payload", "1h"}};
  x.running.send_signal(SIGKILL);
  CHECK(x.running.wait() == -SIGKILL);
  CHECK(back.running.await_line("ended: ").find(" sleep: transmission failure (") != std::string::npos);
  CHECK(call(back, {"echo", "--payload", "next", "--quiet"}).output == "next\n");
  CHECK(back.stop().status == 0);
}

TEST_CASE("a front that is killed while it streams: the back serves the next one") {
  const temporary_folder folder;
  serving back;
  calling x{back, {"echo", "--file", "/dev/zero", "--bytes"}};
  x.running.send_signal(SIGKILL);
  CHECK(x.running.wait() == -SIGKILL);
  back.running.await_line("ended: ");
  CHECK(call(back, {"echo", "--payload", "next", "--quiet"}).output == "next\n");
}

TEST_CASE("a program that listens and is no back") {
  const raw_listener listener;
  const auto target = "127.0.0.1:" + std::to_string(listener.port());
  const auto x = run_tandem({"call", target, "echo", "--connect-timeout", "300ms"});
  CHECK(x.status == 1);
  CHECK(x.output.starts_with("tandem: cannot connect to " + target + ": "));
  CHECK(x.output.ends_with("connected but no handshake came; is another program listening there?\n"));
}

TEST_CASE("a trace that cannot be written to its end is an error where the rest went well") {
  const temporary_folder folder;
  const std::string limited = "trap '' XFSZ; ulimit -f 4; exec \"$T\" ";
  serving back;
  std::string payloads;
  for (int i = 0; i < 50; ++i)
    payloads += " --payload " + std::to_string(i);
  const auto trace = " --trace '" + folder.file("front.jsonl") + "'";
  const auto x = run_script(limited + "call " + back.address + " echo" + payloads + trace + " 2>&1");
  CHECK(x.status == 1);
  CHECK_MESSAGE(contains(x.output, "outcome: completed"), x.output);
  CHECK_MESSAGE(contains(x.output, "tandem: the trace is not complete: "), x.output);
  CHECK(run_script(limited + "call " + back.address + " fail" + trace + "2 2>&1").status == 14);
  process serve{
    {"/bin/bash", "-c",
     "T='" + program("tandem") + "'; " + limited + "serve --port 0 --trace '" + folder.file("back.jsonl") + "' 2>&1"}};
  const std::string listening = "listening on ";
  const auto line = serve.read_line();
  REQUIRE((line && line->starts_with(listening)));
  CHECK(run_script("\"$T\" call " + line->substr(listening.size()) + " echo" + payloads).status == 0);
  serve.send_signal(SIGINT);
  bool is_told = false;
  while (auto said = serve.read_line())
    is_told = is_told || contains(*said, "tandem: the trace is not complete: ");
  CHECK(is_told);
  CHECK(serve.wait() == 1);
}
