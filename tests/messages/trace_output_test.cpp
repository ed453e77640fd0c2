/// What a trace is written to: other files than traces, pipes and their readers, limits of the operating system.
#include "../support/temporary_folder.hpp"

#include "../../messages/trace/trace_line.hpp"
#include "../../messages/trace/trace_reader.hpp"
#include "../../messages/trace/trace_writer.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tandem;
using namespace tandem_test;

namespace {

const trace_header head{.node = "host/1", .side = "front", .link = "orders"};

/// A record whose line has more than `bytes` bytes.
trace_entry long_record(size_t bytes) {
  trace_entry result;
  result.event = trace_event::annotation;
  result.text = std::string(bytes, 'x');
  return result;
}

std::string content_of_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// What the writer says about this file; empty if it takes it.
std::string refusal_of(const std::string& path) {
  try {
    trace_writer writer{path, head};
  } catch (const std::invalid_argument& e) {
    return e.what();
  } catch (const std::system_error& e) {
    return e.what();
  }
  return "";
}

/// A named pipe, and its reader.
struct read_pipe {
  temporary_folder folder;
  std::string path = (folder.path / "pipe").string();
  int reader = -1;

  read_pipe() {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(reader >= 0);
  }
  ~read_pipe() {
    leave();
  }
  void leave() {
    if (reader >= 0)
      ::close(std::exchange(reader, -1));
  }
};

bool is_pending(int signal) {
  ::sigset_t pending;
  ::sigemptyset(&pending);
  ::sigpending(&pending);
  return ::sigismember(&pending, signal) == 1;
}

} // namespace

TEST_CASE("trace writer: nothing is appended to a file that does not begin as a trace") {
  const temporary_folder folder;
  for (const std::string text :
       {"hello\n", "{\"tandem_trac\":1}\n", "{}\n", "\n", "{\"tandem_trace\":1\n", "\xff\xfe{", "[]"}) {
    const auto file = folder.file("notes.txt", text);
    CHECK_MESSAGE(refusal_of(file) == "the file " + file + " does not begin as a trace, so nothing is appended to it",
                  text);
    CHECK(content_of_file(file) == text);
  }
}

TEST_CASE("trace writer: a header that was cut off is the beginning of a trace, and so is one in another order") {
  const temporary_folder folder;
  const auto appended = to_line(head) + "\n";
  for (const std::string text : {"{", "{\"tandem_trace\":", "{\"tandem_trace\":1,\"node\":\"ho"}) {
    const auto file = folder.file("trace.jsonl", text);
    CHECK(refusal_of(file) == "");
    CHECK(content_of_file(file) == text + "\n" + appended);
  }
  const std::string other = "{\"node\":\"n\",\"link\":\"\",\"side\":\"\",\"start_wall_ns\":1,\"start_monotonic_ns\":1,"
                            "\"tandem_trace\":1}\n";
  const auto file = folder.file("trace.jsonl", other);
  CHECK(refusal_of(file) == "");
  CHECK(content_of_file(file) == other + appended);
  const auto empty = folder.file("empty", "");
  CHECK(refusal_of(empty) == "");
  CHECK(content_of_file(empty) == appended);
}

TEST_CASE("trace writer: a reader that has gone is an error, and no signal") {
  read_pipe pipe;
  trace_writer writer{pipe.path, head};
  pipe.leave();
  writer.write(long_record(10));
  CHECK_THROWS_WITH_AS(writer.flush(), ("cannot write the trace file " + pipe.path + ": Broken pipe").c_str(),
                       std::system_error);
  CHECK_FALSE(is_pending(SIGPIPE));
}

TEST_CASE("trace writer: a signal that was pending before stays so") {
  ::sigset_t blocked;
  ::sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  ::pthread_kill(::pthread_self(), SIGPIPE);
  {
    read_pipe pipe;
    trace_writer writer{pipe.path, head};
    pipe.leave();
    writer.write(long_record(10));
    CHECK_THROWS_AS(writer.flush(), std::system_error);
  }
  CHECK(is_pending(SIGPIPE));
  const ::timespec now{0, 0};
  ::sigtimedwait(&blocked, nullptr, &now);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("trace writer: the limit of a file's size is an error, and no signal") {
  const temporary_folder folder;
  const auto file = (folder.path / "trace.jsonl").string();
  trace_writer writer{file, head};
  writer.write(long_record(100000));
  ::rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const ::rlimit small{50000, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string problem;
  try {
    writer.flush();
  } catch (const std::system_error& e) {
    problem = e.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  CHECK(problem == "cannot write the trace file " + file + ": File too large");
  CHECK_FALSE(is_pending(SIGXFSZ));
  CHECK(std::filesystem::file_size(file) == 50000);
}

TEST_CASE("trace writer: a pipe that nobody reads, and one whose reader takes nothing, are given up") {
  const temporary_folder folder;
  const auto alone = (folder.path / "alone").string();
  REQUIRE(::mkfifo(alone.c_str(), 0600) == 0);
  CHECK(refusal_of(alone)
        == "cannot write the trace file " + alone + ", a pipe that nobody reads: No such device or address");
  read_pipe pipe;
  trace_writer writer{pipe.path, head};
  writer.write(long_record(1 << 20)); // more than a pipe takes
  CHECK_THROWS_WITH_AS(
    writer.flush(),
    ("cannot write the trace file " + pipe.path + ", whose reader takes nothing: Resource temporarily unavailable")
      .c_str(),
    std::system_error);
}

TEST_CASE("trace writer: children of the process do not inherit the file") {
  const temporary_folder folder;
  const auto path = std::filesystem::canonical(folder.path) / "trace.jsonl";
  const trace_writer writer{path.string(), head, {.file_bytes = 100, .files = 2}};
  int found = 0;
  for (const auto& x : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    std::error_code gone;
    if (std::filesystem::read_symlink(x.path(), gone) != path)
      continue;
    ++found;
    CHECK((::fcntl(std::stoi(x.path().filename().string()), F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK(found == 1);
}

TEST_CASE("trace writer: a rotation renames the file that was opened, wherever the process is by then") {
  const temporary_folder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path);
  std::filesystem::create_symlink("real.jsonl", "link.jsonl");
  {
    trace_writer writer{"link.jsonl", head, {.file_bytes = 1000, .files = 2}};
    std::filesystem::current_path(before);
    writer.write(long_record(1000));
    CHECK(writer.writes_to((folder.path / "real.jsonl").string()));
    CHECK(writer.writes_to((folder.path / "link.jsonl").string()));
    CHECK_FALSE(writer.writes_to((folder.path / "real.jsonl.1").string()));
  }
  CHECK(std::filesystem::is_symlink(folder.path / "link.jsonl"));
  CHECK(std::filesystem::file_size(folder.path / "real.jsonl.1") > 1000);
  CHECK(content_of_file((folder.path / "real.jsonl").string()).find("\"part\":1,\"first_record\":1")
        != std::string::npos);
}

TEST_CASE("trace writer: lines of several writers to one file do not mix") {
  const temporary_folder folder;
  const auto file = (folder.path / "trace.jsonl").string();
  {
    trace_writer one{file, head};
    trace_writer two{file, head};
    for (int i = 0; i < 1000; ++i) {
      one.write(long_record(1000));
      two.write(long_record(999));
    }
  }
  std::ifstream in{file, std::ios::binary};
  trace_reader reader{in};
  int records = 0;
  while (reader.next() != nullptr)
    ++records;
  CHECK(records == 2000);
  CHECK(reader.broken_lines() == 0);
}
