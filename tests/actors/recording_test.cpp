/// Ends record themselves: the recorder, its filters and bounds, and the flight recorder.
#include "../../actors/tracing/recording_link.hpp"
#include "../../actors/tracing/trace_sink.hpp"
#include "../../messages/trace/trace_reader.hpp"
#include "../support/recorded_ends.hpp"

#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

TEST_CASE("recorder: both sides tell the whole operation") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .node = "here"});
  x.back.recorder().start({.file = x.back_file});
  const auto id = trace_id::make();
  const auto op = x.begin("echo", text("hello"), true, id);
  const auto front = x.at_front();
  const auto back = x.at_back();
  CHECK(story_of(front) == "begun echo, sent entire, received continuation, received completion, ended completed");
  CHECK(story_of(back) == "received entire, begun echo, sent continuation, sent completion, ended completed");
  REQUIRE(front.size() == 5);
  CHECK(front[0].link == "orders");
  CHECK(front[0].side == trace_side::front);
  CHECK(front[0].operation == op.context().id());
  CHECK(front[0].timeout == 10s);
  CHECK(front[0].trace_id == id);
  CHECK(front[1].payload->json == "\"hello\"");
  CHECK(front[1].payload_size == 5);
  CHECK(back[1].maximum_timeout == 1h);
  CHECK(back[1].link == "back");
  for (size_t i = 0; i < front.size(); ++i)
    CHECK(front[i].record == i);
}

TEST_CASE("recorder: it is off until it is started, and can be started and stopped while operations run") {
  recorded_ends x;
  auto op = x.begin("echo", text("a"), false);
  x.front.recorder().start({.file = x.front_file});
  CHECK(x.front.recorder().status().on);
  op.consumer().consume(text("b"));
  settle({x.front, x.back});
  x.front.recorder().stop();
  CHECK_FALSE(x.front.recorder().status().on);
  op.consumer().terminate();
  settle({x.front, x.back});
  CHECK(story_of(entries_of(x.front_file)) == "sent continuation, received continuation");
  x.front.recorder().start({.file = x.front_file});
  x.begin("throw");
  x.front.recorder().stop();
  std::ifstream in{x.front_file};
  trace_reader reader{in};
  while (reader.next() != nullptr) {}
  CHECK(reader.headers() == 2); // appended, as another run
}

TEST_CASE("recorder: a recording and a flight record begin by the ends' clock, before what they have") {
  recorded_ends x{test_services(), {}};
  x.clock->advance(10s, [&] { settle({x.front, x.back}); });
  x.front.recorder().start({.file = x.front_file});
  x.begin("hold");
  x.clock->advance(10s, [&] { settle({x.front, x.back}); });
  const auto first = x.at_front().front().monotonic_ns;
  std::ifstream in{x.front_file};
  CHECK(trace_reader{in}.header()->start_monotonic_ns == first);
  std::istringstream flight{x.front.flight_record()};
  CHECK(trace_reader{flight}.header()->start_monotonic_ns == first);
}

TEST_CASE("recorder: all ends that have one manual clock have one wall clock") {
  const temporary_folder folder;
  node at;
  auto clock = std::make_shared<manual_clock>();
  back_end back{at.system, test_services(), {.clock = clock}};
  clock->advance(1h);
  front_end front{at.system, {.clock = clock}};
  join(front, back);
  settle({front, back}); // that they are joined is recorded, too, if it comes later
  const auto file = folder.file("both");
  front.recorder().start({.file = file});
  back.recorder().start({.file = file});
  auto operation
    = front.operate({.name = "hold", .timeout = 10h, .subscription = full_serviced_subscription(make_consumer({}))});
  settle({front, back});
  clock->advance(1h, [&] { settle({front, back}); });
  operation.cancel();
  settle({front, back});
  front.recorder().stop();
  back.recorder().stop();
  std::ifstream in{file};
  trace_reader reader{in};
  std::set<int64_t> offsets;
  int records = 0;
  for (; const auto* x = reader.next(); ++records)
    offsets.insert(x->wall_ns - x->monotonic_ns);
  CHECK(records == 8);
  CHECK(offsets.size() == 1);
}

