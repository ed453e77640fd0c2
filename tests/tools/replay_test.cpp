/// `tandem replay`: traces that are played to another back.
#include "../support/trace_folder.hpp"
#include "../support/written_trace.hpp"

#include "../../actors/replay/recorded_operation.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem_test;

namespace {

finished replay(const std::string& trace, const std::string& address, std::vector<std::string> options = {}) {
  options.insert(options.begin(), {"replay", trace, "--against", address});
  return run_tandem(options);
}

/// The trace of a back, of some calls that end in different ways.
std::string recorded_calls(const trace_folder& folder) {
  auto trace = folder.file("back");
  serving back{{"--trace", trace}};
  CHECK(call(back, {"echo", "--payload", "one", "--payload", "two"}).status == 0);
  CHECK(call(back, {"range", "--payload", "3"}).status == 0);
  CHECK(call(back, {"fail", "--payload", "as told"}).status == 14);
  CHECK(call(back, {"nothing"}).status == 14);
  CHECK(call(back, {"sleep", "--payload", "1h", "--timeout", "50ms"}).status == 11);
  back.stop();
  return trace;
}

/// The same trace, but for these texts.
std::string with(const temporary_folder& folder, const std::string& trace, const std::string& from,
                 const std::string& to) {
  auto text = content_of(trace);
  const auto at = text.rfind(from);
  REQUIRE(at != std::string::npos);
  return folder.file("changed.jsonl", text.replace(at, from.size(), to));
}

} // namespace

TEST_CASE("replay: the same services answer the same") {
  const trace_folder traces;
  const auto trace = recorded_calls(traces);
  serving back;
  for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--no-delays"}}) {
    const auto x = replay(trace, back.address, options);
    CHECK_MESSAGE(x.status == 0, x.output);
    CHECK_MESSAGE(x.output.starts_with("operations played: 5, not played: 0; "), x.output);
    CHECK_MESSAGE(x.output.ends_with(", differences: 0\n"), x.output);
  }
}

TEST_CASE("replay: what differs is told, and is the exit status") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto changed = with(folder, recorded_calls(traces), "\"two\"", "\"2\"");
  serving back;
  const auto text = replay(changed, back.address, {"--no-delays"});
  CHECK(text.status == 1);
  CHECK_MESSAGE(contains(text.output, ": echo, ticket 1: expected continuation \"2\", got continuation \"two\"\n"),
                text.output);
  CHECK_MESSAGE(contains(text.output, ", differences: 1\n"), text.output);
  const auto json = nlohmann::json::parse(replay(changed, back.address, {"--no-delays", "--json"}).output);
  CHECK(json["operations"] == 5);
  REQUIRE(json["differences"].size() == 1);
  CHECK(json["differences"][0]["name"] == "echo");
  CHECK(json["differences"][0]["where"] == "ticket 1");
  CHECK(json["differences"][0]["expected"] == "continuation \"2\"");
  CHECK(json["skipped"].empty());
}

TEST_CASE("replay: payloads wait until the back allows them, though it allowed more when they were recorded") {
  const trace_folder traces;
  const temporary_folder folder;
  std::string lines;
  for (int i = 0; i < 300; ++i)
    lines += std::to_string(i) + '\n';
  const auto trace = traces.file("back");
  serving recorded{{"--trace", trace}};
  REQUIRE(call(recorded, {"echo", "--file", folder.file("lines", lines)}).status == 0);
  recorded.stop();
  serving narrow{{"--set", "tandem.end.window=2", "--trace", traces.file("narrow")}};
  const auto x = replay(trace, narrow.address, {"--no-delays"});
  CHECK_MESSAGE(x.status == 0, x.output);
  CHECK_MESSAGE(x.output.ends_with(", differences: 0\n"), x.output);
  narrow.stop();
  CHECK(contains(content_of(traces.file("narrow")), "\"allowed\":300}"));
}

