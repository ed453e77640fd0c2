/// `tandem trace stats`: what it counts and measures, and how it prints that.
#include "../support/written_trace.hpp"

#include "../../tools/trace/measuring/stats.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <random>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

printed stats(const std::vector<std::string>& files, bool json = false) {
  return run_command(trace_stats_of, {files, json});
}

nlohmann::json stats_json(const std::vector<std::string>& files) {
  return nlohmann::json::parse(stats(files, true).out);
}

} // namespace

TEST_CASE("histogram: percentiles are within 1 %, the maximum is exact") {
  std::mt19937_64 random{1};
  for (const int bits : {4, 7, 8, 20, 40, 62}) {
    histogram x;
    std::vector<uint64_t> all;
    for (int i = 0; i < 10'000; ++i) {
      all.push_back(random() >> (64 - bits));
      x.add(static_cast<int64_t>(all.back()));
    }
    std::sort(all.begin(), all.end());
    for (const double p : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto exact = static_cast<double>(all[static_cast<size_t>(std::ceil(p * 10'000)) - 1]);
      CHECK(std::abs(static_cast<double>(x.percentile(p)) - exact) <= exact * 0.01);
    }
    CHECK(x.maximum() == all.back());
    CHECK(x.count() == all.size());
  }
}

TEST_CASE("histogram: nothing, zero and negative values, the largest") {
  histogram x;
  CHECK(x.percentile(0.5) == 0);
  x.add(-5);
  CHECK(x.percentile(0.5) == 0);
  CHECK(x.count() == 1);
  x.add(INT64_MAX);
  CHECK(x.maximum() == INT64_MAX);
}

TEST_CASE("trace stats: both sides") {
  const auto x = stats({golden_folder + "front.jsonl", golden_folder + "back.jsonl"});
  CHECK(x.status == 0);
  CHECK(x.notes.empty());
  check_golden_text(without_folders(x.out), "stats.txt");
}

TEST_CASE("trace stats: an operation goes on where another recorder of its process begins to write into the file") {
  const auto text_of = [](const std::string& later_node) {
    written_trace first{trace_side::front, "one/1"};
    first.begun(1, 0, "echo");
    first.ticket(event::sent, 1, 10, 0, kind::entire, "1");
    written_trace later{trace_side::front, later_node};
    later.ticket(event::received, 1, 20, 0, kind::completion, "1");
    later.ended(1, 30, outcome::completed);
    return first.text() + later.text();
  };
  const auto operations = [](const nlohmann::json& x) {
    uint64_t result = 0;
    for (const auto& name : x["names"])
      result += name["operations"].get<uint64_t>();
    return result;
  };
  const temporary_folder folder;
  CHECK(operations(stats_json({folder.file("same", text_of("one/1"))})) == 1);
  CHECK(operations(stats_json({folder.file("other", text_of("one/2"))})) == 2); // they do not outlive their process
}

TEST_CASE("trace stats: times each way, to the microsecond") {
  written_trace trace{trace_side::front, "one/1"};
  for (uint64_t i = 0; i < 100; ++i) {
    const auto at = static_cast<int64_t>(i) * 10'000;
    trace.begun(i, at, "echo");
    trace.ticket(event::sent, i, at + 10, 0, kind::commencement, "12345");
    trace.ticket(event::sent, i, at + 60, 1, kind::completion, "1234567");
    trace.ticket(event::received, i, at + 500, 0, kind::completion, "123");
    trace.ended(i, at + 1000, i % 10 == 0 ? outcome::expired : outcome::completed);
  }
  const temporary_folder folder;
  const auto x = stats_json({folder.file("t", trace.text())});
  REQUIRE(x["names"].size() == 1);
  const auto& echo = x["names"][0];
  CHECK(echo["side"] == "front");
  CHECK(echo["operations"] == 100);
  CHECK(echo["outcomes"]["completed"] == 90);
  CHECK(echo["outcomes"]["expired"] == 10);
  CHECK(echo["outcomes"]["cancelled"] == 0);
  CHECK(echo["no_end"] == 0);
  CHECK(echo["total_ns"]["count"] == 100);
  CHECK(echo["total_ns"]["max"] == 1'000'000);
  CHECK(echo["total_ns"]["p50"] == 1'000'000);
  CHECK(echo["total_ns"]["p999"] == 1'000'000);
  CHECK(echo["front_to_back"]["to_first_payload_ns"]["max"] == 10'000);
  CHECK(echo["front_to_back"]["between_payloads_ns"]["max"] == 50'000);
  CHECK(echo["front_to_back"]["bytes"] == 1200);
  CHECK(echo["back_to_front"]["to_first_payload_ns"]["max"] == 500'000);
  CHECK(echo["back_to_front"]["between_payloads_ns"]["count"] == 0);
  CHECK(x["tickets"] == 300);
  CHECK(x["tickets_per_second"].get<double>() == doctest::Approx(300 / 0.991));
}

TEST_CASE("trace stats: open operations, refused ones, dropped records, and no beginning") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(event::sent, 1, 0, 0, kind::commencement);
  trace.ticket(event::sent, 2, 1, 0, kind::entire);
  trace.ticket(event::received, 2, 2, 0, kind::refusal);
  trace.ticket(event::sent, 3, 3, 5, kind::continuation, "x");
  auto dropped = trace.entry(event::dropped, 0, 4);
  dropped.count = 17;
  trace.add(dropped);
  const temporary_folder folder;
  const auto file = folder.file("t", trace.text());
  const auto x = stats_json({file});
  CHECK(x["dropped"] == 17);
  REQUIRE(x["names"].size() == 2);
  CHECK(x["names"][0]["name"] == "");
  CHECK(x["names"][0]["no_end"] == 1);
  CHECK(x["names"][1]["refused"] == 1);
  CHECK(x["names"][1]["no_end"] == 1);
  CHECK(x["names"][1]["outcomes"]["transmission failure"] == 1);
  const auto text = stats({file}).out;
  CHECK(text.find("17 more records were dropped") != std::string::npos);
  CHECK(text.find("(beginning not recorded)") != std::string::npos);
}

TEST_CASE("trace stats: names without end do not take memory without end") {
  written_trace trace{trace_side::front, "one/1"};
  for (uint64_t i = 0; i < trace_stats::most_names + 100; ++i) {
    trace.name = "name " + std::to_string(i);
    trace.ticket(event::sent, i, static_cast<int64_t>(i), 0, kind::commencement);
  }
  const temporary_folder folder;
  const auto x = stats_json({folder.file("t", trace.text())});
  CHECK(x["names"].size() == trace_stats::most_names + 1);
  CHECK(x["names"][0]["name"] == trace_stats::other_names);
  CHECK(x["names"][0]["operations"] == 100);
}

TEST_CASE("trace stats: an empty file, one that is missing, and one that is no trace") {
  const temporary_folder folder;
  CHECK(stats({folder.file("empty", "")}).status == 1);
  CHECK(stats({"/nonexistent"}).status == 1);
  CHECK(stats({folder.file("text", "hello\n")}).status == 1);
}

TEST_CASE("trace stats: the program, on what another command has written") {
  const auto x = run_tandem({"trace", "stats", golden_folder + "front.jsonl", "--json"});
  CHECK(x.status == 0);
  CHECK(nlohmann::json::parse(x.output)["records"] == 9);
  CHECK(run_tandem({"trace", "stats"}).status == 2);
}
