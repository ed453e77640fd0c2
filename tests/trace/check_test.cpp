/// `tandem trace check`: each rule by a trace that breaks it, and by one that does not; the program by its output.
#include "told_operations.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/checking/check.hpp"
#include "../../tools/trace/checking/trace_checker.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

struct checked {
  int status;
  std::vector<std::string> ids; ///< of all findings that are no notes, unless notes are asked for
  std::string notes;
};

checked check_files(const std::vector<std::string>& files, severity shown = severity::warning) {
  std::ostringstream out;
  std::ostringstream notes;
  trace_check_options options{.files = files, .json = true};
  options.shown = shown;
  checked result{trace_check(options, out, notes), {}, notes.str()};
  std::istringstream lines{out.str()};
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("id"))
      result.ids.push_back(json["id"]);
  }
  return result;
}

checked check_texts(const std::vector<std::string>& texts, severity shown = severity::warning) {
  const temporary_folder folder;
  std::vector<std::string> files;
  files.reserve(texts.size());
  for (const auto& text : texts)
    files.push_back(folder.file(std::to_string(files.size()), text));
  return check_files(files, shown);
}

using ids = std::vector<std::string>;

/// A trace of one side in which an operation has begun, and then this.
ids after_beginning(trace_side side, const std::function<void(written_trace&)>& more,
                    subscription_kind subscription = subscription_kind::full) {
  written_trace trace{side, "node"};
  trace.subscription = subscription;
  const auto event = side == trace_side::front ? trace_event::sent : trace_event::received;
  auto begun = trace.entry(trace_event::begun, 0x100, 0);
  begun.name = "echo";
  begun.subscription = subscription;
  begun.timeout = 10s;
  if (side == trace_side::back)
    begun.maximum_timeout = 60s;
  if (side == trace_side::front)
    trace.add(begun);
  trace.ticket(event, 0x100, 0, 0, ticket_kind::commencement, "a", 10s);
  if (side == trace_side::back)
    trace.add(begun);
  more(trace);
  return check_texts({trace.text()}).ids;
}

ids at_front(const std::function<void(written_trace&)>& more) {
  return after_beginning(trace_side::front, more);
}

ids at_back(const std::function<void(written_trace&)>& more, subscription_kind x = subscription_kind::full) {
  return after_beginning(trace_side::back, more, x);
}

void add_abortive(written_trace& to, trace_event event, int64_t when, uint64_t number, ticket_kind kind,
                  const std::string& details) {
  auto x = to.entry(event, 0x100, when);
  x.sequence_number = {number};
  x.kind = kind;
  x.details = details;
  to.add(x);
}

using enum trace_event;
using enum ticket_kind;

} // namespace

TEST_CASE("trace check: traces without fault") {
  for (const auto& told : {crossing_expiration(), failing_servicer()}) {
    CHECK(check_texts({told.front.text()}).ids == ids{});
    CHECK(check_texts({told.back.text()}).ids == ids{});
    CHECK(check_texts({told.front.text(), told.back.text()}).ids == ids{});
  }
  const auto golden = check_files({golden_folder + "front.jsonl", golden_folder + "back.jsonl"});
  CHECK(golden.ids == ids{});
  CHECK(golden.status == 0);
}