TEST_CASE("recorder: expiry is recorded at its time, by the ends' clock") {
  recorded_ends x{test_services(), {.maximum_timeout = 5s}};
  x.front.recorder().start({.file = x.front_file});
  x.begin("hold");
  x.clock->advance(10s, [&] { settle({x.front, x.back}); });
  const auto front = x.at_front();
  CHECK(story_of(front) == "begun hold, sent entire, received expiration, ended expired");
  REQUIRE(front.size() == 4);
  CHECK(front[3].monotonic_ns - front[0].monotonic_ns == 5'000'000'000);
  CHECK(front[3].wall_ns - front[0].wall_ns == 5'000'000'000);
  CHECK(front[3].details == "not done within 5000 ms, limited by the back's maximum");
  std::ifstream in{x.front_file};
  CHECK(trace_reader{in}.header()->clock == "manual");
}

TEST_CASE("recorder: the capture filter chooses by name, and cuts payloads") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .capture = "e*{p:4}, -throw"});
  x.begin("echo", text("hell\xc3\xb6 there"));
  x.begin("hold");
  x.begin("throw");
  const auto front = x.at_front();
  REQUIRE(!front.empty());
  for (const auto& entry : front)
    CHECK((entry.event == trace_event::begun ? entry.name == "echo" : entry.operation == front[0].operation));
  REQUIRE(front[1].payload.has_value());
  CHECK(front[1].payload->json == R"({"type":"string","size":12})");
  CHECK(front[1].payload->missing == "capture");
  CHECK(front[1].payload->start == "hell");
  CHECK(front[1].payload_size == 12);
}

TEST_CASE("recorder: sampling by trace id takes the same operations at both sides") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .sample = 0.5});
  x.back.recorder().start({.file = x.back_file, .sample = 0.5});
  size_t expected = 0;
  for (int i = 0; i < 100; ++i) {
    const auto id = i % 2 == 0 ? std::optional{trace_id::make()} : std::nullopt;
    const auto op = x.begin("echo", text("x"), true, id);
    expected += is_sampled(op.context().id(), id, 0.5);
  }
  auto begun = [](const std::vector<trace_entry>& entries) {
    std::vector<operation_id> result;
    for (const auto& entry : entries)
      if (entry.event == trace_event::begun)
        result.push_back(entry.operation);
    std::sort(result.begin(), result.end());
    return result;
  };
  const auto front = begun(x.at_front());
  CHECK(front.size() == expected);
  CHECK(front.size() > 20);
  CHECK(front.size() < 80);
  CHECK(front == begun(x.at_back()));
}

TEST_CASE("recorder: sampling depends on nothing but the ids") {
  // Part of what nodes agree on: must never change.
  CHECK(is_sampled({1, 2}, std::nullopt, 1));
  CHECK_FALSE(is_sampled({1, 2}, std::nullopt, 0));
  size_t taken = 0;
  for (uint64_t i = 0; i < 10000; ++i)
    taken += is_sampled({1, i << 8}, std::nullopt, 0.1);
  CHECK(taken > 900);
  CHECK(taken < 1100);
}

TEST_CASE("recorder: the production profile writes type, size and a hash that depends on the key") {
  auto hashes = [](const std::string& key) {
    recorded_ends x;
    x.front.recorder().start({.file = x.front_file, .profile = recording_profile::production, .key = key});
    x.begin("echo", text("secret"));
    x.begin("echo", text("secret"));
    x.begin("echo", text("other"));
    std::vector<std::string> result;
    for (const auto& entry : x.at_front())
      if (entry.payload && entry.event == trace_event::sent) {
        CHECK(entry.payload->json.find("secret") == std::string::npos);
        CHECK(entry.payload->missing == "redacted");
        CHECK(entry.payload->hash.size() == 16);
        result.push_back(entry.payload->hash);
      }
    REQUIRE(result.size() == 3);
    CHECK(result[0] == result[1]);
    CHECK(result[0] != result[2]);
    return result;
  };
  const auto first = hashes("a");
  CHECK(first == hashes("a"));
  CHECK(first != hashes("b"));
  CHECK(hashes("") == hashes("")); // one of this process
  CHECK(hashes("") != first);
}

TEST_CASE("recorder: a redaction decides per payload") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .redact = [](const payload& content) -> std::optional<payload> {
                              const auto* text = payload_as<std::string>(content);
                              if (text && *text == "number 4711")
                                return make_payload("number ****"s);
                              if (text && text->starts_with("secret"))
                                return payload{};
                              return std::nullopt;
                            }});
  x.begin("hold", text("number 4711"));
  x.begin("hold", text("secret"));
  x.begin("hold", text("public"));
  std::vector<std::string> seen;
  for (const auto& entry : x.at_front())
    if (entry.payload)
      seen.push_back(entry.payload->json + " " + entry.payload->missing);
  CHECK(
    seen
    == std::vector<std::string>{"\"number ****\" redacted", R"({"type":"string","size":6} redacted)", "\"public\" "});
}

