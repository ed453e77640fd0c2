/// `tandem trace check` finds causes: which loss excuses a ticket, what clocks and filters explain, and which findings
/// follow from others.
#include "told_operations.hpp"

#include "../../tools/trace/checking/check.hpp"
#include "../../tools/trace/checking/trace_checker.hpp"
#include "../../tools/trace/filtering/filter.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::chrono_literals;
using event = trace_event;
using kind = ticket_kind;

namespace {

using ids = std::vector<std::string>;

/// The front's second ticket is lost on the way, and so the front's timer fires.
struct lost_ticket {
  lost_ticket() {
    front.begun(1, 0, "echo", 10s);
    front.ticket(event::sent, 1, 10, 0, kind::commencement, "", 10s);
    front.ticket(event::sent, 1, 20, 1, kind::continuation, "a");
    front.ticket(event::sent, 1, 30, 2, kind::continuation, "b");
    expire(front, event::sent, 10'000'010);
    back.ticket(event::received, 1, 110, 0, kind::commencement, "", 10s);
    auto begun = back.entry(event::begun, 1, 110);
    begun.name = "echo";
    begun.subscription = subscription_kind::full;
    begun.timeout = 10s;
    begun.maximum_timeout = 60s;
    begun.peer = "h/1";
    back.add(begun);
    back.ticket(event::received, 1, 130, 2, kind::continuation, "b");
  }

  static void expire(written_trace& x, event how, int64_t at) {
    auto ticket = x.entry(how, 1, at);
    ticket.sequence_number = {3};
    ticket.kind = kind::expiration;
    ticket.details = "not done within 10 s";
    x.add(ticket);
    x.ended(1, at + 10, outcome::expired, "not done within 10 s");
  }

  void lose(int64_t at, const std::string& why) {
    auto x = back.entry(event::lost, 0, at);
    x.details = why;
    back.add(x);
  }

  void expire_at_back() {
    expire(back, event::received, 10'000'110);
  }

  printed check(const trace_check_options& how = {}) const {
    auto options = how;
    options.files = {folder.file("front", front.text()), folder.file("back", back.text())};
    return run_command(trace_check, options);
  }

  ids found() const {
    ids result;
    std::istringstream lines{check({.json = true, .shown = severity::note}).out};
    for (std::string line; std::getline(lines, line);)
      if (const auto json = nlohmann::json::parse(line); json.contains("id"))
        result.push_back(json["id"]);
    return result;
  }

  written_trace front{trace_side::front, "h/1"};
  written_trace back{trace_side::back, "h/2"};
  temporary_folder folder;
};

constexpr auto of_the_front = "the connection to h/1 is lost: the other side closed it";
constexpr auto of_another = "the connection to h/9 is lost: the other side closed it";

} // namespace

TEST_CASE("trace check: only the loss of its own link, while its operation runs, excuses a lost ticket") {
  lost_ticket none;
  none.expire_at_back();
  CHECK(none.found() == ids{"T-LOST", "S-RECV-1"});
  CHECK(none.check().status == 1);

  lost_ticket another;
  another.lose(5'000'000, of_another);
  another.expire_at_back();
  CHECK(another.found() == ids{"T-LOST", "S-RECV-1"});

  lost_ticket later;
  later.expire_at_back();
  later.lose(20'000'000, of_the_front);
  CHECK(later.found() == ids{"T-LOST", "S-RECV-1"});

  lost_ticket earlier;
  earlier.lose(5, of_the_front); // before the ticket was sent
  earlier.expire_at_back();
  CHECK(earlier.found() == ids{"T-LOST", "S-RECV-1"});

  lost_ticket its_own;
  its_own.lose(5'000'000, of_the_front);
  its_own.expire_at_back();
  CHECK(its_own.found() == ids{"S-RECV-1", "T-UNDER-WAY"});
  CHECK(its_own.check().status == 0);

  lost_ticket nameless;
  nameless.lose(5'000'000, "the link is gone");
  nameless.expire_at_back();
  CHECK(nameless.check().status == 0);
}

TEST_CASE("trace check: the cause is one line, which counts what follows from it") {
  lost_ticket x;
  x.expire_at_back();
  const auto text = x.check();
  CHECK(contains(text.out, "front:4: error T-LOST: continuation 1 was sent by the front and never received, though a "
                           "later one was (operation 3f2a9c00000000010000000000000001), and 1 more that follows from "
                           "it\n"));
  CHECK(!contains(text.out, "S-RECV-1"));
  CHECK(contains(text.out, "1 errors, 1 warnings"));
  CHECK(contains(x.check({.all = true}).out, "warning S-RECV-1"));
  const auto json = x.check({.json = true}).out;
  CHECK(contains(json, "\"followers\":1"));
  CHECK(contains(json, "\"follows\":true"));
}

TEST_CASE("trace check: a warning is no cause of an error that comes after it") {
  std::vector<finding> found;
  trace_checker checker{[&found](const finding& x) { found.push_back(x); }};
  const temporary_folder folder;
  written_trace front{trace_side::front, "h/1"};
  front.begun(1, 0, "echo", 10s);
  auto first = front.entry(event::sent, 1, 10);
  first.kind = kind::commencement;
  first.sequence_number = {0};
  first.name = "echo";
  first.subscription = subscription_kind::full;
  first.timeout = 10s;
  first.details = "no first ticket has any"; // a warning
  front.add(first);
  front.ticket(event::sent, 1, 20, 5, kind::continuation, "a"); // an error
  front.ticket(event::sent, 1, 30, 9, kind::continuation, "b"); // another one, which may follow from it
  std::ostringstream notes;
  trace_input input{{folder.file("front", front.text())}, notes};
  while (const auto* x = input.next())
    checker.take(*x, {1, 0, 0});
  checker.finish();
  REQUIRE(found.size() >= 3);
  CHECK(found[0].rule == rule::s_send_1);
  CHECK(!found[0].follows);
  CHECK(found[1].rule == rule::s_send_1);
  CHECK(found[1].follows);
  CHECK(found.back().rule == rule::s_ticket_7);
  CHECK(!found.back().follows);
}