TEST_CASE("trace check: what a front may not do") {
  CHECK(at_front([](auto& x) { x.ticket(sent, 0x100, 1, 2, continuation, "b"); }) == ids{"S-SEND-1"});
  CHECK(at_front([](auto& x) {
          x.ticket(sent, 0x100, 1, 1, completion);
          x.ticket(sent, 0x100, 2, 2, continuation, "b");
        })
        == ids{"S-TICKET-3"});
  CHECK(at_front([](auto& x) { x.ticket(sent, 0x100, 1, 1, continuation); }) == ids{"S-TICKET-2"});
  CHECK(at_front([](auto& x) { x.ticket(sent, 0x100, 1, 1, completion, "b", 1s); }) == ids{"S-SEND-8"});
  CHECK(at_front([](auto& x) { x.ended(0x100, 1, outcome::completed); }) == ids{"S-END-1"});
  CHECK(at_front([](auto& x) { x.ended(0x100, 1, outcome::cancelled); }) == ids{"S-END-3"});
  CHECK(at_front([](auto& x) { x.ended(0x100, 1, outcome::transmission_failure, "link lost"); }) == ids{});
  CHECK(at_front([](auto& x) {
          add_abortive(x, sent, 1, 1, cancellation, "enough");
          x.ended(0x100, 2, outcome::expired, "enough");
        })
        == ids{"S-END-3"});
  CHECK(at_front([](auto& x) {
          add_abortive(x, sent, 1, 1, cancellation, "enough");
          x.ended(0x100, 2, outcome::cancelled, "too much");
        })
        == ids{"T-DETAILS"});
  CHECK(at_front([](auto& x) { add_abortive(x, sent, 1, 1, servicer_failure, ""); }) == ids{"S-END-3"});
  CHECK(at_front([](auto& x) {
          add_abortive(x, received, 1, 0, servicer_failure, "oops");
          x.ended(0x100, 2, outcome::cancelled, "oops");
        })
        == ids{"S-END-4"});
  CHECK(at_front([](auto& x) {
          add_abortive(x, received, 1, 0, servicer_failure, "oops");
          add_abortive(x, sent, 2, 1, cancellation, "enough");
        })
        == ids{"S-END-3"});
  CHECK(at_front([](auto& x) {
          add_abortive(x, received, 1, 0, servicer_failure, "oops");
          x.ended(0x100, 2, outcome::servicer_failure, "oops");
          x.ended(0x100, 3, outcome::servicer_failure, "oops");
        })
        == ids{"S-END-6"});
  CHECK(at_front([](auto& x) { x.begun(0x100, 1, "echo"); }) == ids{"T-BEGUN"});
  CHECK(at_front([](auto& x) { add_abortive(x, sent, 1, 1, reception_failure, "why?"); }) == ids{"S-END-2"});
}

TEST_CASE("trace check: what comes and is not right has to end as a reception failure") {
  auto twice = [](auto& x) {
    x.ticket(received, 0x100, 1, 0, continuation, "b");
    x.ticket(received, 0x100, 2, 0, continuation, "b");
  };
  CHECK(at_front([&](auto& x) {
          twice(x);
          add_abortive(x, sent, 3, 1, reception_failure, "S-RECV-2");
          x.ended(0x100, 4, outcome::reception_failure, "S-RECV-2");
        })
        == ids{"S-RECV-2"});
  CHECK(at_front([&](auto& x) {
          twice(x);
          x.ticket(sent, 0x100, 3, 1, completion);
        })
        == ids{"S-RECV-2", "S-END-2"});
  CHECK(at_front([](auto& x) {
          x.ticket(received, 0x100, 1, 0, completion);
          x.ticket(received, 0x100, 2, 1, continuation, "b");
        })
        == ids{"S-RECV-4"});
  CHECK(at_back([](auto& x) { x.ticket(received, 0x100, 1, 0, commencement, "a"); }) == ids{"S-RECV-4"});
  CHECK(at_front([](auto& x) { x.ticket(received, 0x100, 1, 1, continuation, "b"); }) == ids{"S-RECV-1"});
  CHECK(at_front([](auto& x) { x.ticket(received, 0x100, 1, 0, continuation); }) == ids{"S-TICKET-2"});
}

TEST_CASE("trace check: what a back may not do") {
  CHECK(at_back([](auto& x) { x.ticket(sent, 0x100, 1, 0, continuation, "b"); }) == ids{});
  CHECK(at_back([](auto& x) { x.ticket(sent, 0x100, 1, 0, continuation, "b"); }, subscription_kind::none)
        == ids{"S-SEND-6"});
  CHECK(at_back([](auto& x) { x.ticket(sent, 0x100, 1, 0, completion, "b"); }, subscription_kind::termination_only)
        == ids{"S-SEND-6"});
  CHECK(at_back([](auto& x) { x.ticket(sent, 0x100, 1, 0, completion); }, subscription_kind::termination_only)
        == ids{});
  CHECK(at_back([](auto& x) { add_abortive(x, sent, 1, 0, cancellation, ""); }) == ids{"S-END-3"});
  CHECK(at_back([](auto& x) { add_abortive(x, sent, 1, 0, refusal, "refused: full"); }) == ids{"S-END-12"});
  CHECK(at_back([](auto& x) { add_abortive(x, sent, 1, 0, expiration, "x"); }) == ids{"S-TIME-3"});
  CHECK(at_back([](auto& x) { add_abortive(x, sent, 10'000'000, 0, expiration, "x"); }) == ids{});
  CHECK(at_back([](auto& x) {
          add_abortive(x, sent, 12'000'000, 0, expiration, "x");
          x.ended(0x100, 12'000'000, outcome::expired, "x");
        })
        == ids{"T-OVERDUE"});
  CHECK(at_back([](auto& x) { x.ended(0x100, 1, outcome::cancelled); }, subscription_kind::none) == ids{"S-END-2"});
  CHECK(at_back([](auto& x) {
          add_abortive(x, sent, 1, 0, servicer_failure, "x");
          x.ticket(sent, 0x100, 2, 1, continuation, "b");
        })
        == ids{"S-TICKET-4"});
}