TEST_CASE("recorder: what cannot be written in time is dropped, counted, and said in the trace") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .records_per_second = 1});
  x.begin("echo");
  x.front.recorder().flush();
  const auto status = x.front.recorder().status();
  const auto front = x.at_front();
  REQUIRE(front.size() >= 2);
  uint64_t dropped = 0;
  for (const auto& entry : front)
    dropped += entry.event == trace_event::dropped ? entry.count : 0;
  CHECK(dropped == status.dropped);
  CHECK(status.dropped + status.written == 5);
}

TEST_CASE("recorder: more than may wait is dropped, and a large payload counts by its bytes") {
  temporary_folder folder;
  const auto file = (folder.path / "trace.jsonl").string();
  recording_options options{.file = file, .waiting_records = 4, .waiting_bytes = 100};
  auto sink = std::make_shared<trace_sink>(options, trace_header{.node = "n", .side = "front", .link = "l"});
  const auto source = std::make_shared<trace_source>(trace_source{"l", trace_side::front, payload_policy{options}});
  auto batch = [&](size_t count, size_t bytes) {
    captured_batch result{source, {}, 0};
    for (size_t i = 0; i < count; ++i)
      result.records.emplace_back().payload = make_payload(std::string(bytes, 'x'));
    return result;
  };
  sink->take(batch(1, 101)); // before anything else: it is said all the same
  sink->flush();
  CHECK(sink->dropped() == 1);
  sink->take(batch(5, 1));
  sink->flush();
  CHECK(sink->dropped() == 2);
  CHECK(sink->written() == 4);
  sink->take(batch(1, 100));
  sink->flush();
  CHECK(sink->written() == 5);
  // Payloads of any type, and texts, count too.
  captured_batch other{source, {}, 0};
  other.records.emplace_back().payload = make_payload(std::string(101, 'x'), 7);
  other.records.emplace_back().add_rest().details = std::string(101, 'x');
  sink->take(std::move(other));
  sink->flush();
  CHECK(sink->dropped() == 4);
  std::vector<uint64_t> dropped;
  for (const auto& x : entries_of(file))
    if (x.event == trace_event::dropped)
      dropped.push_back(x.count);
  CHECK(dropped == std::vector<uint64_t>{1, 1, 2});
}

TEST_CASE("recorder: it ends by itself after so many records") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .records = 3});
  x.begin("echo");
  x.front.recorder().flush();
  const auto status = x.front.recorder().status();
  CHECK_FALSE(status.on);
  CHECK(status.problem == "it has written as many records as it may, 3");
  CHECK(status.written == 3);
  CHECK(x.at_front().size() >= 3);
}

TEST_CASE("recorder: files are limited in size and number") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file, .file_bytes = 2000, .files = 3});
  for (int i = 0; i < 20; ++i)
    x.begin("echo");
  x.front.recorder().stop();
  CHECK(std::filesystem::exists(x.front_file + ".2"));
  CHECK_FALSE(std::filesystem::exists(x.front_file + ".3"));
  CHECK(std::filesystem::file_size(x.front_file + ".1") < 3000);
}

TEST_CASE("recorder: two ends may share a file") {
  recorded_ends x;
  x.front.recorder().start({.file = x.front_file});
  x.back.recorder().start({.file = x.front_file, .profile = recording_profile::production});
  x.begin("echo");
  x.back.recorder().stop();
  const auto entries = x.at_front();
  CHECK(entries.size() == 10);
  for (size_t i = 0; i < entries.size(); ++i)
    CHECK(entries[i].record == i);
  std::ifstream in{x.front_file};
  trace_reader reader{in};
  while (reader.next() != nullptr) {}
  REQUIRE(reader.header());
  CHECK(reader.header()->side == ""); // of both
  CHECK(reader.header()->link == "");
}

TEST_CASE("recorder: options that make no sense, and files that cannot be written") {
  recorded_ends x;
  auto& recorder = x.front.recorder();
  CHECK_THROWS_WITH(recorder.start({}), "recording_options: file must not be empty");
  CHECK_THROWS_WITH(recorder.start({.file = "f", .sample = 1.5}),
                    "recording_options: sample must be more than 0 and at most 1, got 1.500000");
  CHECK_THROWS_WITH(recorder.start({.file = "f", .files = 2}),
                    "recording_options: several files need file_bytes, the size at which the next begins");
  CHECK_THROWS_WITH(recorder.start({.file = "/no/such/folder/trace"}),
                    "cannot write the trace file /no/such/folder/trace: No such file or directory");
  CHECK_FALSE(recorder.status().on);
  recorder.start({.file = x.front_file});
  CHECK_THROWS(recorder.start({.file = "/dev/full"}));
  CHECK(recorder.status().on); // what was on goes on
}

