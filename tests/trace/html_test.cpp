/// `tandem trace html`: the data that it puts into the page, and the page as far as it can be looked at without a
/// browser; foreign/ has the test with one.
#include "../support/written_trace.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/trace/browser/html.hpp"
#include "../../tools/trace/browser/page.hpp"
#include "../support/skip.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace tandem::cli;
using namespace tandem_test;

namespace {

struct page_lines {
  int status;
  std::string text;
  std::string notes;
  std::vector<nlohmann::json> lines;
};

page_lines data_of(const trace_html_options& options) {
  std::ostringstream out;
  std::ostringstream notes;
  page_lines result{write_page_data(options, out, notes), out.str(), notes.str(), {}};
  std::istringstream lines{result.text};
  for (std::string line; std::getline(lines, line);)
    result.lines.push_back(nlohmann::json::parse(line));
  return result;
}

} // namespace

TEST_CASE("trace html: the data of the page") {
  const auto x = data_of({.files = shop()});
  CHECK(x.status == 0);
  CHECK(x.notes.empty());
  CHECK(x.text.find('<') == std::string::npos); // nothing can end the script that they stand in
  check_golden_text(x.text, "shop_page.jsonl");
}

TEST_CASE("trace html: payloads up to the limit, and none at all") {
  const auto small = data_of({.files = shop(), .payload_limit = 8}).text;
  CHECK(small.find("item 1") != std::string::npos);
  CHECK(small.find("item 1: ") == std::string::npos);
  CHECK(data_of({.files = shop(), .payload_limit = 0}).text.find("item") == std::string::npos);
}

TEST_CASE("trace html: tickets past the limit are left out, and it says so") {
  const auto x = data_of({.files = shop(), .most_tickets = 10});
  CHECK(x.status == 0);
  CHECK(x.lines.back()["left_out"] == 80); // each of 45 tickets is in two files
  CHECK(x.notes
        == "tandem: the page has the first 10 tickets, and nothing after them; 80 more are left out "
           "(--max-tickets)\n");
  CHECK(x.lines.back()["notes"] == x.notes);
  size_t tickets = 0;
  for (const auto& line : x.lines)
    tickets += line.contains("events") ? line["events"].size() : 0;
  CHECK(tickets == 10);
}

TEST_CASE("trace html: the data say which record is the earliest, where a clock jumped back") {
  const temporary_folder folder;
  written_trace x{tandem::trace_side::front, "one/1"};
  x.begun(1, 5'000'000, "echo");
  x.begun(2, 1'000'000, "echo");
  x.begun(3, 3'000'000, "echo");
  const auto data = data_of({.files = {folder.file("t", x.text())}});
  CHECK(data.lines.front()["base_ns"] == std::to_string(written_trace::start_wall_ns + 5'000'000'000));
  CHECK(data.lines.back()["earliest"] == -4'000'000'000);
}

TEST_CASE("trace html: files that cannot be read, and lines that cannot") {
  const auto x = data_of({.files = {golden_folder + "broken.jsonl", "/nonexistent"}});
  CHECK(x.status == 1);
  CHECK(x.notes.find("cannot read /nonexistent") != std::string::npos);
  CHECK(x.lines.size() > 2);
  CHECK(x.lines.back()["notes"] == x.notes);
}

TEST_CASE("trace html: an empty trace makes a page too") {
  const temporary_folder folder;
  const auto x = data_of({.files = {folder.file("empty", written_trace{trace_side::front, "one/1"}.text())}});
  CHECK(x.status == 0);
  CHECK(x.lines.size() == 2);
}

TEST_CASE("trace html: the program writes a page, but not over a trace") {
  const temporary_folder folder;
  const auto trace = folder.file("trace.jsonl", content_of(golden_folder + "front.jsonl"));
  const auto page = folder.file("page.html");
  if (trace_page().empty()) {
    const auto x = run_tandem({"trace", "html", trace, "-o", page});
    CHECK(x.status == exit_error);
    CHECK(x.output.find("built without its page: install Node.js") != std::string::npos);
    return;
  }
  auto x = run_tandem({"trace", "html", trace, "-o", page});
  CHECK(x.status == 0);
  CHECK(x.output.empty());
  const auto html = content_of(page);
  CHECK(html.starts_with("<!doctype html>"));
  CHECK(html.ends_with("</html>\n"));
  CHECK(html.find(page_data_mark) == std::string::npos);
  CHECK(html.find("\"name\":\"word count\"") != std::string::npos);
  CHECK(run_tandem({"trace", "html", trace, "-o", "-"}).output == html);

  x = run_tandem({"trace", "html", trace, "-o", trace});
  CHECK(x.status == exit_usage);
  CHECK(x.output.find("would overwrite the trace") != std::string::npos);
  CHECK(content_of(trace) == content_of(golden_folder + "front.jsonl"));
  x = run_tandem({"trace", "html", trace, "-o", folder.file("no/such/folder.html")});
  CHECK(x.status == exit_error);
  CHECK(x.output.find("cannot write") != std::string::npos);
  CHECK(run_tandem({"trace", "html", trace}).status == exit_usage);
}
