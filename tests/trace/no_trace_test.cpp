/// A file that is no trace is always said to be none; a byte order mark does not make one of a trace; and what is
/// printed has neither hidden characters nor formulas.
#include "../support/written_trace.hpp"

#include "../../tools/cli/text.hpp"
#include "../../tools/cli/text_table.hpp"
#include "../../tools/trace/checking/check.hpp"
#include "../../tools/trace/exporting/csv.hpp"
#include "../../tools/trace/exporting/export.hpp"
#include "../../tools/trace/listing/at.hpp"
#include "../../tools/trace/listing/show.hpp"
#include "../../tools/trace/listing/tail.hpp"
#include "../../tools/trace/measuring/stats.hpp"
#include "../../tools/trace/merging/merge.hpp"
#include "../../tools/trace/reading/growing_trace.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::literals;
using event = trace_event;
using kind = ticket_kind;

TEST_CASE("a file that is no trace is said to be none by every command") {
  const std::pair<std::string, std::string> files[] = {
    {"", "it is empty"},
    {"\n \n", "it has no header and no record"},
    {"hello\n", "line 1: not JSON"},
    {"{\"tandem_trace\":1,\"no", "its only line is cut off"},
    {"\xff\xfe{\0\"\0"s, "it is UTF-16, and a trace is UTF-8"},
    {"{\0\"\0t\0"s, "it is UTF-16, and a trace is UTF-8"},
    {"\x1f\x8b\x08\x00garbage"s, "its gzip data is cut off"},
    {"\x28\xb5\x2f\xfd\xff"s + std::string(100, 'x'), "its zstd data is damaged: Unsupported frame parameter"},
    {"BZh91AY&SY"s, "it is compressed by bzip2"},
    {"[{\"tandem_trace\":1}]\n", "it is a JSON array, and a trace has one JSON object to a line"},
  };
  for (const auto& [content, why] : files) {
    CAPTURE(why);
    const temporary_folder folder;
    const auto file = folder.file("t", content);
    const auto note = "tandem: " + file + " is not a trace file: " + why + "\n";
    std::vector<printed> all{run_command(trace_show, {.files = {file}}),
                             run_command(trace_stats_of, {.files = {file}}),
                             run_command(trace_check, {.files = {file}}),
                             run_command(trace_tail, {.file = file, .follow = false}),
                             run_command(trace_merge, {.files = {file}}),
                             run_command(trace_at, {.when = *parse_trace_time("1s"), .files = {file}})};
    for (const auto format : {export_format::csv, export_format::chrome, export_format::otlp})
      all.push_back(run_command(write_export, {.files = {file}, .format = format}));
    for (const auto& x : all) {
      CHECK(x.status == 1);
      CHECK(contains(x.notes, note));
    }
  }
}

TEST_CASE("a byte order mark at the beginning of a trace is skipped") {
  const temporary_folder folder;
  const auto text = content_of(golden_folder + "front.jsonl");
  const auto plain = run_command(trace_show, {.files = {folder.file("plain", text)}});
  const auto marked = run_command(trace_show, {.files = {folder.file("marked", "\xef\xbb\xbf" + text)}});
  CHECK(marked.status == 0);
  CHECK(marked.notes == "");
  CHECK(marked.out == plain.out);
}

TEST_CASE("a pipe is followed as a file is, and ends when nobody writes to it any more") {
  const temporary_folder folder;
  const auto front = "'" + golden_folder + "front.jsonl'";
  const auto lines = [](const finished& x) { return std::count(x.output.begin(), x.output.end(), '\n'); };
  const auto whole = run_script("\"$T\" trace show --json " + front);
  for (const std::string& from : {"<(cat " + front + ")", "- < <(cat " + front + ")"}) {
    const auto x = run_script("timeout 20 \"$T\" trace tail --json " + from);
    CHECK(x.status == 0);
    CHECK(x.output == whole.output);
    const auto last = run_script("\"$T\" trace tail --no-follow --json -n 2 " + from);
    CHECK(last.status == 0);
    CHECK(lines(last) == 2);
  }
  const auto fifo = "'" + folder.file("fifo") + "'";
  const auto x = run_script("mkfifo " + fifo + "; (head -n 3 " + front + "; sleep 0.3; tail -n +4 " + front + ") > "
                            + fifo + " & timeout 20 \"$T\" trace tail --json " + fifo);
  CHECK(x.status == 0);
  CHECK(x.output == whole.output);
  CHECK(run_script("echo nothing | timeout 20 \"$T\" trace tail -").status == 1);
}

