/// `tandem trace show` prints what is in golden/; a deliberate change is taken over by running this test with the
/// environment variable TANDEM_UPDATE_GOLDEN set.
#include "../support/written_trace.hpp"

#include "../../actors/system.hpp"
#include "../../tools/cli/text.hpp"
#include "../../tools/trace/listing/show.hpp"

#include <cstdlib>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

printed show(trace_show_options options) {
  init_types<>();
  return run_command(trace_show, options);
}

printed show_golden(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const auto& name : names)
    files.push_back(golden_folder + name);
  return show(trace_show_options{files});
}

} // namespace

TEST_CASE("trace show: one trace") {
  const auto x = show_golden({"front.jsonl"});
  CHECK(x.status == 0);
  CHECK(x.notes.empty());
  check_golden_text(x.out, "front.txt");
}

TEST_CASE("trace show: two traces, merged by time") {
  const auto x = show_golden({"back.jsonl", "front.jsonl"});
  CHECK(x.status == 0);
  check_golden_text(x.out, "merged.txt");
}

TEST_CASE("trace show: lines that cannot be read, and one that was cut off") {
  const auto x = show_golden({"broken.jsonl"});
  CHECK(x.status == 0);
  check_golden_text(x.out, "broken.txt");
  check_golden_text(without_folders(x.notes), "broken_notes.txt");
}

TEST_CASE("trace show: JSON is the records as they were") {
  const auto x = show({.files = {golden_folder + "front.jsonl"}, .json = true});
  const auto file = content_of(golden_folder + "front.jsonl");
  CHECK(x.out == file.substr(file.find('\n') + 1)); // but for the header
}

TEST_CASE("trace show: narrow and wide") {
  for (size_t columns : {40, 60, 80, 100, 150}) {
    std::istringstream lines{show({.files = {golden_folder + "front.jsonl"}, .columns = columns}).out};
    for (std::string line; std::getline(lines, line);)
      CHECK(width_of(line) <= std::max<size_t>(columns, 75)); // some columns have to be there
  }
}

TEST_CASE("trace show: records of ends and links stand in the same table") {
  const temporary_folder folder;
  written_trace trace{trace_side::front, "one/1"};
  auto joined = trace.entry(trace_event::joined, 0, 0);
  joined.peer = "two/1";
  trace.add(joined);
  trace.begun(0x100, 10, "echo", std::chrono::seconds{10}, 7);
  trace.ticket(trace_event::sent, 0x100, 20, 0, ticket_kind::entire, "hello");
  auto annotation = trace.entry(trace_event::annotation, 0x100, 25);
  annotation.text = "asked the \"oracle\"";
  trace.add(annotation);
  auto missing = trace.entry(trace_event::received, 0x100, 30);
  missing.kind = ticket_kind::continuation;
  missing.payload = trace_payload{R"({"type":"string","size":900})", "capture", "the beginn", "0123456789abcdef"};
  trace.add(missing);
  missing.payload = trace_payload{R"({"type":"string","size":900})", "redacted", "", "0123456789abcdef"};
  trace.add(missing);
  trace.ended(0x100, 40, outcome::servicer_failure, "threw");
  auto lost = trace.entry(trace_event::lost, 0, 50);
  lost.details = "connection reset";
  trace.add(lost);
  auto dropped = trace.entry(trace_event::dropped, 0, 60);
  dropped.count = 12;
  trace.add(dropped);
  const auto file = folder.file("t", trace.text());
  check_golden_text(show({.files = {file}}).out, "events.txt");
  check_golden_text(show({.files = {file}, .color = true}).out, "events_color.txt");
}

TEST_CASE("trace show: colour where it is wanted, and not in a pipe") {
  const auto file = golden_folder + "front.jsonl";
  CHECK(run_tandem({"trace", "show", file, "--columns", "100"}).output == content_of(golden_folder + "front.txt"));
  CHECK(run_tandem({"trace", "show", file, "--columns", "100", "--color", "never"}).output
        == content_of(golden_folder + "front.txt"));
  CHECK(run_tandem({"trace", "show", file, "--color", "always"}).output.find("\033[1m") != std::string::npos);
  const auto wrong = run_tandem({"trace", "show", file, "--color", "maybe"});
  CHECK(wrong.status == 2);
  CHECK(wrong.output.find("expected auto, always or never, got \"maybe\"") != std::string::npos);
}