TEST_CASE("replay: what comes beyond a recording that stopped is no difference; without answers nothing is the same") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto whole = content_of(recorded_calls(traces));
  // Up to the first result of `range`: the recorder was killed.
  const auto first = whole.find("\"completion\"", whole.find("\"range\""));
  REQUIRE(first != std::string::npos);
  serving back;
  const auto stopped = folder.file("stopped", whole.substr(0, whole.rfind('\n', first) + 1));
  const auto x = replay(stopped, back.address, {"--no-delays", "--patience", "100ms"});
  CHECK_MESSAGE(x.status == 0, x.output);
  CHECK_MESSAGE(x.output.ends_with(", differences: 0\n"), x.output);

  std::string questions;
  std::istringstream lines{whole};
  for (std::string line; std::getline(lines, line);)
    if (!contains(line, "\"event\":\"sent\"") && !contains(line, "\"event\":\"ended\""))
      questions += line + '\n';
  const auto y = replay(folder.file("questions", questions), back.address, {"--no-delays", "--patience", "100ms"});
  CHECK_MESSAGE(y.status == 1, y.output);
  CHECK_MESSAGE(contains(y.output, "operations played: 5, not played: 0, without a recorded answer: "), y.output);
  CHECK_MESSAGE(contains(y.output, "; tickets compared: 0, "), y.output);
}

TEST_CASE("replay: a back that gives no answer is waited for no longer than told") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto trace = recorded_calls(traces);
  const auto longer = with(folder, trace, "\"payload\":\"3\"", "\"payload\":\"2\"");
  serving back;
  const auto x = replay(longer, back.address, {"--no-delays", "--patience", "200ms"});
  CHECK(x.status == 1);
  CHECK_MESSAGE(contains(x.output, ": range, ticket 2: expected continuation"), x.output);
}

TEST_CASE("replay: what does not come in time is late, and no difference") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto trace = traces.file("back");
  {
    serving back{{"--trace", trace}};
    CHECK(call(back, {"sleep", "--payload", "10ms"}).status == 0);
    CHECK(call(back, {"echo", "--payload", "one"}).status == 0);
    back.stop();
  }
  const auto longer = with(folder, trace, "\"10ms\"", "\"1h\"");
  const auto again = traces.file("again");
  serving back{{"--trace", again}};
  const auto x = replay(longer, back.address, {"--no-delays", "--patience", "200ms", "--at-once", "1"});
  CHECK(x.status == 1);
  CHECK_MESSAGE(contains(x.output, "late: "), x.output);
  CHECK_MESSAGE(contains(x.output, ": sleep, ticket 0: expected completion \"slept 10ms\", got nothing\n"), x.output);
  CHECK_MESSAGE(x.output.ends_with(", late: 1, differences: 0\n"), x.output);
  const auto json = nlohmann::json::parse(
    replay(longer, back.address, {"--no-delays", "--patience", "200ms", "--at-once", "1", "--json"}).output);
  CHECK(json["late"].size() == 1);
  CHECK(json["differences"].empty());
  back.stop();
  // The back was told that nobody waits any longer.
  CHECK_MESSAGE(contains(content_of(again), "the replay waits no longer"), content_of(again));
}

TEST_CASE("replay: no more operations are under way than told, and a large trace is played in parts") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto one = traces.file("back");
  {
    serving back{{"--trace", one}};
    CHECK(call(back, {"sleep", "--payload", "100ms"}).status == 0);
    back.stop();
  }
  // Thirty of it, all at the same time.
  std::istringstream lines{content_of(one)};
  std::string header;
  std::string records;
  std::getline(lines, header);
  for (std::string line; std::getline(lines, line);)
    if (contains(line, "\"operation_id\""))
      records += line + "\n";
  const auto at = records.find("\"operation_id\":\"") + 16;
  const auto id = records.substr(at, 32);
  std::string text = header + "\n";
  for (int i = 10; i < 40; ++i) {
    auto copy = records;
    for (auto place = copy.find(id); place != std::string::npos; place = copy.find(id))
      copy.replace(place, 32, "00000000000000000000000000000f" + std::to_string(i));
    text += copy;
  }
  const auto trace = folder.file("many.jsonl", text);
  serving back{{"--max-operations", "6"}};
  const auto too_many = replay(trace, back.address, {"--no-delays"});
  CHECK(too_many.status == 1);
  CHECK_MESSAGE(contains(too_many.output, "got refusal"), too_many.output);
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--no-delays", "--at-once", "3"}, {"--at-once", "3", "--memory", "5000"}}) {
    const auto x = replay(trace, back.address, options);
    CHECK_MESSAGE(x.status == 0, x.output);
    CHECK_MESSAGE(x.output.starts_with("operations played: 30, not played: 0; "), x.output);
  }
}