TEST_CASE("trace check: S-TIME-3: a timeout that has passed ends the back's side, unless its ticket was unreadable") {
  for (const auto end : {outcome::expired, outcome::reception_failure, outcome::servicer_failure}) {
    const auto expected = end == outcome::servicer_failure ? ids{"S-TIME-3"} : ids{};
    CHECK(at_back([end](auto& x) {
            x.ticket(received, 0x100, 1, 1, continuation, "", 0s);
            add_abortive(x, sent, 1, 0, abortive_kind(end), "x");
            x.ended(0x100, 1, end, "x");
          })
          == expected);
    CHECK(at_back(
            [end](auto& x) {
              x.ticket(received, 0x100, 1, 1, continuation, "", 0s);
              x.ended(0x100, 1, end, "x");
            },
            subscription_kind::none)
          == expected);
  }
}

TEST_CASE("trace check: S-TIME-2: a back allows no more than its maximum, and no other than was asked for") {
  for (const auto& [granted, expected] :
       {std::pair{10s, ids{}}, std::pair{9s, ids{"S-TIME-2"}}, std::pair{61s, ids{"S-TIME-2", "S-TIME-2"}}}) {
    written_trace trace{trace_side::back, "node"};
    trace.ticket(received, 0x100, 0, 0, commencement, "a", 10s);
    auto begun = trace.entry(trace_event::begun, 0x100, 0);
    begun.name = "echo";
    begun.subscription = subscription_kind::full;
    begun.timeout = granted;
    begun.maximum_timeout = 60s;
    trace.add(begun);
    CHECK(check_texts({trace.text()}).ids == expected);
  }
}

TEST_CASE("trace check: an operation begins at the back when its first ticket comes, and not later") {
  for (const int64_t later : {0, 2'000'000}) {
    written_trace trace{trace_side::back, "node"};
    trace.name = "echo";
    trace.ticket(received, 0x100, 0, 0, commencement, "a", 10s);
    trace.begun(0x100, later, "echo", 10s);
    CHECK(check_texts({trace.text()}).ids == (later > 0 ? ids{"T-BEGUN"} : ids{}));
  }
}

TEST_CASE("trace check: the file itself") {
  written_trace good{trace_side::front, "node"};
  for (uint64_t i = 0; i < 4; ++i)
    good.ticket(sent, i << 8, static_cast<int64_t>(i), 0, entire, "a");
  std::vector<std::string> lines;
  std::istringstream in{good.text()};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line + "\n");
  auto check_lines = [&](std::vector<size_t> order) {
    std::string text;
    for (auto i : order)
      text += lines[i];
    return check_texts({text}).ids;
  };
  CHECK(check_lines({0, 1, 2, 3, 4}) == ids{});
  CHECK(check_lines({0, 1, 3, 4}) == ids{"T-GAP"});
  CHECK(check_lines({0, 1, 2, 2, 3, 4}) == ids{"T-REPEAT"});
  CHECK(check_lines({0, 1, 3, 2, 4}) == ids{"T-GAP", "T-ORDER"});
  CHECK(check_lines({1, 2, 3, 4}) == ids{"T-HEADER"});
  CHECK(check_lines({0, 1, 2}) == ids{}); // cut off
  lines[2] = "{}}\n";
  CHECK(check_lines({0, 1, 2, 3, 4}) == ids{"T-LINE"}); // whose number is not missed twice
}