TEST_CASE("capture filter: the most exact item decides") {
  const capture_filter filter{"db.*{p:256}, db.get, -db.health, \"word count\"{p:0} , ?at"};
  CHECK(filter.payload_bytes("db.put") == 256);
  CHECK(filter.payload_bytes("db.get") == capture_filter::whole);
  CHECK_FALSE(filter.payload_bytes("db.health"));
  CHECK(filter.payload_bytes("word count") == 0);
  CHECK(filter.payload_bytes("cat") == capture_filter::whole);
  CHECK_FALSE(filter.payload_bytes("at"));
  CHECK_FALSE(filter.payload_bytes("other"));
  CHECK_FALSE(filter.takes_unknown());
  const capture_filter without{"-health"};
  CHECK_FALSE(without.payload_bytes("health"));
  CHECK_FALSE(capture_filter{"- health"}.payload_bytes("health"));
  CHECK(without.payload_bytes("echo") == capture_filter::whole);
  CHECK(without.takes_unknown());
  CHECK(capture_filter{}.payload_bytes("x") == capture_filter::whole);
  CHECK(capture_filter{"\"a*\""}.payload_bytes("a*").has_value());
  CHECK_FALSE(capture_filter{"\"a*\""}.payload_bytes("ab").has_value());
  CHECK(capture_filter{"*a*b*"}.payload_bytes("xxaxxbxx").has_value());
  CHECK_FALSE(capture_filter{"*a*b"}.payload_bytes("xxaxxbx").has_value());
  CHECK(capture_filter{"word count"}.payload_bytes("word count").has_value());
}

