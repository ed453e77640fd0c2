/// The files and the standard streams of `tandem trace` may be pipes, full disks, or nothing at all.
#include "../support/written_trace.hpp"

#include "../../tools/trace/reading/stream_copies.hpp"

#include <algorithm>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

/// Runs `"$T" ARGUMENTS REDIRECTIONS`; the output is what it says on standard error.
finished errors_of(const std::string& arguments, const std::string& redirections) {
  return run_script("exec 3>&1; \"$T\" " + arguments + " 2>&3 3>&- " + redirections);
}

std::string quoted(const std::string& path) {
  return "'" + path + "'";
}

const std::string front = quoted(golden_folder + "front.jsonl");
const std::string back = quoted(golden_folder + "back.jsonl");

/// Longer than what a pipe, or a buffer, takes at once.
std::string long_trace() {
  written_trace x{trace_side::front, "one/1"};
  for (uint64_t i = 0; i < 5000; ++i)
    x.ticket(trace_event::sent, 1, static_cast<int64_t>(i), i, ticket_kind::continuation, "x");
  return x.text();
}

size_t lines_in(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_CASE("standard output that cannot be written is an error of every command") {
  const std::string full = "tandem: cannot write standard output: No space left on device\n";
  const std::vector<std::string> commands{"show " + front,
                                          "follow 3f2a.0 " + front,
                                          "stats " + front,
                                          "stats --json " + front,
                                          "filter 'kind = entire' " + front,
                                          "at 1s " + front,
                                          "merge " + front,
                                          "tail --no-follow " + front,
                                          "tail " + front,
                                          "export --csv -o - " + front,
                                          "export --otlp -o - " + front,
                                          "check " + front,
                                          "explain 3f2a.0 " + front,
                                          "draw 3f2a.0 " + front,
                                          "show --help",
                                          "--help"};
  for (const auto& command : commands) {
    const auto x = errors_of("trace " + command, "> /dev/full");
    CHECK_MESSAGE(x.status == 1, command);
    CHECK_MESSAGE(x.output.ends_with(full), command << ": " << x.output);
  }
  CHECK(errors_of("--version", "> /dev/full").status == 1);
}

TEST_CASE("standard output that fails midway, or is closed") {
  const temporary_folder folder;
  const auto file = quoted(folder.file("long", long_trace()));
  for (const std::string verb : {"show", "merge", "filter 'kind = continuation'"}) {
    const auto x = errors_of("trace " + verb + " " + file, "> /dev/full");
    CHECK_MESSAGE(x.status == 1, verb);
    CHECK_MESSAGE(contains(x.output, "cannot write standard output: No space left on device"), x.output);
    CHECK(run_script("\"$T\" trace " + verb + " " + file + " 2>&1 | head -n 1").status == 0);
  }
  const auto closed = errors_of("trace show " + front, ">&-");
  CHECK(closed.status == 1);
  CHECK(closed.output == "tandem: cannot write standard output: Bad file descriptor\n");
  const auto csv = errors_of("trace export --csv -o /dev/full " + file, "");
  CHECK(csv.status == 1);
  CHECK(csv.output == "tandem: cannot write /dev/full: No space left on device\n");
}

TEST_CASE("a pipe is read as a file is, however often a command needs it") {
  const temporary_folder folder;
  const auto piped = [](const std::string& file) { return "<(cat " + file + ")"; };
  const auto file = quoted(folder.file("long", long_trace()));
  for (const std::string verb : {"filter 'outcome = completed'", "follow 3f2a.0", "show", "merge", "check"}) {
    const auto expected = run_script("\"$T\" trace " + verb + " " + front);
    const auto x = run_script("\"$T\" trace " + verb + " " + piped(front));
    CHECK_MESSAGE(x.status == 0, verb);
    if (verb != "check") // which names the file
      CHECK_MESSAGE(x.output == expected.output, verb);
  }
  for (const std::string& other : {piped(file), "- < " + file, "- < <(cat " + file + ")"}) {
    const auto both = run_script("\"$T\" trace show --json " + back + " " + other);
    CHECK(lines_in(both.output) == 5000 + lines_in(content_of(golden_folder + "back.jsonl")) - 1);
  }
  const auto fifo = quoted(folder.file("fifo"));
  const auto x
    = run_script("mkfifo " + fifo + "; cat " + front + " > " + fifo + " & " + "\"$T\" trace follow 3f2a.0 " + fifo);
  CHECK(x.status == 0);
  CHECK(x.output == run_script("\"$T\" trace follow 3f2a.0 " + front).output);
}

TEST_CASE("copies of streams have no name that could be left behind") {
  const temporary_folder folder;
  const auto* before = std::getenv("TMPDIR");
  const std::string saved = before == nullptr ? "" : before;
  setenv("TMPDIR", folder.file("").c_str(), 1);
  const stream_copies copies{{"/dev/null", golden_folder + "front.jsonl", "/nonexistent", golden_folder}};
  before == nullptr ? unsetenv("TMPDIR") : setenv("TMPDIR", saved.c_str(), 1);
  REQUIRE(copies.paths().size() == 1);
  CHECK(content_of(copies.paths().at("/dev/null")).empty());
  CHECK(std::filesystem::is_empty(folder.file("")));
}

TEST_CASE("standard input that cannot be read is no empty trace") {
  for (const std::string verb : {"show", "stats", "follow 3f2a.0", "filter 'outcome = completed'", "check", "merge"}) {
    const auto directory = errors_of("trace " + verb + " -", "< / > /dev/null");
    CHECK_MESSAGE(directory.status == 1, verb);
    CHECK_MESSAGE(contains(directory.output, "tandem: cannot read standard input: Is a directory\n"), directory.output);
    const auto closed = errors_of("trace " + verb + " -", "<&- > /dev/null");
    CHECK_MESSAGE(closed.status == 1, verb);
    CHECK_MESSAGE(contains(closed.output, "tandem: cannot read standard input: Bad file descriptor\n"), closed.output);
  }
  const auto replay = errors_of("replay - --against localhost:1", "< /");
  CHECK(replay.status == 1);
  CHECK(replay.output == "tandem: cannot read standard input: Is a directory\n");
}

TEST_CASE("no command runs out of stack by a payload that is nested deeply") {
  const temporary_folder folder;
  const std::string value = std::string(200'000, '[') + std::string(200'000, ']');
  for (const std::string& json :
       {value, "{\"type\":\"x\",\"value\":" + value + "}", "{\"type\":\"message\",\"value\":" + value + "}"}) {
    written_trace trace{trace_side::front, "one/1"};
    trace.begun(1, 0, "echo");
    for (auto event : {trace_event::sent, trace_event::received}) {
      auto x = trace.entry(event, 1, 10);
      x.kind = event == trace_event::sent ? ticket_kind::entire : ticket_kind::completion;
      x.name = event == trace_event::sent ? std::optional<std::string>{"echo"} : std::nullopt;
      x.payload = trace_payload{json, "", "", ""};
      x.payload_size = json.size();
      trace.add(x);
    }
    trace.ended(1, 20, outcome::completed);
    const auto file = quoted(folder.file("deep.jsonl", trace.text()));
    std::vector<std::string> verbs{"show",
                                   "follow 3f2a.1",
                                   "stats",
                                   "filter 'payload = a'",
                                   "filter 'kind = entire'",
                                   "at 1s",
                                   "merge",
                                   "diff " + file,
                                   "tail --no-follow",
                                   "html -o /dev/null",
                                   "export --csv -o -",
                                   "export --otlp -o -",
                                   "export --chrome -o -",
                                   "check",
                                   "explain 3f2a.1",
                                   "draw 3f2a.1",
                                   "draw --svg 3f2a.1"};
    if (json != value) // which differs only in how the payload itself is shown
      verbs = {"show", "filter 'payload = a'", "check", "export --otlp -o -"};
    for (const auto& verb : verbs) {
      const auto x = run_script("\"$T\" trace " + verb + " " + file + " > /dev/null 2>&1");
      CHECK_MESSAGE((x.status == 0 || (x.status == 1 && verb == "check") || verb.starts_with("html")), verb);
    }
    const auto replay = run_script("\"$T\" replay " + file + " --against localhost:1 2>&1");
    CHECK(replay.status == 1);
    CHECK_MESSAGE(contains(replay.output, "operations played: 0, not played: 1; "), replay.output);
  }
}
