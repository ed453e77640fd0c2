/// Recordings under hardships: disks that fail, customer code that throws, stops at any moment, filters that change.
#include "../../actors/tracing/recording_link.hpp"
#include "../support/recorded_ends.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

size_t count_of(const std::vector<trace_entry>& entries, trace_event event) {
  return static_cast<size_t>(
    std::count_if(entries.begin(), entries.end(), [event](const auto& x) { return x.event == event; }));
}

/// A continuation for an operation, as a back may send it when the front has ended that.
back_to_front_ticket late_ticket(const operation_id& operation, uint64_t number = 0) {
  back_to_front_ticket result;
  result.operation = operation;
  result.sequence_number = {number};
  result.kind = ticket_kind::continuation;
  result.payload = text("secret");
  return result;
}

} // namespace

TEST_CASE("recorder: a rotation that fails ends the recording, and nothing else") {
  const recorded_ends x;
  const auto folder = x.folder.path / "sub";
  std::filesystem::create_directory(folder);
  x.front.recorder().start({.file = (folder / "trace.jsonl").string(), .file_bytes = 2000, .files = 2});
  x.begin("echo");
  x.front.recorder().flush();
  std::filesystem::remove_all(folder);
  for (int i = 0; i < 20; ++i) {
    x.begin("echo");
    x.front.recorder().flush();
  }
  const auto status = x.front.recorder().status();
  CHECK_FALSE(status.on);
  CHECK(status.problem.find("the trace file") != std::string::npos);
  CHECK(status.dropped > 0);
  x.front.recorder().stop();
}