TEST_CASE("capture filter: errors say what is wrong, and where") {
  auto error_of = [](const char* text) -> std::string {
    try {
      capture_filter{text};
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "";
  };
  CHECK(error_of("db.*{p:256") == "capture filter: expected } at character 11, where it ends");
  CHECK(error_of("db.*{q:1}")
        == "capture filter: expected p:N, the most bytes of a payload, at character 6, got \"q:1}\"");
  CHECK(error_of("a,,b")
        == "capture filter: expected the name of an operation, such as echo or db.* at character 3, "
           "got \",b\"");
  CHECK(error_of("a, ") == "capture filter: expected a further item at character 4, where it ends");
  CHECK(error_of("\"a") == "capture filter: expected a closing \" at character 3, where it ends");
  CHECK(error_of("a{p:x}") == "capture filter: expected a number of bytes at character 5, got \"x}\"");
  CHECK(error_of("-a{p:1}").starts_with("capture filter: expected a comma, since what is left out"));
}

TEST_CASE("recorder: annotations by customer code, and operations on behalf of others") {
  auto services = std::make_shared<method_table>();
  front_end* inner = nullptr;
  services->add("outer", [&inner](const operation_context& context, const output_consumer& out) {
    context.annotate("asking " + context.name());
    inner->operate({.name = "hold", .payload = text("x"), .complete = true, .timeout = 1s});
    out.terminate();
    return make_consumer({});
  });
  services->add("hold", [](const operation_context&, const output_consumer&) { return make_consumer({}); });
  recorded_ends x{services};
  inner = &x.front;
  x.front.recorder().start({.file = x.front_file});
  x.back.recorder().start({.file = x.back_file});
  const auto outer = x.begin("outer");
  const auto back = x.at_back();
  const auto note
    = std::find_if(back.begin(), back.end(), [](const auto& e) { return e.event == trace_event::annotation; });
  REQUIRE(note != back.end());
  CHECK(note->text == "asking outer");
  CHECK(note->operation == outer.context().id());
  const auto front = x.at_front();
  const auto child = std::find_if(front.begin(), front.end(),
                                  [](const auto& e) { return e.event == trace_event::begun && e.name == "hold"; });
  REQUIRE(child != front.end());
  CHECK(child->parent == outer.context().id());
}

TEST_CASE("flight recorder: the last records are there on request, without payloads") {
  recorded_ends x;
  x.begin("echo");
  auto op = x.begin("throw");
  std::istringstream front{x.front.flight_record()};
  std::istringstream back{x.back.flight_record()};
  const auto at_front = entries_of(front);
  CHECK(story_of(at_front)
        == "begun echo, sent entire, received continuation, received completion, ended completed, "
           "begun throw, sent entire, received servicer failure, ended servicer failure");
  REQUIRE(at_front.size() == 9);
  CHECK(at_front[1].name == "echo");
  CHECK(at_front[1].payload->json == R"({"type":"unknown","size":5})");
  CHECK(at_front[1].timeout == 10s);
  CHECK(at_front[7].details == at_front[8].details);
  const auto at_back = entries_of(back);
  CHECK(story_of(at_back).ends_with("received entire, begun throw, sent servicer failure, ended servicer failure"));
}

TEST_CASE("flight recorder: it keeps the last ones only, and can be off") {
  recorded_ends x{test_services(), {.flight_records = 4}};
  for (int i = 0; i < 3; ++i)
    x.begin("echo");
  std::istringstream back{x.back.flight_record()};
  CHECK(story_of(entries_of(back)) == "begun echo, sent continuation, sent completion, ended completed");
  recorded_ends off{test_services(), {.flight_records = 0}};
  off.begin("echo");
  std::istringstream none{off.back.flight_record()};
  CHECK(entries_of(none).empty());
}

TEST_CASE("flight recorder: operations that do not complete are written down by themselves") {
  recorded_ends x;
  x.front.recorder().start_failures({.file = x.front_file});
  x.begin("echo");
  auto held = x.begin("hold");
  x.begin("throw");
  held.cancel();
  settle({x.front, x.back});
  x.front.recorder().stop_failures();
  CHECK(story_of(entries_of(x.front_file))
        == "begun throw, sent entire, received servicer failure, ended servicer failure, "
           "begun hold, sent entire, sent cancellation, ended cancelled");
}

TEST_CASE("recorder: by message") {
  recorded_ends x;
  caf::scoped_actor self{x.at.system};
  std::string refused;
  auto unexpected = [](const caf::error& e) { FAIL_CHECK(caf::to_string(e)); };
  compat::request(self, x.front.handle(), start_recording{.file = "", .capture = "{"})
    .receive([] { FAIL_CHECK("not refused"); }, [&](const caf::error& e) { refused = caf::to_string(e); });
  CHECK(refused.find("file must not be empty") != std::string::npos);
  compat::request(self, x.front.handle(), start_recording{.file = x.front_file, .capture = "echo"})
    .receive([] {}, unexpected);
  x.begin("echo");
  recording_status status;
  compat::request(self, x.front.handle(), stop_recording{})
    .receive([&](const recording_status& answer) { status = answer; }, unexpected);
  CHECK(status.written == 5);
  CHECK(entries_of(x.front_file).size() == 5);
  std::string flight;
  compat::request(self, x.front.handle(), get_flight_record{})
    .receive([&](const std::string& answer) { flight = answer; }, unexpected);
  CHECK(flight.starts_with("{\"tandem_trace\":1,"));
  std::string operations;
  compat::request(self, x.back.handle(), get_operations{})
    .receive([&](const std::string& answer) { operations = answer; }, unexpected);
  CHECK(nlohmann::json::parse(operations)["side"] == "back");
}

TEST_CASE("operations: every open operation, with what is known of it") {
  recorded_ends x;
  const auto id = trace_id::make();
  auto op = x.begin("hold", text("a"), false, id);
  op.consumer().consume(text("b"));
  x.clock->advance(2s, [&] { settle({x.front, x.back}); });
  x.begin("hold");
  const auto front = nlohmann::json::parse(x.front.operations());
  CHECK(front["end"] == "orders");
  CHECK(front["side"] == "front");
  CHECK(front["ongoing"] == 2);
  REQUIRE(front["operations"].size() == 2);
  const auto& oldest = front["operations"][0];
  CHECK(oldest["operation_id"] == to_string(op.context().id()));
  CHECK(oldest["name"] == "hold");
  CHECK(oldest["state"] == "output open, input open");
  CHECK(oldest["age"] == 2.0);
  CHECK(oldest["time_left"] == 8.0);
  CHECK(oldest["next_sent"] == 2);
  CHECK(oldest["next_received"] == 0);
  CHECK(oldest["trace_id"] == to_string(id));
  CHECK(oldest["subscription"] == "full");
  const auto back = nlohmann::json::parse(x.back.operations(1));
  CHECK(back["ongoing"] == 2);
  REQUIRE(back["operations"].size() == 1);
  CHECK(back["operations"][0]["next_received"] == 2);
  CHECK(back["operations"][0]["waits_for_link"] == false);
}
