/// What `tandem trace` tells of flow control: who may send how much, who waited for whom, and how long consumers took.
#include "told_operations.hpp"

#include "../../messages/trace/trace_reader.hpp"
#include "../../tools/trace/browser/html.hpp"
#include "../../tools/trace/checking/check.hpp"
#include "../../tools/trace/exporting/export.hpp"
#include "../../tools/trace/listing/at.hpp"
#include "../../tools/trace/listing/show.hpp"
#include "../../tools/trace/measuring/stats.hpp"
#include "../../tools/trace/operations/operation_view.hpp"
#include "../../tools/trace/telling/draw.hpp"
#include "../../tools/trace/telling/explain.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

struct told_files {
  temporary_folder folder;
  std::string front;
  std::string back;

  explicit told_files(const told_operations& x)
    : front(folder.file("front", x.front.text())), back(folder.file("back", x.back.text())) {
  }

  std::vector<std::string> both() const {
    return {front, back};
  }
};

/// The objects of JSON lines.
std::vector<nlohmann::json> objects_of(const std::string& text) {
  std::vector<nlohmann::json> result;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    result.push_back(nlohmann::json::parse(line));
  return result;
}

std::vector<nlohmann::json> at(const std::string& when, const told_files& x) {
  const auto printed = run_command(trace_at, {.when = *parse_trace_time(when), .files = x.both(), .json = true});
  CHECK(printed.status == 0);
  auto result = objects_of(printed.out);
  REQUIRE(result.size() == 2);
  if (result[0]["side"] == "back")
    std::swap(result[0], result[1]);
  return result;
}

nlohmann::json stats_of(const std::vector<std::string>& files) {
  return nlohmann::json::parse(run_command(trace_stats_of, {files, true}).out);
}

nlohmann::json explained(const std::vector<std::string>& files) {
  return nlohmann::json::parse(run_command(trace_explain, {"3f2a.300", files, true}).out);
}

trace_entry consumed(int64_t began, int64_t took, uint64_t number = 0) {
  trace_entry x;
  x.event = trace_event::consumed;
  x.sequence_number = {number};
  x.began_ns = began;
  x.took_ns = took;
  return x;
}

} // namespace

TEST_CASE("trace: the story of the slow consumer breaks no rule") {
  const told_files x{slow_consumer()};
  const auto found = run_command(trace_check, {.files = x.both()});
  CHECK_MESSAGE(found.status == 0, found.out);
  CHECK(contains(found.out, ": 0 errors, 0 warnings"));
}

TEST_CASE("trace check: a payload that was consumed before it came, after the end, or for longer than there was time") {
  const auto found = [](uint64_t number, int64_t at, int64_t began, int64_t took) {
    const temporary_folder folder;
    written_trace trace{trace_side::front, "one/1"};
    trace.begun(1, 0, "echo", std::chrono::seconds{10});
    trace.ticket(trace_event::sent, 1, 10, 0, ticket_kind::entire, "x", std::chrono::seconds{10});
    trace.ticket(trace_event::received, 1, 20, 0, ticket_kind::continuation, "x");
    const auto add = [&] {
      auto x = trace.entry(trace_event::consumed, 1, at);
      x.sequence_number = {number};
      x.began_ns = began * 1000;
      x.took_ns = took * 1000;
      trace.add(x);
    };
    if (at < 100)
      add();
    trace.ticket(trace_event::received, 1, 100, 1, ticket_kind::completion);
    trace.ended(1, 110, outcome::completed);
    if (at > 110)
      add();
    return run_command(trace_check, {.files = {folder.file("t", trace.text())}}).out;
  };
  CHECK(!contains(found(0, 50, 20, 30), "T-CONSUMED"));
  CHECK(contains(found(1, 50, 20, 30), "the payload of ticket 1 was consumed before it came"));
  CHECK(contains(found(0, 50, 20, 31), "the payload of ticket 0 was consumed in a time that was not over yet"));
  CHECK(contains(found(0, 50, 30, -1), "the payload of ticket 0 was consumed in a time that was not over yet"));
  CHECK(contains(found(0, 120, 20, 30), "the payload of ticket 0 was consumed after the end of the operation"));
}

TEST_CASE("trace at: credit of both sides") {
  const told_files x{slow_consumer()};
  const auto early = at("1s", x);
  CHECK(early[0]["sent"] == 1);
  CHECK(early[0]["allowed"] == 16);
  CHECK(early[0]["credit"] == 15);
  CHECK(early[0]["came"] == 1);
  CHECK(early[0]["allows"] == 2);
  CHECK(early[0]["without_credit_ns"] == nullptr);
  CHECK(early[1]["sent"] == 2);
  CHECK(early[1]["allowed"] == 2);
  CHECK(early[1]["credit"] == 0);
  CHECK(early[1]["came"] == 1);
  CHECK(early[1]["allows"] == 16);
  CHECK(early[1]["without_credit_ns"] == 999'400'000);
  const auto late = at("3100ms", x);
  CHECK(late[0]["allows"] == 4);
  CHECK(late[0]["came"] == 3);
  CHECK(late[1]["sent"] == 3);
  CHECK(late[1]["allowed"] == 4);
  CHECK(late[1]["credit"] == 1);
  CHECK(late[1]["without_credit_ns"] == nullptr);
  const auto text = run_command(trace_at, {.when = *parse_trace_time("1s"), .files = x.both()}).out;
  check_golden_text(text, "at_credit.txt");
}