TEST_CASE("recorder: a named pipe can be recorded into") {
  const recorded_ends x;
  const auto pipe = (x.folder.path / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  auto read = std::async(std::launch::async, [&pipe] { return entries_of(std::filesystem::path{pipe}); });
  CHECK_THROWS_WITH_AS(x.front.recorder().start({.file = pipe, .file_bytes = 1000, .files = 2}),
                       ("trace_limits: " + pipe + " is not a regular file, so its size cannot be limited").c_str(),
                       std::invalid_argument);
  x.front.recorder().start({.file = pipe});
  x.begin("echo");
  x.front.recorder().stop();
  CHECK(story_of(read.get()) == "begun echo, sent entire, received continuation, received completion, ended completed");
}

TEST_CASE("recorder: a reader that goes ends the recording, and nothing else") {
  const recorded_ends x;
  const auto pipe = (x.folder.path / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  x.front.recorder().start({.file = pipe});
  ::close(reader);
  x.begin("echo");
  x.front.recorder().flush();
  const auto status = x.front.recorder().status();
  CHECK_FALSE(status.on);
  CHECK(status.problem == "cannot write the trace file " + pipe + ": Broken pipe");
  std::filesystem::remove(pipe);
}

TEST_CASE("recorder: what stop() returns after is in the file, whoever waited for it") {
  for (int i = 0; i < 50; ++i) {
    const recorded_ends x;
    x.front.recorder().start({.file = x.front_file});
    std::promise<void> ended;
    const auto op = x.front.operate({.name = "echo",
                                     .payload = text("hello"),
                                     .complete = true,
                                     .subscription = full_serviced_subscription(make_consumer({}))});
    op.context().add_termination_callback([&ended](outcome) { ended.set_value(); });
    ended.get_future().wait();
    CHECK(count_of(x.at_front(), trace_event::ended) == 1);
  }
}

TEST_CASE("recorder: customer code may stop it, in the midst of a round") {
  const recorded_ends x;
  x.start_recording();
  const auto op = x.begin("echo", text("a"), false);
  op.context().add_termination_callback([&x](outcome) {
    x.front.recorder().stop();
    x.back.recorder().stop();
  });
  op.consumer().terminate();
  settle({x.front, x.back});
  CHECK(story_of(entries_of(std::filesystem::path{x.front_file})).ends_with("received completion, ended completed"));
  CHECK(story_of(entries_of(std::filesystem::path{x.back_file})).ends_with("sent completion, ended completed"));
}

TEST_CASE("recorder: an end that was told to stop finishes its trace before it is gone") {
  trace_folder folder;
  const auto file = folder.path / "trace.jsonl";
  {
    const node at;
    front_end front{const_cast<node&>(at).system};
    front.recorder().start({.file = file.string()});
    for (int i = 0; i < 20; ++i)
      front.operate({.name = "hold", .payload = text("x"), .wait_for_link = true});
    front.stop();
  }
  const auto entries = entries_of(file);
  CHECK(count_of(entries, trace_event::begun) == 20);
  CHECK(count_of(entries, trace_event::ended) == 20);
}

TEST_CASE("recorder: late tickets are recorded as their operation was, and those of unknown ones without payload") {
  for (const bool excluded : {true, false}) {
    const recorded_ends x;
    x.front.recorder().start({.file = x.front_file, .capture = excluded ? "-hold" : "hold{p:2}"});
    const auto op = x.begin("hold");
    op.cancel();
    settle({x.front, x.back});
    accept_one(*x.front.link(), late_ticket(op.context().id()));
    accept_one(*x.front.link(), late_ticket({7, 7}));
    settle({x.front});
    std::vector<std::string> payloads;
    for (const auto& entry : x.at_front())
      if (entry.event == trace_event::received && entry.payload)
        payloads.push_back(entry.payload->missing + " " + entry.payload->start);
    CHECK(payloads == (excluded ? std::vector<std::string>{"capture "} : std::vector<std::string>{"capture se"}));
  }
}

TEST_CASE("recorder: a recording decides anew, whatever the one before it took") {
  const recorded_ends x;
  auto recorder = std::make_shared<trace_recorder>(trace_side::front, "link");
  recording_link link{recorder};
  front_to_back_ticket first;
  first.operation = {1, 1};
  first.kind = ticket_kind::commencement;
  first.sequence_number = {0};
  first.name = "hold";
  first.subscription = subscription_kind::full;
  front_to_back_ticket second;
  second.operation = first.operation;
  second.kind = ticket_kind::continuation;
  second.sequence_number = {1};
  second.payload = text("secret");
  const auto pass = [&link](front_to_back_ticket ticket) {
    try {
      accept_one(link, std::move(ticket));
    } catch (const std::exception&) {
      // it is joined to nobody
    }
  };
  recorder->start({.file = x.front_file, .capture = "hold, -other"});
  pass(first);
  pass(second);
  recorder->start({.file = x.back_file, .capture = "hold{p:0}, -other"});
  pass(second);
  recorder->stop();
  CHECK(entries_of(std::filesystem::path{x.front_file}).at(1).payload->json == "\"secret\"");
  CHECK(entries_of(std::filesystem::path{x.back_file}).empty()); // its name is not known any more
}

TEST_CASE("recorder: a redaction that throws hides the payload, and one that replaces it keeps to the limit") {
  const recorded_ends x;
  x.front.recorder().start({.file = x.front_file,
                            .capture = "hold, echo{p:4}",
                            .redact = [](const payload& content) -> std::optional<payload> {
                              const auto& it = *payload_as<std::string>(content);
                              if (it == "one")
                                throw std::runtime_error{"no"};
                              if (it == "two")
                                throw 2;
                              return text("a replacement");
                            }});
  x.begin("hold", text("one"));
  x.begin("hold", text("two"));
  x.begin("hold", text("three"));
  x.begin("echo", text("four"));
  std::vector<std::string> sent;
  for (const auto& entry : x.at_front())
    if (entry.event == trace_event::sent)
      sent.push_back(entry.payload->json + " " + entry.payload->missing + " " + entry.payload->start);
  const auto hidden = R"({"type":"string","size":3} redacted )"s;
  CHECK(
    sent
    == std::vector{hidden, hidden, "\"a replacement\" redacted "s, R"({"type":"string","size":13} redacted a re)"s});
}

TEST_CASE("recorder: a file that is given up is begun anew by the next") {
  const recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .records = 1});
  x.begin("echo");
  x.front.recorder().stop();
  x.front.recorder().start({.file = x.front_file});
  x.begin("echo");
  x.front.recorder().stop();
  CHECK(x.front.recorder().status().written == 5);
  CHECK(x.front.recorder().status().problem == "");
}

TEST_CASE("flight recorder: while a recording is on too, what happened at the back is in order") {
  const recorded_ends x;
  x.start_recording();
  for (int i = 0; i < 10; ++i)
    x.begin("echo");
  std::istringstream back{x.back.flight_record()};
  const auto story = story_of(entries_of(back));
  CHECK(story.starts_with("received entire, begun echo, sent continuation"));
  CHECK(story.find("begun echo, received entire") == std::string::npos);
}

TEST_CASE("flight recorder: a first ticket that begins nothing is there, with its name") {
  const recorded_ends x;
  x.back.stop(1h);
  const auto op = x.begin("hold");
  CHECK(op.context().ended() == outcome::transmission_failure);
  std::istringstream back{x.back.flight_record()};
  const auto entries = entries_of(back);
  CHECK(story_of(entries) == "received entire, sent refusal");
  CHECK(entries.at(0).name == "hold");
}

TEST_CASE("flight recorder: long texts are kept in part") {
  const recorded_ends x;
  const auto op = x.begin("hold");
  op.cancel(std::string(100'000, 'x'));
  settle({x.front, x.back});
  CHECK(x.front.flight_record().size() < 10'000);
}
