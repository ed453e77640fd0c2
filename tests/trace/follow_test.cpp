/// `tandem trace follow`, and `tandem trace at`, on an operation that brings about others at another node.
#include "../support/written_trace.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/cli/measures.hpp"
#include "../../tools/trace/listing/at.hpp"
#include "../../tools/trace/listing/follow.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::chrono_literals;
using event = trace_event;
using kind = ticket_kind;

namespace {

/// At node one, a front commences 1; at node two it is performed, and a front there commences 2 and 3 for that; what
/// performs these is not recorded. With records of ends, or with tickets and a trace id only.
struct nested {
  explicit nested(bool with_ends) {
    const auto shared = parse_trace_id("1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b");
    for (auto* x : {&front, &back, &inner})
      x->trace_id = shared;
    if (with_ends)
      front.begun(1, 0, "echo", 10s);
    front.ticket(event::sent, 1, 0, 0, kind::entire, "hello", 10s);
    back.ticket(event::received, 1, 100, 0, kind::entire, "hello", 10s);
    if (with_ends)
      back.begun(1, 110, "echo", 5s);
    inner.name = "first";
    if (with_ends)
      inner.begun(2, 150, "first", 1s, 1);
    inner.ticket(event::sent, 2, 150, 0, kind::commencement, "", 1s);
    inner.name = "second";
    if (with_ends)
      inner.begun(3, 200, "second", 1s, 1);
    inner.ticket(event::sent, 3, 200, 0, kind::entire);
    inner.ticket(event::received, 3, 300, 0, kind::servicer_failure);
    if (with_ends)
      inner.ended(3, 305, outcome::servicer_failure, "no such method");
    inner.ticket(event::sent, 2, 310, 1, kind::completion);
    inner.ticket(event::received, 2, 400, 0, kind::completion, "inner result");
    if (with_ends)
      inner.ended(2, 410, outcome::completed);
    back.ticket(event::sent, 1, 500, 0, kind::completion, "result");
    if (with_ends)
      back.ended(1, 510, outcome::completed);
    front.ticket(event::received, 1, 600, 0, kind::completion, "result");
    if (with_ends)
      front.ended(1, 620, outcome::completed);
    front.trace_id.reset();
    front.name = "other";
    front.ticket(event::sent, 9, 700, 0, kind::entire);
  }

  std::vector<std::string> files() const {
    return {folder.file("front", front.text()), folder.file("back", back.text()), folder.file("inner", inner.text())};
  }

  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "one/2"};
  written_trace inner{trace_side::front, "one/2"};
  temporary_folder folder;
};

printed follow(const std::string& target, const std::vector<std::string>& files, bool json = false) {
  return run_command(trace_follow, {.target = target, .files = files, .json = json});
}

printed open_at(const std::string& when, const std::vector<std::string>& files, bool json = false) {
  return run_command(trace_at, {.when = *parse_trace_time(when), .files = files, .json = json});
}

} // namespace

TEST_CASE("trace follow: an operation, both sides, and those that it brought about") {
  const nested with_ends{true};
  const auto x = follow("3f2a.1", with_ends.files());
  CHECK(x.status == 0);
  CHECK(x.notes.empty());
  check_golden_text(x.out, "follow.txt");
}

TEST_CASE("trace follow: with tickets only, by trace id, node and time") {
  const nested tickets_only{false};
  const auto files = tickets_only.files();
  const auto x = follow("3f2a.1", files);
  check_golden_text(x.out, "follow_tickets.txt");
  CHECK(follow("1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", files).out == x.out);
  CHECK(follow("3f2a9c00000000010000000000000001", files).out == x.out);
}

TEST_CASE("trace follow: a child alone is followed without its parent") {
  const nested with_ends{true};
  const auto out = follow("3f2a.3", with_ends.files()).out;
  CHECK(out.find("second") != std::string::npos);
  CHECK(out.find("echo") == std::string::npos);
}