TEST_CASE("in a pipe nothing is cut, unless --columns or COLUMNS say so") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  const std::string payload(300, 'x');
  front.ticket(event::sent, 1, 0, 0, kind::entire, payload);
  const auto file = "'" + folder.file("front", front.text()) + "'";
  CHECK(contains(run_script("\"$T\" trace show " + file).output, '"' + payload + '"'));
  for (const auto* command : {"\"$T\" trace show --columns 80 ", "COLUMNS=80 \"$T\" trace show ",
                              "COLUMNS=200 \"$T\" trace show --columns 80 "}) {
    std::istringstream lines{run_script(command + file).output};
    for (std::string line; std::getline(lines, line);)
      CHECK(line.size() <= 80);
  }
  CHECK(contains(run_script("COLUMNS=80 \"$T\" trace show --columns 0 " + file).output, payload));
}

TEST_CASE("help is a command, too, and a word that is misspelt is guessed") {
  CHECK(run_tandem({"help"}).output == run_tandem({"--help"}).output);
  CHECK(run_tandem({"trace", "help"}).output == run_tandem({"trace", "--help"}).output);
  CHECK(run_tandem({"trace", "help", "show"}).output == run_tandem({"trace", "show", "--help"}).output);
  CHECK(run_tandem({"help", "trace", "show"}).status == 0);
  CHECK(contains(run_tandem({"trace", "shwo"}).output, "unknown command shwo; did you mean show?"));
  CHECK(contains(run_tandem({"trace", "show", "--colums", "9", "x"}).output,
                 "unknown option --colums; did you mean --columns?"));
  CHECK(!contains(run_tandem({"trace", "frobnicate"}).output, "did you mean"));
}

TEST_CASE("a table that is too wide is broken into several with the same first columns") {
  text_table table;
  table.column("name").column("one", align::right).column("two", align::right).column("three", align::right);
  table.row({"a", "1", "22", "333"});
  table.row({"bb", "4444", "5", "6"});
  std::ostringstream wide;
  table.write(wide, 24); // exactly: 4 + 2 + 4 + 2 + 3 + 2 + 5 = 22
  CHECK(wide.str() == "name   one  two  three\na        1   22    333\nbb    4444    5      6\n");
  std::ostringstream narrow;
  table.write(narrow, 15);
  CHECK(narrow.str() == "name   one  two\na        1   22\nbb    4444    5\n\nname  three\na       333\nbb        6\n");
  std::ostringstream narrowest;
  table.write(narrowest, 1); // one column at a time
  CHECK(narrowest.str()
        == "name   one\na        1\nbb    4444\n\nname  two\na      22\nbb      5\n\nname  three\na       333\nbb"
           "        6\n");
}

TEST_CASE("a cell that is too wide for a line is cut in its middle, and characters stay whole") {
  text_table table;
  table.column("name").column("one", align::right);
  table.row({"a.very.long.name.of.a.service.1", "1"});
  table.row({"\xc3\xa4.very.long.name.of.a.service.\xc3\xb6", "2"});
  std::ostringstream out;
  table.write(out, 40);
  CHECK(out.str() == "name                  one\na.very.lo...ervice.1    1\n\xc3\xa4.very.lo...ervice.\xc3\xb6    2\n");
  std::ostringstream whole;
  table.write(whole);
  CHECK(contains(whole.str(), "a.very.long.name.of.a.service.1"));
  CHECK(shortened_in_middle("abcdef", 6) == "abcdef");
  CHECK(shortened_in_middle("abcdefg", 6) == "ab...g");
  CHECK(shortened_in_middle("abcdefg", 2) == "..");
}

TEST_CASE("CSV has no formulas, and nothing that tells a terminal what to do") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  for (const auto* name : {"=1+1", "+1", "-1", "@sum", "a\x1b[2Jb", "plain - text",
                           "c\xc2\x9b"
                           "2Jd",
                           "e\xe2\x80\xae"
                           "f",
                           "g\nh\ti"}) {
    front.name = name;
    front.ticket(event::sent, 1, 0, 0, kind::entire, "-5");
  }
  const auto out = run_command(write_export, {.files = {folder.file("f", front.text())}}).out;
  for (const auto* field :
       {",'=1+1,", ",'+1,", ",'-1,", ",'@sum,", ",a?[2Jb,", ",plain - text,", ",c?2Jd,", ",e?f,", ",\"g\nh\ti\","})
    CHECK(contains(out, field));
  CHECK(!contains(out, "\x1b"));
  CHECK(contains(out, "\"\"\"-5\"\"\"")); // a payload is JSON, which is no formula
}

TEST_CASE("CSV has the clock as it was recorded, and what corrects it") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  back.clock_ns = 3'000'000'000;
  front.ticket(event::sent, 1, 0, 0, kind::entire, "x");
  back.ticket(event::received, 1, 100, 0, kind::entire, "x");
  back.ticket(event::sent, 1, 200, 0, kind::completion);
  front.ticket(event::received, 1, 300, 0, kind::completion);
  const auto out
    = run_command(write_export, {.files = {folder.file("front", front.text()), folder.file("back", back.text())}}).out;
  std::istringstream lines{out};
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(line);
  REQUIRE(all.size() == 5);                         // in the order in which things happened
  CHECK(contains(all[2], ",1700000003000100000,")); // as recorded
  CHECK(all[2].ends_with(",-3000000000,,,\r"));
  CHECK(all[4].ends_with(",0,,,\r"));
}