TEST_CASE("trace check: a clock that is ahead is no trace that goes on") {
  const temporary_folder folder;
  for (const bool ahead : {false, true}) {
    written_trace front{trace_side::front, "one/1"};
    written_trace back{trace_side::back, "two/1"};
    back.clock_ns = ahead ? 3'000'000'000 : 0;
    front.begun(1, 0, "echo", 10s);
    front.ticket(event::sent, 1, 10, 0, kind::commencement, "", 10s);
    back.ticket(event::received, 1, 100, 0, kind::commencement, "", 10s);
    front.ticket(event::sent, 1, 900, 1, kind::continuation, "a");
    const auto x
      = run_command(trace_check, {.files = {folder.file("front", front.text()), folder.file("back", back.text())}});
    CHECK(x.status == 0);
    CHECK(contains(x.out, "0 errors, 0 warnings"));
  }
}

TEST_CASE("trace check: what a filter left out is not missing") {
  const temporary_folder folder;
  const auto told = crossing_expiration();
  const auto back = folder.file("back", told.back.text());
  for (const std::string expression : {"kind = completion", "kind != completion", "event = ended"}) {
    CAPTURE(expression);
    std::ostringstream filtered;
    std::ostringstream notes;
    CHECK(trace_filter({expression, {folder.file("front", told.front.text())}}, filtered, notes) == 0);
    const auto x
      = run_command(trace_check, {.files = {folder.file("filtered", filtered.str()), back}, .shown = severity::note});
    CHECK(x.status == 0);
    CHECK(contains(x.out, "note T-FILTERED: the trace has only what `" + expression + "` selects"));
    CHECK(contains(x.out, "0 errors, 0 warnings"));
  }
}

TEST_CASE("trace check: what was dropped after the last record of an operation is not lost") {
  lost_ticket x;
  x.front.ticket(event::sent, 1, 10'000'030, 4, kind::continuation, "late"); // nonsense, but sent
  auto dropped = x.back.entry(event::dropped, 0, 200);
  dropped.count = 5;
  x.back.add(dropped);
  x.back.begun(7, 20'000'000, "another", 10s);
  for (const auto& id : x.found())
    CHECK(id != "T-LOST");
}

TEST_CASE("trace check: a ticket that may be among dropped records is not forged, wherever the trace says so") {
  const auto found = [](bool has_dropped, int64_t at) {
    written_trace front{trace_side::front, "h/1"};
    written_trace back{trace_side::back, "h/2"};
    if (has_dropped) { // the recorder says so in front of records that are older
      auto dropped = front.entry(event::dropped, 0, at);
      dropped.count = 1;
      front.add(dropped);
    }
    front.begun(1, 0, "echo", 10s);
    front.ticket(event::sent, 1, 10, 0, kind::commencement, "", 10s);
    back.ticket(event::received, 1, 110, 0, kind::commencement, "", 10s);
    back.begun(1, 110, "echo", 10s);
    back.ticket(event::received, 1, 120, 1, kind::completion, "b");
    back.ticket(event::sent, 1, 200, 0, kind::completion);
    back.ended(1, 210, outcome::completed);
    front.ticket(event::received, 1, 300, 0, kind::completion);
    front.ended(1, 310, outcome::completed);
    const temporary_folder folder;
    return run_command(trace_check, {.files = {folder.file("f", front.text()), folder.file("b", back.text())}}).out;
  };
  CHECK(contains(found(false, 0), "error T-FORGED: completion 1 was received by the back"));
  CHECK(contains(found(true, 400), "0 errors, 0 warnings"));
  CHECK(contains(found(true, -3'600'000'000), "error T-FORGED")); // an hour before
}

TEST_CASE("trace check: a payload is the same whatever white space its JSON has, or if one side could not read it") {
  const auto found = [](const std::string& sent, const std::string& received) {
    written_trace front{trace_side::front, "h/1"};
    written_trace back{trace_side::back, "h/2"};
    const auto add = [](written_trace& x, event what, int64_t at, const std::string& payload) {
      auto entry = x.entry(what, 1, at);
      entry.kind = kind::entire;
      entry.name = "echo";
      entry.subscription = subscription_kind::full;
      entry.payload.emplace().json = payload;
      entry.payload_size = payload.find("[]") == std::string::npos ? 8 : 0;
      x.add(entry);
    };
    add(front, event::sent, 10, sent);
    add(back, event::received, 110, received);
    const temporary_folder folder;
    const auto x
      = run_command(trace_check, {.files = {folder.file("f", front.text()), folder.file("b", back.text())}}).out;
    return contains(x, "T-CHANGED");
  };
  CHECK(!found(R"({"type":"int64","value":7})", R"({ "type": "int64",	"value": 7 })"));
  CHECK(found(R"({"type":"int64","value":7})", R"({"type":"int64","value":8})"));
  CHECK(found(R"({"type":"text","value":"a \" b"})", R"({"type":"text","value":"a \"b"})"));
  CHECK(!found(R"({"type":"mine","value":7})", R"({"types":[],"values":[]})"));
  CHECK(found(R"({"types":[],"values":[]})", R"({"type":"mine","value":7})"));
}
