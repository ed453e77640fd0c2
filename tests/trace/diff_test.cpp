/// `tandem trace diff` tells what two traces of the same thing have not in common, and nothing else.
#include "../support/written_trace.hpp"

#include "../../tools/trace/measuring/diff.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

/// Operations of `name`, with so many payloads each; other ids and times with every `seed`.
void add_operations(written_trace& to, const std::string& name, uint64_t count, uint64_t payloads, int64_t took,
                    uint64_t seed) {
  to.name = name;
  for (uint64_t i = 0; i < count; ++i) {
    const auto id = seed * 1000 + i;
    const auto at = static_cast<int64_t>(seed * 1'000'000 + i * 10'000);
    to.ticket(event::sent, id, at, 0, kind::commencement);
    for (uint64_t j = 1; j <= payloads; ++j)
      to.ticket(event::sent, id, at + static_cast<int64_t>(j), j, kind::continuation, "x");
    to.ticket(event::sent, id, at + 50, payloads + 1, kind::completion);
    to.ticket(event::received, id, at + took, 0, kind::completion, "done");
  }
}

struct compared {
  int status;
  std::vector<nlohmann::json> differences;
  std::string notes;

  bool has(const std::string& what, const std::string& good, const std::string& bad) const {
    for (const auto& x : differences)
      if (x["what"] == what && x["good"] == good && x["bad"] == bad)
        return true;
    return false;
  }
};

compared diff(const written_trace& good, const written_trace& bad, double tolerance = 2) {
  const temporary_folder folder;
  std::ostringstream out;
  std::ostringstream notes;
  compared result;
  result.status
    = trace_diff({folder.file("good", good.text()), folder.file("bad", bad.text()), tolerance, true}, out, notes);
  std::istringstream lines{out.str()};
  for (std::string line; std::getline(lines, line);)
    result.differences.push_back(nlohmann::json::parse(line));
  result.notes = notes.str();
  return result;
}

} // namespace

TEST_CASE("trace diff: ids, times of day and small changes of latency make no difference") {
  written_trace good{trace_side::front, "one/1"};
  add_operations(good, "echo", 10, 3, 1000, 1);
  add_operations(good, "count", 5, 1, 2000, 2);
  written_trace bad{trace_side::front, "two/7"};
  add_operations(bad, "count", 5, 1, 3000, 7);
  add_operations(bad, "echo", 10, 3, 800, 8);
  const auto x = diff(good, bad);
  CHECK(x.status == 0);
  CHECK(x.differences.empty());
}

TEST_CASE("trace diff: latencies beyond the tolerance") {
  written_trace good{trace_side::front, "one/1"};
  add_operations(good, "echo", 10, 3, 1000, 1);
  written_trace bad{trace_side::front, "one/1"};
  add_operations(bad, "echo", 10, 3, 2500, 1);
  CHECK(diff(good, bad).has("p50", "1.000 ms", "2.500 ms"));
  CHECK(diff(bad, good).status == 1); // faster is a difference too
  CHECK(diff(good, bad, 3).status == 0);
  CHECK(diff(good, bad, 0).status == 0);
}

TEST_CASE("trace diff: numbers of operations, payloads and tickets, but no order that differs in numbers only") {
  written_trace good{trace_side::front, "one/1"};
  add_operations(good, "echo", 10, 3, 1000, 1);
  written_trace bad{trace_side::front, "one/1"};
  add_operations(bad, "echo", 9, 5, 1000, 1);
  add_operations(bad, "new", 1, 0, 1000, 2);
  const auto x = diff(good, bad);
  CHECK(x.status == 1);
  CHECK(x.has("operations", "10", "9"));
  CHECK(x.has("operations", "0", "1"));
  CHECK(x.has("payloads ->", "30", "45"));
  CHECK(x.has("tickets -> continuation", "30", "45"));
  for (const auto& y : x.differences)
    CHECK((y["name"] == "new" || !y["what"].get<std::string>().starts_with("order")));
}

TEST_CASE("trace diff: an order of tickets that is new, and an outcome") {
  written_trace good{trace_side::front, "one/1"};
  add_operations(good, "echo", 2, 2, 1000, 1);
  auto bad = good;
  bad.ticket(event::sent, 77, 50'000, 0, kind::commencement);
  bad.ticket(event::received, 77, 50'010, 0, kind::servicer_failure);
  good.ticket(event::sent, 77, 50'000, 0, kind::entire);
  good.ticket(event::received, 77, 50'010, 0, kind::completion);
  const auto x = diff(good, bad);
  CHECK(x.has("outcome servicer failure", "0", "1"));
  CHECK(x.has("outcome completed", "3", "2"));
  CHECK(x.has("order -> commencement; <- servicer failure; servicer failure", "0", "1"));
  CHECK(x.has("order -> entire; <- completion; completed", "1", "0"));
}

TEST_CASE("trace diff: for people, and a file that cannot be read") {
  std::ostringstream out;
  std::ostringstream notes;
  CHECK(trace_diff({golden_folder + "front.jsonl", golden_folder + "back.jsonl"}, out, notes) == 1);
  check_golden_text(out.str(), "diff.txt");
  CHECK(trace_diff({golden_folder + "front.jsonl", "/nonexistent"}, out, notes) == 1);
  CHECK(notes.str() == "tandem: cannot read /nonexistent: No such file or directory\n");
}

TEST_CASE("trace diff: the program") {
  const auto file = golden_folder + "front.jsonl";
  const auto same = run_tandem({"trace", "diff", file, file});
  CHECK(same.status == 0);
  CHECK(same.output.empty());
  const auto wrong = run_tandem({"trace", "diff", file, file, "--tolerance", "0.5"});
  CHECK(wrong.status == 2);
  CHECK(wrong.output.find("expected a factor of at least 1") != std::string::npos);
}