TEST_CASE("trace follow: JSON") {
  const nested with_ends{true};
  std::istringstream lines{follow("3f2a.1", with_ends.files(), true).out};
  std::vector<nlohmann::json> x;
  for (std::string line; std::getline(lines, line);)
    x.push_back(nlohmann::json::parse(line));
  REQUIRE(x.size() == 3 + 17);
  CHECK(x[0]["parent"].is_null());
  CHECK(x[0]["front"]["total_ns"] == 620'000);
  CHECK(x[1]["parent"] == x[0]["operation_id"]);
  CHECK(x[2]["front"]["outcome"] == "servicer failure");
  CHECK(x.back()["since_ns"] == 620'000);
  CHECK(x.back()["difference_ns"] == 20'000);
  CHECK(x.back()["record"]["event"] == "ended");
}

TEST_CASE("trace follow: what is not there, may be several, or makes no sense") {
  const nested with_ends{true};
  const auto files = with_ends.files();
  CHECK_THROWS_WITH(follow("3f2a.77", files), "there is no operation 3f2a.77");
  CHECK_THROWS_AS(follow("nonsense", files), usage_error);
  written_trace other{trace_side::front, "three/1"};
  auto x = other.entry(event::sent, 1, 0);
  x.operation.high += 1;
  x.name = "echo";
  other.add(x);
  const auto both = std::vector<std::string>{files[0], with_ends.folder.file("other", other.text())};
  CHECK_THROWS_WITH(follow("3f2a.1", both), "3f2a.1 may be any of these; give all digits of one:\n"
                                            "  3f2a9c00000000010000000000000001\n  3f2a9c00000000020000000000000001");
}

TEST_CASE("trace follow: operations that name each other as parents are no endless tree") {
  const temporary_folder folder;
  written_trace trace{trace_side::front, "one/1"};
  trace.begun(1, 0, "a", {}, 2);
  trace.begun(2, 10, "b", {}, 1);
  const auto x = follow("3f2a.1", {folder.file("t", trace.text())}, true);
  CHECK(std::count(x.out.begin(), x.out.end(), '\n') == 4);
}

TEST_CASE("trace at: what was open, and how far it was") {
  const nested with_ends{true};
  const auto x = open_at("250us", with_ends.files());
  CHECK(x.status == 0);
  check_golden_text(x.out, "at.txt");
  CHECK(open_at("1h", with_ends.files()).out.find(": 1 open\n") != std::string::npos); // 9 has no end
  CHECK(open_at(std::to_string(written_trace::start_wall_ns + 250'000), with_ends.files()).out == x.out);
  CHECK(open_at(iso_time(written_trace::start_wall_ns + 250'000), with_ends.files()).out == x.out);
}

TEST_CASE("trace at: tickets that are held, deadlines that are over, and beginnings that are not in the trace") {
  const temporary_folder folder;
  written_trace trace{trace_side::back, "two/1"};
  trace.ticket(event::received, 1, 0, 0, kind::commencement, "", 1ms);
  trace.ticket(event::received, 1, 10, 2, kind::continuation, "c");
  trace.ticket(event::received, 1, 20, 4, kind::continuation, "d");
  trace.ticket(event::received, 2, 30, 7, kind::continuation, "x");
  const auto file = folder.file("t", trace.text());
  std::istringstream lines{open_at("2ms", {file}, true).out};
  std::string line;
  std::getline(lines, line);
  auto x = nlohmann::json::parse(line);
  CHECK(x["held"] == nlohmann::json({2, 4}));
  CHECK(x["next_front_to_back"] == 1);
  CHECK(x["next_back_to_front"] == 0);
  CHECK(x["time_left_ns"] == -1'000'000);
  CHECK(x["input"] == "open");
  std::getline(lines, line);
  x = nlohmann::json::parse(line);
  CHECK(x["name"].is_null());
  CHECK(x["time_left_ns"].is_null());
  CHECK(open_at("2ms", {file}).out.find("overdue") != std::string::npos);
  CHECK(open_at("5", {file}).notes.find("that is before the first record") != std::string::npos);
}

TEST_CASE("trace at: times as people give them") {
  CHECK(parse_trace_time("1.5s")->nanoseconds == 1'500'000'000);
  CHECK(parse_trace_time("1.5s")->since_first);
  CHECK(parse_trace_time("1764000000000000000")->nanoseconds == 1'764'000'000'000'000'000);
  CHECK(!parse_trace_time("1764000000000000000")->since_first);
  CHECK(!parse_trace_time("soon"));
  for (const int64_t x : {int64_t{0}, int64_t{1'700'000'000'123'456'789}, int64_t{-1}})
    CHECK(parse_iso_time(iso_time(x)) == x);
  CHECK(parse_iso_time("2023-11-14T22:13:20") == 1'700'000'000'000'000'000);
  CHECK(parse_iso_time("2023-11-14T23:13:20.5+01:00") == 1'700'000'000'500'000'000);
  for (const auto* x : {"2023-11-14", "2023-13-14T22:13:20", "2023-11-14T22:13:20.", "2023-11-14T25:13:20", "x"})
    CHECK(!parse_iso_time(x));
}

TEST_CASE("trace at and follow: the program") {
  const auto file = golden_folder + "front.jsonl";
  CHECK(run_tandem({"trace", "at", "1ms", file}).status == 0);
  const auto wrong = run_tandem({"trace", "at", "soon", file});
  CHECK(wrong.status == 2);
  CHECK(wrong.output.find("expected a time since the first record (1.5s, 300ms)") != std::string::npos);
  CHECK(run_tandem({"trace", "follow", "3f2a.100", file, "--color", "never"}).status == 0);
  CHECK(run_tandem({"trace", "follow", "3f2a.777", file}).status == 1);
  tandem_process piped{{"trace", "follow", "3f2a.100", "-"}, "&1", file};
  CHECK(piped.rest().find("expired") != std::string::npos);
  CHECK(piped.wait() == 0);
}

TEST_CASE("trace follow: of a trace id, so many operations are followed, and the others are counted") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  front.trace_id = parse_trace_id("1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b");
  for (uint64_t i = 0; i < tree_finder::most_members + 7; ++i)
    front.ticket(event::sent, i, static_cast<int64_t>(i), 0, kind::entire);
  const auto x = follow("1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", {folder.file("front", front.text())}, true);
  CHECK(x.status == 0);
  CHECK(x.notes == "tandem: 7 further operations, after 10000, are left out\n");
  CHECK(std::count(x.out.begin(), x.out.end(), '\n') == 2 * static_cast<int>(tree_finder::most_members));
}
