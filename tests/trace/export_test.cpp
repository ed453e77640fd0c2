/// `tandem trace export` writes what is in golden/, and what foreign/ holds against programs that are not ours.
#include "../support/written_trace.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/exporting/csv.hpp"
#include "../../tools/trace/exporting/export.hpp"
#include "../../tools/trace/exporting/otlp.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

printed run(const trace_export_options& options) {
  return run_command(write_export, options);
}

/// All spans of OTLP lines.
std::vector<nlohmann::json> spans_of(const std::string& text) {
  std::vector<nlohmann::json> result;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    for (const auto& x : json["resourceSpans"][0]["scopeSpans"][0]["spans"])
      result.push_back(x);
  }
  return result;
}

/// One front's operation, without records of its beginning and end.
trace_entry ticket(const operation_id& id) {
  trace_entry x;
  x.operation = id;
  x.event = trace_event::sent;
  x.kind = ticket_kind::entire;
  return x;
}

} // namespace

TEST_CASE("trace export: OTLP") {
  const auto x = run({.files = shop(), .format = export_format::otlp});
  CHECK(x.status == 0);
  CHECK(x.notes.empty());
  auto text = x.out;
  const std::string version = "\"version\":\"" TANDEM_VERSION "\"";
  for (auto at = text.find(version); at != std::string::npos; at = text.find(version))
    text.replace(at, version.size(), "\"version\":\"-\"");
  check_golden_text(text, "shop_otlp.jsonl");
}

TEST_CASE("trace export: Chrome trace events") {
  check_golden_text(run({.files = shop(), .format = export_format::chrome}).out, "shop_chrome.json");
}

TEST_CASE("trace export: CSV") {
  auto files = shop();
  files.push_back(golden_folder + "front.jsonl");
  check_golden_text(without_folders(run({.files = files, .format = export_format::csv}).out), "shop.csv");
}

TEST_CASE("trace export: OTLP without records of beginning and end says that the end is inferred") {
  const auto spans = spans_of(run({.files = {golden_folder + "front.jsonl"}, .format = export_format::otlp}).out);
  REQUIRE(spans.size() == 3);
  CHECK(spans[0].dump().find(R"({"key":"tandem.end_inferred","value":{"boolValue":true}})") != std::string::npos);
  CHECK(spans[0]["traceId"] == "1b4e28ba2fa14d3ba3f5ef19b5a7633b");
  CHECK(spans[1]["traceId"] == "3f2a9c00000000010000000000000100"); // the operation's own id
  CHECK(spans[1]["status"]["message"] == "expired: not done within 300 ms");
}

TEST_CASE("trace export: OTLP's limits, and the name of the service") {
  const auto x = run({.files = {golden_folder + "front.jsonl"},
                      .format = export_format::otlp,
                      .service = "shop",
                      .most_events = 2,
                      .payload_limit = 4});
  const auto spans = spans_of(x.out);
  REQUIRE(!spans.empty());
  CHECK(spans[0]["events"].size() == 2);
  CHECK(spans[0]["droppedEventsCount"] == 4);
  CHECK(x.out.find(R"({"key":"service.name","value":{"stringValue":"shop"}})") != std::string::npos);
  CHECK(x.out.find("quoted") == std::string::npos);
}

TEST_CASE("trace export: the trace of an operation") {
  const operation_id parent{1, 1};
  const operation_id child{2, 2};
  const operation_id grandchild{3, 3};
  span_relations relations;
  CHECK(relations.trace_of(child) == "00000000000000020000000000000002");
  auto x = ticket(grandchild);
  x.parent = child;
  relations.note(x);
  x = ticket(child);
  x.parent = parent;
  relations.note(x);
  CHECK(relations.trace_of(grandchild) == relations.trace_of(parent));
  x = ticket(parent);
  x.trace_id = parse_trace_id("1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b");
  relations.note(x);
  CHECK(relations.trace_of(grandchild) == "1b4e28ba2fa14d3ba3f5ef19b5a7633b");
  // No trace of ours says this, but a file may.
  auto circle = ticket(operation_id{4, 4});
  circle.parent = operation_id{4, 4};
  relations.note(circle);
  CHECK(relations.trace_of({4, 4}) == "00000000000000040000000000000004");
  CHECK(relations.trace_of({0, 0}).back() == '1'); // zeros alone are no trace id
}

