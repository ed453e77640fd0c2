/// Traces that are played again: by a back with other services, by a front with another caller.
#include "../../actors/replay/replay.hpp"
#include "../support/recorded_ends.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// The report of a replay to these services, which may be others than those that were recorded.
replay_report played(const std::string& file, std::shared_ptr<servicer> services, replay_options options = {}) {
  std::ifstream trace{file, std::ios::binary};
  return replay(trace, std::move(services), options);
}

replay_report played_to_front(const std::string& file, replay_caller caller) {
  std::ifstream trace{file, std::ios::binary};
  return replay_to_front(trace, std::move(caller));
}

/// One to a line, without the operation's id, which is another one each time.
std::string differences(const replay_report& report) {
  std::string result;
  for (const auto& x : report.differences)
    result += to_string(x).substr(to_string(x.operation).size() + 2) + "\n";
  return result;
}

/// test_services() with one method that does something else.
std::shared_ptr<servicer> changed(const std::string& name, method_table::method what) {
  auto result = std::dynamic_pointer_cast<method_table>(test_services());
  result->add(name, std::move(what));
  return result;
}

/// At the back time is over earlier than at the front: of two timers at the same instant either may be first.
const end_options earlier{.maximum_timeout = 9s};

/// Everything that an operation can come to.
void record_all(const recorded_ends& x) {
  x.start_recording();
  auto stream = x.begin("echo", text("a"), false);
  stream.consumer().consume(text("b"));
  settle({x.front, x.back});
  x.begin("throw");
  x.begin("no such");
  const auto cancelled = x.begin("hold");
  x.begin("hold");
  x.advance(3s);
  cancelled.cancel("as planned");
  stream.consumer().terminate();
  settle({x.front, x.back});
  x.advance(20s);
  x.front.recorder().stop();
  x.back.recorder().stop();
}

} // namespace

TEST_CASE("replay: the same services do the same, however an operation ends") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  const auto report = played(x.back_file, test_services());
  CHECK(report.operations == 5);
  CHECK(differences(report) == "");
  CHECK(report.skipped.empty());
  CHECK(report.tickets >= 6);
  // A trace of the front only serves as well. It has the other side's outcomes, which are not compared, and does not
  // tell how much time the back allowed.
  CHECK(differences(played(x.front_file, test_services(),
                           {.choose = [](const recorded_operation& y) { return y.name != "hold"; }}))
        == "");
}

TEST_CASE("replay: what an end and a link have recorded into one file is played once") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  const auto whole = played(x.back_file, test_services()).tickets;
  std::stringstream both;
  std::ifstream in{x.back_file, std::ios::binary};
  const auto link = "\"link\":\"" + x.back.recorder().link() + '"';
  for (std::string line; std::getline(in, line);) {
    both << line << '\n';
    const auto entry = nlohmann::json::parse(line);
    const auto event = entry.value("event", "");
    if (event != "sent" && event != "received")
      continue;
    auto of_link = line; // the same, as a link beside the end has it
    of_link.replace(of_link.find(link), link.size(), "\"link\":\"beside\"");
    both << of_link << '\n';
  }
  const auto report = replay(both, test_services(), {});
  CHECK(differences(report) == "");
  CHECK(report.tickets == whole);
}

TEST_CASE("replay: a service that answers something else is told by its ticket") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  const auto report = played(
    x.back_file, changed("echo", [](const operation_context&, const output_consumer& out) {
      return make_consumer(
        [out](payload content) { out.consume(*payload_as<std::string>(content) == "b" ? text("B") : content); },
        [out] { out.terminate(); });
    }));
  CHECK(differences(report) == "echo, ticket 1: expected continuation \"b\", got continuation \"B\"\n");
}

TEST_CASE("replay: services that do less or more, and an outcome that is another one") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  const auto silent = played(
    x.back_file, changed("echo", [](const operation_context&, const output_consumer&) { return make_consumer({}); }));
  CHECK(differences(silent)
        == "echo, ticket 0: expected continuation \"a\", got expiration\n"
           "echo, ticket 1: expected continuation \"b\", got nothing\n"
           "echo, ticket 2: expected completion, got nothing\n"
           "echo, outcome: expected completed, got expired\n");
  const auto mended = played(x.back_file, changed("throw", [](const operation_context&, const output_consumer& out) {
                               return make_consumer({}, [out] { out.terminate(); });
                             }));
  CHECK(differences(mended)
        == "throw, ticket 0: expected servicer failure, got completion\n"
           "throw, outcome: expected servicer failure, got completed\n");
}