TEST_CASE("trace check: a line that was cut off is no finding, but said") {
  written_trace x{trace_side::front, "one/1"};
  x.ticket(trace_event::sent, 1, 0, 0, ticket_kind::commencement, "", 1h);
  x.ticket(trace_event::sent, 1, 1, 1, ticket_kind::continuation, "x");
  const auto result = check_texts({x.text().substr(0, x.text().size() - 20)});
  CHECK(result.status == 0);
  CHECK(result.ids.empty());
  CHECK(contains(result.notes, "/0: line 3: cut off"));
}

TEST_CASE("trace check: dropped records excuse what they may have been") {
  for (bool dropped : {false, true}) {
    const auto found = at_front([&](auto& x) {
      if (dropped) {
        auto entry = x.entry(trace_event::dropped, 0, 1);
        entry.operation = {};
        entry.count = 3;
        x.add(entry);
      }
      x.ticket(sent, 0x100, 2, 5, continuation, "b");
      x.ended(0x100, 3, outcome::completed);
    });
    CHECK(found == (dropped ? ids{} : ids{"S-SEND-1", "S-END-1"}));
  }
}

TEST_CASE("trace check: parts of a rotated recording") {
  const temporary_folder folder;
  auto part = [&](uint64_t number, uint64_t first, uint64_t records, const std::string& name = {},
                  bool has_second_recorder = false) {
    trace_header header;
    header.node = "node";
    header.side = "front";
    header.link = "link";
    header.part = number;
    header.first_record = first;
    auto text = to_line(header) + "\n";
    if (has_second_recorder) {
      header.start_wall_ns += 1000;
      text += to_line(header) + "\n";
    }
    written_trace from{trace_side::front, "node"};
    for (uint64_t i = 0; i < records; ++i) { // their times are of no help
      auto x = from.entry(sent, (first + i + 1) << 8, 20 - static_cast<int64_t>(first + i));
      x.kind = entire;
      x.name = "echo";
      x.subscription = subscription_kind::full;
      x.record = first + i;
      text += to_line(x) + "\n";
    }
    return folder.file(name.empty() ? "part" + std::to_string(number) + "-" + std::to_string(first) : name, text);
  };
  const auto first = part(0, 0, 3);
  CHECK(check_files({first, part(1, 3, 2)}).ids == ids{});
  CHECK(check_files({part(1, 3, 2), first}).ids == ids{}); // in whatever order they are given
  CHECK(check_files({first, part(1, 4, 2)}).ids == ids{"T-GAP"});
  CHECK(check_files({first, part(2, 9, 2)}, severity::note).ids.front() == "T-PART");
  CHECK(check_files({first, part(2, 9, 2)}).ids == ids{});
  // A second recorder began to write into the file before part 2, whose header is of that.
  CHECK(check_files({part(2, 5, 2, "a.jsonl", true), part(1, 3, 2, "a.jsonl.1"), part(0, 0, 3, "a.jsonl.2")}).ids
        == ids{});
  CHECK(check_files({part(1, 3, 2, "b.jsonl", true), part(0, 0, 3, "b.jsonl.1", true)}).ids == ids{});
}

TEST_CASE("trace check: between the sides") {
  const auto told = failing_servicer();
  auto without = [](const std::string& text, const std::string& part) {
    std::istringstream in{text};
    std::string result;
    uint64_t number = 0;
    for (std::string line; std::getline(in, line);) {
      if (line.find(part) != std::string::npos)
        continue;
      const auto at = line.find("\"record\":");
      if (at == 1)
        line.replace(at, line.find(',') - at, "\"record\":" + std::to_string(number++));
      result += line + "\n";
    }
    return result;
  };
  // The front's continuation 1 arrived after the end; that it did not arrive would be no error.
  const auto late = without(told.back.text(), "\"sequence_number\":1,\"kind\":\"continuation\"");
  CHECK(check_texts({told.front.text(), late}).ids == ids{});
  CHECK(check_texts({told.front.text(), late}, severity::note).ids == ids{"T-UNDER-WAY"});
  // Nobody sent the continuation that the front received.
  const auto unsent = without(told.back.text(), "\"sequence_number\":0,\"kind\":\"continuation\"");
  const auto found = check_texts({told.front.text(), unsent}).ids;
  REQUIRE(!found.empty());
  CHECK(found.front() == "S-SEND-1"); // its number is missing at the back
  auto changed = told.back.text();
  changed.replace(changed.find("\"payload\":\"a\""), 13, "\"payload\":\"z\"");
  CHECK(check_texts({told.front.text(), changed}).ids == ids{"T-CHANGED"});
}