TEST_CASE("trace export: span ids differ by side and operation") {
  const operation_id id{0x3f2a91c05d7be644, 0xa100};
  const auto front = span_id_of(id, trace_side::front);
  CHECK(front.size() == 16);
  CHECK(front == span_id_of(id, trace_side::front));
  CHECK(front != span_id_of(id, trace_side::back));
  CHECK(front != span_id_of({id.high, id.low + 1}, trace_side::front));
  CHECK(front != span_id_of({id.low, id.high}, trace_side::front));
}

TEST_CASE("trace export: CSV quotes what needs it, and stays UTF-8") {
  trace_entry entry = ticket({1, 2});
  entry.name = "a \"name\", of\r\ntwo lines";
  entry.link = "\xff";
  entry.timeout = std::chrono::milliseconds{-1500};
  placed_entry placed;
  placed.entry = &entry;
  std::ostringstream out;
  write_csv_row(placed, "a,b.jsonl", SIZE_MAX, out);
  const auto row = out.str();
  CHECK(row.starts_with("\"a,b.jsonl\",0,0,,0,0,0,front,\xef\xbf\xbd,sent,front to back,"));
  CHECK(row.find(",\"a \"\"name\"\", of\r\ntwo lines\",") != std::string::npos);
  CHECK(row.find(",-1.5,") != std::string::npos);
  CHECK(row.ends_with("\r\n"));
}

TEST_CASE("trace export: an empty trace") {
  const temporary_folder folder;
  const auto empty = folder.file("empty", "");
  CHECK(run({.files = {empty}, .format = export_format::otlp}).out.empty());
  const auto chrome = nlohmann::json::parse(run({.files = {empty}, .format = export_format::chrome}).out);
  CHECK(chrome["traceEvents"].empty());
  const auto csv = run({.files = {empty}, .format = export_format::csv}).out;
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1);
}

TEST_CASE("trace export: the program") {
  const temporary_folder folder;
  const auto trace = folder.file("trace.jsonl", content_of(golden_folder + "front.jsonl"));
  const auto out = folder.file("out.csv");
  auto x = run_tandem({"trace", "export", "--csv", trace, "-o", out});
  CHECK(x.status == 0);
  CHECK(x.output.empty());
  CHECK(content_of(out) == run_tandem({"trace", "export", "--csv", trace}).output);

  CHECK(run_tandem({"trace", "export", trace}).status == exit_usage);
  x = run_tandem({"trace", "export", "--csv", "--otlp", trace});
  CHECK(x.status == exit_usage);
  CHECK(x.output.find("expected one of --otlp, --chrome and --csv") != std::string::npos);
  CHECK(run_tandem({"trace", "export", "--csv", trace, "-o", trace}).status == exit_usage);
  CHECK(run_tandem({"trace", "export", "--csv", "/nonexistent"}).status == exit_error);
  x = run_tandem({"trace", "export", "--csv", trace, "-o", "/dev/full"});
  CHECK(x.status == exit_error);
  CHECK(x.output.find("cannot write /dev/full: No space left on device") != std::string::npos);
}

TEST_CASE("trace export: the program reads standard input, and survives a reader that goes away") {
  const temporary_folder folder;
  std::string content;
  for (int i = 0; i < 1000; ++i)
    content += content_of(golden_folder + "front.jsonl");
  const auto trace = folder.file("long", content);
  for (const std::string format : {"--csv", "--otlp", "--chrome"}) {
    process shell{
      {"/bin/bash", "-c",
       "set -o pipefail; '" + program("tandem") + "' trace export " + format + " - < '" + trace + "' | head -n 1"}};
    CHECK(shell.read_line());
    while (shell.read_line())
      ;
    CHECK(shell.wait() == 0);
  }
}