TEST_CASE("replay: time is virtual, so that what was late is late again") {
  const recorded_ends x{test_services(), earlier};
  x.start_recording();
  x.begin("hold");
  x.advance(10s);
  x.back.recorder().stop();
  std::optional<operation_context> context;
  duration left{};
  const auto report = played(x.back_file, changed("hold", [&](const operation_context& it, const output_consumer&) {
                               left = it.time_remaining();
                               context = it;
                               return make_consumer({});
                             }));
  CHECK(differences(report) == "");
  CHECK(left == 9s);
  REQUIRE(context);
  CHECK(context->ended() == outcome::expired);
}

TEST_CASE("replay: what cannot be played is listed with the reason, and the rest is played") {
  const recorded_ends x;
  const auto begun_before = x.begin("hold");
  x.back.recorder().start({.file = x.back_file, .capture = "*, echo{p:1}"});
  x.begin("echo", text("longer than one byte"));
  x.begin("throw");
  begun_before.cancel();
  settle({x.front, x.back});
  x.back.recorder().stop();
  const auto report = played(x.back_file, test_services());
  CHECK(report.operations == 1);
  CHECK(report.is_same());
  REQUIRE(report.skipped.size() == 2);
  CHECK(report.skipped[0].ends_with(": echo: line 2: its payload is not in the trace (capture)"));
  CHECK(report.skipped[1].ends_with(": its beginning is not in the trace"));
}

TEST_CASE("replay: a payload of a type that is not known here") {
  const recorded_ends x;
  x.start_recording();
  x.begin("echo", text("hello"));
  x.back.recorder().stop();
  std::ifstream in{x.back_file, std::ios::binary};
  std::string trace{std::istreambuf_iterator<char>{in}, {}};
  for (auto at = trace.find("\"hello\""); at != std::string::npos; at = trace.find("\"hello\""))
    trace.replace(at, 7, R"({"@type": "theirs::order", "number": 7})");
  std::istringstream changed_trace{trace};
  const auto report = replay(changed_trace, test_services());
  CHECK(report.operations == 0);
  REQUIRE(report.skipped.size() == 1);
  CHECK(report.skipped[0].find("line 2: ") != std::string::npos);
  CHECK(report.skipped[0].find("theirs::order") != std::string::npos);
}

TEST_CASE("replay: only the operations that are chosen") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  const auto report = played(
    x.back_file, changed("throw", [](const operation_context&, const output_consumer&) { return make_consumer({}); }),
    {.choose = [](const recorded_operation& y) { return y.name == "echo"; }});
  CHECK(report.operations == 1);
  CHECK(report.is_same());
}

TEST_CASE("replay: without services, and without a trace") {
  std::istringstream empty;
  CHECK_THROWS_WITH_AS(replay(empty, nullptr), "replay: services must not be null", std::invalid_argument);
  const auto nothing = "replay: there is no operation in the trace, or it cannot be read";
  CHECK_THROWS_WITH_AS(replay(empty, test_services()), nothing, std::invalid_argument);
  CHECK_THROWS_WITH_AS(played("/no/such/file", test_services()), nothing, std::invalid_argument);
  std::istringstream garbage{"garbage\n{}\nnull\n[]\n"};
  CHECK_THROWS_WITH_AS(replay_to_front(garbage, {}), nothing, std::invalid_argument);
}

TEST_CASE("replay: that nothing was played is not the same") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  const auto report = played(x.back_file, test_services(), {.choose = [](const auto&) { return false; }});
  CHECK(report.operations == 0);
  CHECK(report.differences.empty());
  CHECK_FALSE(report.is_same());
}

TEST_CASE("replay: the other direction, with what was recorded and with a caller of one's own") {
  const recorded_ends x{test_services(), earlier};
  record_all(x);
  CHECK(differences(played_to_front(x.front_file, {})) == "");
  const auto other = [](const front_end& front, const recorded_operation& recorded) {
    return front.operate({.name = recorded.name,
                          .payload = text(recorded.name == "throw" ? "hello" : "HELLO"),
                          .complete = true,
                          .timeout = recorded.timeout,
                          .subscription = full_serviced_subscription(make_consumer({}))});
  };
  const auto found = differences(played_to_front(x.front_file, other));
  CHECK(found.find("no such, ticket 0: expected entire no such timeout 10000000000 ns \"hello\", got entire no such "
                   "timeout 10000000000 ns \"HELLO\"\n")
        != std::string::npos);
  CHECK(found.find("throw") == std::string::npos);
}