TEST_CASE("trace check: memory is bounded, and what was forgotten is not held against anybody") {
  std::vector<finding> found;
  trace_checker checker{[&](const finding& x) { found.push_back(x); },
                        {.ended = 10, .open = 10, .waiting_tickets = 20}};
  trace_entry x;
  trace_header header;
  header.side = "front";
  uint64_t line = 1;
  auto take = [&] {
    placed_entry at;
    at.entry = &x;
    at.header = &header;
    at.line_number = ++line;
    checker.take(at, {1, 0, 0});
    ++x.record;
  };
  for (uint64_t round = 0; round < 3; ++round)
    for (uint64_t i = 0; i < 100; ++i) {
      x.operation.low = i;
      x.sequence_number = {round};
      x.kind = round == 0 ? commencement : continuation;
      x.name = round == 0 ? std::optional<std::string>{"echo"} : std::nullopt;
      x.subscription = round == 0 ? std::optional{subscription_kind::full} : std::nullopt;
      x.payload = trace_payload{.json = "{}", .missing = {}, .start = {}, .hash = {}};
      take();
    }
  checker.finish();
  for (const auto& y : found)
    CHECK_MESSAGE(y.level() == severity::note, about(y.rule).id << ": " << y.text);
  CHECK(std::count_if(found.begin(), found.end(), [](const finding& y) { return y.rule == rule::forgotten; }) == 1);
}

TEST_CASE("trace check: an operation that is over beside open ones that have more tickets than are kept") {
  std::vector<finding> found;
  trace_checker checker{[&](const finding& x) { found.push_back(x); }, {.waiting_tickets = 20}};
  const trace_header headers[] = {{.node = "one", .side = "front"}, {.node = "two", .side = "back"}};
  uint64_t records[] = {0, 0};
  auto take = [&](trace_event event, uint64_t operation, uint64_t number, ticket_kind kind, subscription_kind wanted) {
    trace_entry x;
    x.event = event;
    x.side = event == sent ? trace_side::front : trace_side::back;
    const auto file = static_cast<size_t>(x.side);
    x.record = records[file]++;
    x.operation.low = operation;
    x.sequence_number = {number};
    x.kind = kind;
    x.payload = trace_payload{.json = "{}", .missing = {}, .start = {}, .hash = {}};
    if (is_first(kind)) {
      x.name = "echo";
      x.subscription = wanted;
    }
    placed_entry at;
    at.entry = &x;
    at.file = file;
    at.header = &headers[file];
    checker.take(at, {1, 0, 0});
  };
  for (uint64_t i = 0; i < 10; ++i)
    for (uint64_t number = 0; number < 2; ++number)
      take(sent, i, number, number == 0 ? commencement : continuation, subscription_kind::full);
  for (uint64_t i = 10; i < 15; ++i)
    take(sent, i, 0, entire, subscription_kind::none); // the only one that is over, at first
  for (uint64_t i = 0; i < 10; ++i) // nothing that was sent has been forgotten, but it cannot be compared
    take(received, i, 0, commencement, subscription_kind::full);
  checker.finish();
  for (const auto& y : found)
    CHECK_MESSAGE(y.level() == severity::note, about(y.rule).id << ": " << y.text);
}

TEST_CASE("trace check: what is wrong with a file is said, whatever is wrong with others") {
  const temporary_folder folder;
  written_trace trace{trace_side::front, "node"};
  trace.ticket(sent, 1, 0, 0, entire, "a");
  const auto text = trace.text();
  const auto file = folder.file("bad", "rubbish\n" + text.substr(text.find('\n') + 1) + "rubbish\n{}\n");
  const auto garbage = folder.file("garbage", "no trace\n");
  CHECK(check_files({file}).ids == ids{"T-HEADER", "T-LINE", "T-LINE"});
  for (const auto& other : {std::string{"/nonexistent"}, garbage}) {
    const auto found = check_files({other, file});
    CHECK(found.status == exit_error);
    CHECK(found.ids == ids{"T-HEADER", "T-LINE", "T-LINE"});
    CHECK(found.notes.find(other) != std::string::npos);
  }
}