TEST_CASE("replay: what cannot be played is told with the reason") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto trace = recorded_calls(traces);
  serving back;
  auto text = content_of(trace);
  const auto line = text.rfind('\n', text.find("\"commencement\""));
  text.erase(line, text.find('\n', line + 1) - line);
  const auto x = replay(folder.file("cut.jsonl", text), back.address, {"--no-delays"});
  CHECK(x.status == 0);
  CHECK_MESSAGE(contains(x.output, ": echo: its beginning is not in the trace\n"), x.output);
  CHECK_MESSAGE(contains(x.output, "operations played: 4, not played: 1; "), x.output);
}

TEST_CASE("replay: no trace, nobody there") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto deserted = deserted_address();
  const auto error = [&](const std::string& trace, const std::string& message) {
    const auto x = replay(trace, deserted);
    CHECK(x.status == 1);
    CHECK(x.output == "tandem: " + message + "\n");
  };
  error("/nonexistent", "cannot read /nonexistent: No such file or directory");
  error("/", "cannot read /: Is a directory");
  const auto text = folder.file("text", "hello\n");
  error(text, text + " is not a trace file: line 1: not JSON\ntandem: there is no operation in " + text);
  const auto empty = folder.file("empty", "");
  error(empty, empty + " is not a trace file: it is empty\ntandem: there is no operation in " + empty);
  const auto trace = recorded_calls(traces);
  error(trace, "cannot connect to " + deserted + ": nothing listens there (connection refused)");
  CHECK(run_tandem({"replay", trace}).output == "tandem: --against is required\nSee `tandem replay --help`.\n");
}

TEST_CASE("replay: nothing that can be played is no success, and lines that cannot be read are told") {
  const temporary_folder folder;
  const trace_folder traces;
  const auto deserted = deserted_address();
  auto text = content_of(recorded_calls(traces));
  for (const std::string kind : {"\"kind\":\"commencement\"", "\"kind\":\"entire\""})
    for (auto at = text.find(kind); at != std::string::npos; at = text.find(kind))
      text.replace(at, kind.size(), "\"kind\":\"continuation\"");
  const auto none = replay(folder.file("none.jsonl", text), deserted);
  CHECK(none.status == 1);
  CHECK_MESSAGE(contains(none.output, "operations played: 0, not played: 5; "), none.output);
  serving back;
  const auto odd = folder.file("odd.jsonl", content_of(traces.file("back")) + "{\n{}\n");
  const auto x = replay(odd, back.address, {"--no-delays"});
  CHECK(x.status == 0);
  CHECK_MESSAGE(contains(x.output, "tandem: " + odd + ": line "), x.output);
}

TEST_CASE("replay: in a merged trace the wall clock counts, since every node has a monotonic clock of its own") {
  written_trace trace{tandem::trace_side::back, ""};
  for (uint64_t i : {1, 2}) {
    auto x = trace.entry(tandem::trace_event::received, i, static_cast<int64_t>(i));
    x.node = "node/" + std::to_string(i);
    x.monotonic_ns += static_cast<int64_t>(i) * 3'600'000'000'000;
    x.kind = tandem::ticket_kind::entire;
    trace.add(x);
  }
  std::istringstream in{trace.text()};
  const auto operations = tandem::read_recorded(in, tandem::trace_side::back);
  REQUIRE(operations.size() == 2);
  CHECK(operations[0].steps.at(0).time == tandem::duration::zero());
  CHECK(operations[1].steps.at(0).time == std::chrono::microseconds{1});
}