TEST_CASE("Chrome's times begin a day before the first record, and a clock that is ahead turns no arrow around") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  back.clock_ns = 3'000'000'000;
  front.ticket(event::sent, 2, 50, 0, kind::commencement);
  front.begun(1, 0, "echo"); // written later, but earlier
  front.ticket(event::sent, 1, 100, 0, kind::entire, "x");
  back.ticket(event::received, 1, 200, 0, kind::entire, "x");
  back.ticket(event::sent, 1, 300, 0, kind::completion);
  front.ticket(event::received, 1, 400, 0, kind::completion);
  front.begun(3, -1'000'000, "after a jump"); // a second back
  const auto x
    = run_command(write_export, {.files = {folder.file("front", front.text()), folder.file("back", back.text())},
                                 .format = export_format::chrome});
  CHECK(x.notes == "");
  const auto json = nlohmann::json::parse(x.out);
  constexpr int64_t day_ns = 86'400'000'000'000;
  CHECK(json["otherData"]["begin_unix_ns"] == std::to_string(written_trace::start_wall_ns - day_ns));
  double least = 1e12;
  std::map<std::string, std::pair<double, double>> arrows;
  for (const auto& y : json["traceEvents"]) {
    if (!y.contains("ts"))
      continue;
    const double at = y["ts"];
    least = std::min(least, at);
    if (y["ph"] == "s")
      arrows[y["id"]].first = at;
    if (y["ph"] == "f")
      arrows[y["id"]].second = at;
  }
  CHECK(least == day_ns / 1000 - 1'000'000); // a jump back leaves the order as it is
  size_t whole = 0;
  for (const auto& [id, arrow] : arrows)
    if (arrow.first > 0 && arrow.second > 0) {
      CHECK(arrow.second - arrow.first == doctest::Approx(100)); // microseconds, each way
      ++whole;
    }
  CHECK(whole == 2);
}

TEST_CASE("trace stats: tickets that passed after the end are counted, and so are those that came long after it") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  front.begun(1, 0, "echo");
  front.ticket(event::sent, 1, 1, 0, kind::commencement);
  front.ended(1, 10, outcome::cancelled);
  front.ticket(event::received, 1, 20, 0, kind::continuation, "x");
  front.ticket(event::received, 1, 21, 1, kind::continuation, "x");
  for (uint64_t i = 2; i < 1100; ++i) { // more than are remembered whole
    front.begun(i, 100, "echo");
    front.ended(i, 110, outcome::cancelled);
  }
  front.ticket(event::received, 1, 200, 2, kind::continuation, "x");
  const auto file = folder.file("front", front.text());
  const auto json = nlohmann::json::parse(run_command(trace_stats_of, {{file}, true}).out);
  CHECK(json["tickets"] == 4);
  CHECK(json["long_late"] == 1);
  REQUIRE(json["names"].size() == 1);
  CHECK(json["names"][0]["operations"] == 1099);
  CHECK(json["names"][0]["late"] == 2);
  CHECK(json["names"][0]["no_end"] == 0);
  const auto text = run_command(trace_stats_of, {{file}}).out;
  CHECK(contains(text, "late tickets"));
  CHECK(contains(text, "1 tickets came long after the end of their operations"));
}

TEST_CASE("trace tail: what was lost since it was rotated faster than it was read is said") {
  const temporary_folder folder;
  const auto part = [](uint64_t number, uint64_t first, uint64_t records) {
    trace_header header;
    header.node = "one/1";
    header.side = header.link = "front";
    header.start_wall_ns = written_trace::start_wall_ns;
    header.part = number;
    header.first_record = first;
    std::string result;
    append_line(result, header);
    result += '\n';
    written_trace source{trace_side::front, "one/1"};
    for (uint64_t i = 0; i < records; ++i) {
      auto x = source.entry(event::sent, 1, static_cast<int64_t>(first + i));
      x.record = first + i;
      append_line(result, x);
      result += '\n';
    }
    return result;
  };
  const auto path = folder.file("t", part(0, 0, 2));
  std::ostringstream notes;
  growing_trace trace{path, notes};
  REQUIRE(trace.open(10));
  std::vector<uint64_t> records;
  const auto read = [&] {
    while (const auto* x = trace.next())
      records.push_back(x->entry->record);
  };
  read();
  std::filesystem::remove(path); // part 1, of records 2 to 4, has come and gone
  folder.file("t", part(2, 5, 1));
  read();
  CHECK(records == std::vector<uint64_t>{0, 1, 5});
  CHECK(notes.str() == "tandem: " + path + ": 3 records are missing: it was rotated faster than it was read\n");
}