TEST_CASE("trace check: so many findings of a rule, as text and as JSON") {
  written_trace trace{trace_side::front, "node"};
  for (int64_t i = 0; i < 30; ++i)
    trace.ticket(sent, 1, i, static_cast<uint64_t>(i) * 2, i == 0 ? commencement : continuation, "a");
  const temporary_folder folder;
  const auto file = folder.file("t", trace.text());
  auto count = [&file](std::vector<std::string> options) {
    options.insert(options.begin(), {"trace", "check", file});
    std::istringstream lines{run_tandem(options).output};
    size_t result = 0;
    for (std::string line; std::getline(lines, line);)
      result += contains(line, "comes next") ? 1 : 0;
    return result;
  };
  CHECK(count({}) == 1); // the first of the operation, which the others may follow from
  CHECK(count({"--all"}) == 20);
  CHECK(count({"--all", "--most", "1"}) == 1);
  CHECK(count({"--all", "--most", "0"}) == 29);
  CHECK(count({"--json"}) == 29);
  CHECK(count({"--json", "--most", "1"}) == 1);
  CHECK(count({"--json", "--most", "0"}) == 29);
  CHECK(contains(run_tandem({"trace", "check", file, "--json", "--most", "1"}).output, "\"errors\":29"));
}

TEST_CASE("trace check: what it says is in golden/") {
  const auto told = failing_servicer();
  auto front = told.front.text();
  auto back = told.back.text();
  // A number that jumps, a payload that is not what was sent, an end that is not there.
  front.replace(front.find("\"sequence_number\":1,\"kind\":\"continuation\""), 19, "\"sequence_number\":7");
  back.replace(back.find("\"payload\":\"a\""), 13, "\"payload\":\"z\"");
  back.erase(back.find("{\"record\":4"), back.find("{\"record\":5") - back.find("{\"record\":4"));
  const temporary_folder folder;
  const auto files = {folder.file("front.jsonl", front), folder.file("back.jsonl", back)};
  for (const bool json : {false, true}) {
    std::ostringstream out;
    std::ostringstream notes;
    trace_check_options options{.files = files, .json = json};
    options.shown = severity::note;
    CHECK(trace_check(options, out, notes) == exit_error);
    CHECK(notes.str() == "");
    auto text = out.str();
    const auto path = folder.file("");
    for (auto at = text.find(path); at != std::string::npos; at = text.find(path))
      text.erase(at, path.size());
    check_golden_text(text, json ? "check_json.txt" : "check.txt");
  }
  check_golden_text(run_tandem({"trace", "check", "--rules"}).output, "check_rules.txt");
}

TEST_CASE("trace check: the program") {
  const temporary_folder folder;
  const auto told = crossing_expiration();
  const auto good = folder.file("good", told.front.text());
  auto text = told.front.text();
  text.erase(text.find("{\"record\":2"), text.find("{\"record\":3") - text.find("{\"record\":2"));
  const auto bad = folder.file("bad", text);

  auto run = run_tandem({"trace", "check", good});
  CHECK(run.status == exit_good);
  CHECK(run.output == "6 records of 1 operations: 0 errors, 0 warnings, 0 notes\n");
  run = run_tandem({"trace", "check", bad});
  CHECK(run.status == exit_error);
  CHECK(run.output.starts_with(bad + ":4: error T-GAP: record 3, where 2 comes next: a record is missing (operation "));
  run = run_tandem({"trace", "check", good, "--severity", "note"});
  CHECK(run.status == exit_good);
  run = run_tandem({"trace", "check", good, "--severity", "bad"});
  CHECK(run.status == exit_usage);
  CHECK(run.output.find("expected note, warning or error, got \"bad\"") != std::string::npos);
  run = run_tandem({"trace", "check"});
  CHECK(run.status == exit_usage);
  run = run_tandem({"trace", "check", "/nonexistent", good});
  CHECK(run.status == exit_error);
  CHECK(run.output.starts_with("tandem: cannot read /nonexistent"));
  run = run_tandem({"trace", "check", "--rules"});
  CHECK(run.status == exit_good);
  CHECK(static_cast<size_t>(std::count(run.output.begin(), run.output.end(), '\n')) == all_rules().size());
}