TEST_CASE("trace at: what is allowed is any number without limits, and not known without the first ticket") {
  const temporary_folder folder;
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(trace_event::sent, 1, 0, 0, ticket_kind::commencement, "x");
  trace.ticket(trace_event::sent, 2, 1, 5, ticket_kind::continuation, "x");
  const auto file = folder.file("t", trace.text());
  const auto text = run_command(trace_at, {.when = *parse_trace_time("1s"), .files = {file}}).out;
  const auto line_with = [&text](const std::string& word) {
    const auto from = text.rfind('\n', text.find(word)) + 1;
    return text.substr(from, text.find('\n', from) - from);
  };
  CHECK(contains(line_with("3f2a.1 "), " 1      any     any     0     any"));
  CHECK(contains(line_with("3f2a.2 "), " 1        ?       ?     0       ?"));
}

TEST_CASE("trace stats: the parts of an operation's time, and that without credit") {
  const told_files x{slow_consumer()};
  const auto names = stats_of(x.both())["names"];
  REQUIRE(names.size() == 2);
  const auto& front = names[0];
  const auto& back = names[1];
  REQUIRE(front["side"] == "front");
  CHECK(front["waiting_at_sender_ns"]["max"] == 10'000);
  CHECK(front["on_the_way_ns"]["max"] == 300'000);
  CHECK(front["way_back_ns"]["max"] == 400'000);
  CHECK(front["work_ns"] == nullptr);
  CHECK(front["without_credit_ns"] == nullptr);
  CHECK(back["waiting_at_receiver_ns"]["max"] == 40'000);
  CHECK(back["work_ns"]["max"] == 3'499'650'000);
  CHECK(back["without_credit_ns"]["count"] == 1);
  CHECK(back["without_credit_ns"]["max"] == 3'000'570'000);
  const auto text = run_command(trace_stats_of, {x.both()}).out;
  check_golden_text(text.substr(text.find("\nname ") + 1), "stats_parts.txt");
}

TEST_CASE("trace stats: a part that is not known is said to be so, with the reason") {
  const told_files x{slow_consumer(false)};
  const auto text = run_command(trace_stats_of, {x.both()}).out;
  CHECK(contains(text, "not known: waiting at the receiver, work (there are no `consumed` records of a back"));
  CHECK(!contains(text, "on the way ("));
  const auto one_side = run_command(trace_stats_of, {{x.front}}).out;
  CHECK(contains(one_side, "not known: on the way, way back (no operation is in the traces of both sides)"));
  CHECK(contains(one_side, "waiting at the sender"));
  const auto names = stats_of({x.back})["names"];
  REQUIRE(names.size() == 1);
  CHECK(names[0]["work_ns"] == nullptr);
  CHECK(names[0]["without_credit_ns"]["count"] == 1);
}

TEST_CASE("trace explain: who waited for whom, and how long a consumer took") {
  const told_files x{slow_consumer()};
  check_golden_text(run_command(trace_explain, {"3f2a.300", x.both(), false}).out, "explain_slow_consumer.txt");
  const auto json = explained(x.both());
  CHECK(json["front"]["consumer_took_ns"] == 3'100'200'000);
  CHECK(json["front"]["without_credit_ns"] == 0);
  CHECK(json["back"]["consumer_took_ns"] == 50'000);
  CHECK(json["back"]["without_credit_ns"] == 3'000'570'000);
}

TEST_CASE("trace explain: nothing is said of consumers that nobody recorded, nor of credit in a trace with gaps") {
  const told_files x{slow_consumer(false)};
  const auto text = run_command(trace_explain, {"3f2a.300", x.both(), false}).out;
  CHECK(!contains(text, "Its consumer took "));
  CHECK(contains(text, "how long the front's consumer took was not recorded"));
  CHECK(contains(text, "It had no credit for 3.001 s in all, 2 times"));
  auto told = slow_consumer();
  auto dropped = told.back.entry(trace_event::dropped, 0, 3'600'000);
  dropped.count = 3;
  told.back.add(dropped);
  const told_files gaps{told};
  const auto json = explained(gaps.both());
  CHECK(json["back"]["without_credit_ns"] == nullptr);
  CHECK(!contains(json["remarks"].dump(), "waited"));
}

TEST_CASE("trace explain: a side that ends without credit, of which nobody knows whether it wanted to send") {
  const temporary_folder folder;
  written_trace trace{trace_side::back, "one/1"};
  auto first = trace.entry(trace_event::received, 0x300, 0);
  first.kind = ticket_kind::entire;
  first.name = "pour";
  first.subscription = subscription_kind::full;
  first.allowed = 1;
  trace.add(first);
  trace.begun(0x300, 1, "pour", std::chrono::seconds{10});
  trace.ticket(trace_event::sent, 0x300, 1'000, 0, ticket_kind::continuation, "a");
  auto expired = trace.entry(trace_event::sent, 0x300, 10'000'000);
  expired.kind = ticket_kind::expiration;
  expired.sequence_number = {1};
  expired.details = "not done within 10000 ms; payloads that waited until the other side allows them: 3";
  trace.add(expired);
  trace.ended(0x300, 10'000'000, outcome::expired, expired.details);
  const auto text = run_command(trace_explain, {"3f2a.300", {folder.file("t", trace.text())}, false}).out;
  CHECK(
    contains(text, "It had no credit for 9.999 s, from 1.0 ms after its beginning on, and had none when it ended.\n"));
}

TEST_CASE("trace show, draw, html and exports: allowances, and what was consumed") {
  const told_files x{slow_consumer()};
  check_golden_text(run_command(trace_show, {.files = x.both()}).out, "show_flow.txt");
  std::ostringstream drawn;
  std::ostringstream notes;
  trace_draw({.operation = "3f2a.300", .files = x.both()}, drawn, notes);
  CHECK(contains(drawn.str(), "1 allowance allows 3 in all"));
  CHECK(contains(drawn.str(), "0 consumed, took 2.000 s"));
  CHECK(contains(drawn.str(), "0 entire pour #34;go#34;, allows 2 in all, timeout 10s"));
  std::ostringstream page;
  write_page_data({.files = x.both()}, page, notes);
  CHECK(contains(page.str(), R"([2000820000,28,1,0,"","",null,3])")); // an allowance, 12, to the back, 16
  CHECK(contains(page.str(), R"([2000800000,15,0,0,"","",null,null,2000000000])"));
  const auto csv = run_command(write_export, {.files = x.both(), .format = export_format::csv}).out;
  CHECK(contains(csv, ",0,3,,\r\n"));
  CHECK(contains(csv, ",consumed,,3f2a9c00000000010000000000000300,1,"));
  CHECK(contains(csv, ",0,,2000830000,1000000000\r\n"));
  const auto chrome = run_command(write_export, {.files = x.both(), .format = export_format::chrome}).out;
  CHECK(contains(chrome, R"("kind":"allowance","event":"sent","direction":"front to back","sequence_number":1,)"));
  CHECK(contains(chrome, R"("allowed":3})"));
  CHECK(contains(chrome, R"("ph":"b","cat":"consumption","name":"consume","id":"3f2a9c00000000010000000000000300f1")"));
  const auto json = nlohmann::json::parse(chrome);
  double began = 0;
  double ended = 0;
  for (const auto& event : json["traceEvents"])
    if (event.value("id", "") == "3f2a9c00000000010000000000000300f1")
      (event["ph"] == "b" ? began : ended) = event["ts"].get<double>();
  CHECK(ended - began == doctest::Approx(1'000'000));
  const auto otlp = run_command(write_export, {.files = x.both(), .format = export_format::otlp}).out;
  CHECK(contains(otlp, R"({"key":"tandem.ticket.allowed","value":{"intValue":"3"}})"));
  CHECK(contains(otlp, R"("name":"tandem.consumed","attributes":[{"key":"tandem.ticket.sequence_number",)"
                       R"("value":{"intValue":"1"}},{"key":"tandem.consumed.took","value":{"doubleValue":1)"));
}

TEST_CASE("consumption: times that lie across each other count once, in whatever order they end") {
  consumption_view x;
  x.take(consumed(0, 10));
  x.take(consumed(20, 10, 1));
  CHECK(x.busy_ns() == 20);
  x.take(consumed(5, 40, 2)); // customer code had charge of it all the while
  CHECK(x.busy_ns() == 45);
  CHECK(x.payloads() == 3);
  CHECK(x.longest_ns() == 40);
  CHECK(x.longest_number() == 2);
  CHECK(x.first_began_ns() == 0);
}

TEST_CASE("consumption: however many calls there are, they take no more memory, and are not lost") {
  consumption_view x;
  for (int64_t i = 0; i < 10'000; ++i)
    x.take(consumed(i * 10, 3));
  CHECK(x.busy_ns() == 30'000);
  x.take(consumed(INT64_MIN, INT64_MAX)); // nonsense is no more than that
  CHECK(x.payloads() == 10'001);
}

TEST_CASE("credit: with subscription termination only the back has nothing to send, and waits for nobody") {
  operation_view x{{1, 2}, trace_side::back};
  trace_entry first;
  first.event = trace_event::received;
  first.side = trace_side::back;
  first.operation = {1, 2};
  first.subscription = subscription_kind::termination_only;
  first.name = "echo";
  first.allowed = 0;
  x.take(first);
  CHECK(x.credit.allowed() == 0);
  CHECK(x.credit.times() == 0);
  operation_view by_hand{{1, 2}, trace_side::back};
  first.subscription = subscription_kind::full;
  by_hand.take(first); // a window of 0: it has none from the beginning
  CHECK(by_hand.credit.times() == 1);
  CHECK(by_hand.credit.left() == 0);
}