TEST_CASE("trace show: after the first rows, lines follow at once, whatever their width") {
  const temporary_folder folder;
  written_trace trace{trace_side::front, "one/1"};
  for (uint64_t i = 0; i < 1000; ++i)
    trace.ticket(trace_event::sent, 1, static_cast<int64_t>(i), i, ticket_kind::continuation, "x");
  trace.ticket(trace_event::sent, 1, 1'000'000'000, 123'456'789, ticket_kind::transmission_failure);
  const auto out = show({.files = {folder.file("t", trace.text())}}).out;
  CHECK(out.ends_with("\n1000000.000  front  ->  3f2a.1     123456789  transmission failure\n"));
  CHECK(out.find("\n0.999  front  ->  3f2a.1     999  continuation  \"x\"\n") != std::string::npos);
}

TEST_CASE("trace show: clocks of different hosts are corrected") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  back.clock_ns = -5'000'000'000;
  front.ticket(trace_event::sent, 1, 0, 0, ticket_kind::entire);
  back.ticket(trace_event::received, 1, 100, 0, ticket_kind::entire);
  back.ticket(trace_event::sent, 1, 200, 0, ticket_kind::completion);
  front.ticket(trace_event::received, 1, 300, 0, ticket_kind::completion);
  const auto x = show({.files = {folder.file("f", front.text()), folder.file("b", back.text())}});
  check_golden_text(x.out, "aligned.txt");
}

TEST_CASE("trace show: a file that cannot be read does not hide the others") {
  const auto x = show({.files = {golden_folder + "front.jsonl", "/nonexistent"}});
  CHECK(x.status == 1);
  CHECK(x.notes == "tandem: cannot read /nonexistent: No such file or directory\n");
  CHECK(x.out == content_of(golden_folder + "front.txt"));
}

TEST_CASE("trace show: what is no trace") {
  const temporary_folder folder;
  const auto text = folder.file("text", "hello\nworld\n");
  auto x = show({.files = {text}});
  CHECK(x.status == 1);
  CHECK(x.notes == "tandem: " + text + " is not a trace file: line 1: not JSON\n");
  x = show({.files = {folder.file("empty", "")}});
  CHECK(x.status == 1);
  CHECK(x.out.empty());
}

TEST_CASE("trace show: many unreadable lines take few notes") {
  const temporary_folder folder;
  auto content = content_of(golden_folder + "front.jsonl");
  for (int i = 0; i < 100; ++i)
    content += "{\n";
  const auto notes = show({.files = {folder.file("bad", content)}}).notes;
  CHECK(std::count(notes.begin(), notes.end(), '\n') == 11);
  CHECK(notes.find("and 90 more lines like these") != std::string::npos);
}

TEST_CASE("trace show: the program reads standard input, and survives a reader that goes away") {
  const auto from_input = run_script("\"$T\" trace show --columns 100 - < '" + golden_folder + "front.jsonl'");
  CHECK(from_input.status == 0);
  CHECK(from_input.output == content_of(golden_folder + "front.txt"));
  // Far more than fits into a pipe.
  const temporary_folder folder;
  std::string content;
  for (int i = 0; i < 1000; ++i)
    content += content_of(golden_folder + "front.jsonl");
  const auto head = run_script("\"$T\" trace show '" + folder.file("long", content) + "' | head -n 1");
  CHECK(head.status == 0);
  CHECK(head.output.find("operation") != std::string::npos);
}

TEST_CASE("trace show: what a trace contains does not reach the terminal by the notes") {
  const temporary_folder folder;
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(trace_event::sent, 1, 0, 0, ticket_kind::entire);
  auto content = trace.text();
  const std::string side = R"("side":"front")";
  content.replace(content.rfind(side), side.size(), R"("side":"\u001b[31mRED")");
  const auto x = show({.files = {folder.file("\033[1mname", content), folder.file("\033[1mmissing")}});
  CHECK(x.notes.find("RED") != std::string::npos);
  CHECK(x.notes.find("cannot read ") != std::string::npos);
  CHECK(x.notes.find('\033') == std::string::npos);
}

TEST_CASE("trace show: of a long payload, the beginning") {
  const temporary_folder folder;
  const auto shown = [&folder](const std::string& json) {
    written_trace trace{trace_side::front, "one/1"};
    auto x = trace.entry(trace_event::sent, 1, 0);
    x.payload = trace_payload{json, "", "", ""};
    trace.add(x);
    const auto out = show({.files = {folder.file("t", trace.text())}, .columns = 60}).out;
    return out.substr(out.rfind("commencement") + 12);
  };
  CHECK(shown("\"" + std::string(5000, 'x') + "\"") == "  \"xxxxxxxxxxxxxxxx...\n");
  // Cut off in the midst of a character, wherever that is.
  for (const std::string text : {"\\n", "\\u00fc", "\\ud83d\\ude00", "\xc3\xbc", "\\\\"})
    for (size_t before = 0; before < 12; ++before) {
      std::string json = "\"" + std::string(before, 'x');
      for (int i = 0; i < 1000; ++i)
        json += text;
      const auto out = shown(json + "\"");
      CHECK_MESSAGE(out.ends_with("...\n"), out);
      CHECK_MESSAGE(!contains(out, "\\u"), out);
    }
  CHECK(shown("[1, \"two\"]") == "  [1,\"two\"]\n");
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(shown(deep).starts_with("  [[[["));
}
