/// How the command line reads and writes durations, addresses and sizes.
#include "../../tools/cli/duration_text.hpp"
#include "../../tools/cli/measures.hpp"
#include "../../tools/cli/text.hpp"
#include "../../tools/tandem/call_progress.hpp"
#include "../../tools/tandem/endpoint_text.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem::cli;
using namespace std::chrono_literals;

TEST_CASE("durations are read exactly") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2s") == 2s);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("1m") == 1min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("0s") == 0s);
  CHECK(parse_duration("0.000000001s") == 1ns);
  CHECK(parse_duration("0.05m") == 3s);
  CHECK(parse_duration("0.0000000001s") == 0ns);
  CHECK(parse_duration("1000000h") == 1000000h);
}

TEST_CASE("what is no duration is not read") {
  for (const auto* text : {"",
                           "5",
                           "s",
                           "ms",
                           "-1s",
                           "+1s",
                           " 1s",
                           "1s ",
                           "1 s",
                           "1.s",
                           ".5s",
                           "1,5s",
                           "1e3s",
                           "1S",
                           "1sec",
                           "1.5.5s",
                           "0x1s",
                           "2000000h",
                           "99999999999999999999s",
                           "nan",
                           "inf"})
    CHECK_MESSAGE(!parse_duration(text), text);
}

TEST_CASE("durations are written as they are read") {
  CHECK(write_duration(250ms) == "250ms");
  CHECK(write_duration(2s) == "2s");
  CHECK(write_duration(1500ms) == "1.5s");
  CHECK(write_duration(1min) == "1m");
  CHECK(write_duration(90s) == "1.5m");
  CHECK(write_duration(61s) == "61s");
  CHECK(write_duration(1h) == "1h");
  CHECK(write_duration(0s) == "0ms");
  CHECK(write_duration(1234567ns) == "1.235ms");
  for (duration x : {duration{1ms}, duration{999ms}, duration{3600s}, duration{5400s}, duration{86400s}})
    CHECK(parse_duration(write_duration(x)) == x);
}

TEST_CASE("measured times") {
  CHECK(write_elapsed(800us) == "0.8 ms");
  CHECK(write_elapsed(12345us) == "12.3 ms");
  CHECK(write_elapsed(1234ms) == "1.234 s");
}

TEST_CASE("HOST:PORT") {
  auto read = [](const char* text) {
    const auto x = parse_endpoint(text);
    return x ? x->host + " " + std::to_string(x->port) : "none";
  };
  CHECK(read("127.0.0.1:4242") == "127.0.0.1 4242");
  CHECK(read("back.example:1") == "back.example 1");
  CHECK(read("[::1]:65535") == "::1 65535");
  for (const auto* text :
       {"", ":", "host", "host:", ":4242", "host:0", "host:65536", "host:-1", "host:4x", "::1:4242", "[]:1", "host: 1"})
    CHECK_MESSAGE(read(text) == "none", text);
  CHECK(to_string(tandem::endpoint{"::1", 1}) == "[::1]:1");
  CHECK(to_string(tandem::endpoint{"host", 80}) == "host:80");
}

TEST_CASE("text for terminals") {
  CHECK(printable("plain \"text\" \\ \n\x1b[1m") == "plain \"text\" \\\\ \\n\\u001b[1m");
  CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(printable("\x7f\xc2\x9b") == "??");
  // What turns the direction of writing, is invisible, or ends a line for some.
  CHECK(printable("a\u202eb\u2066c\u200bd\u2028e\ufefff") == "a\\u202eb\\u2066c\\u200bd\\u2028e\\ufefff");
  CHECK(printable("\U000e0041") == "\\udb40\\udc41"); // as JSON writes it
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdef", 5) == "ab...");
  CHECK(shortened("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 4) == "\xc3\xa9...");
  CHECK(shortened("abcdef", 2) == "..");
  CHECK(write_size(0) == "0 bytes");
  CHECK(write_size(1023) == "1023 bytes");
  CHECK(write_size(1536) == "1.5 KiB");
  CHECK(write_size(5.0 * 1024 * 1024 * 1024) == "5.0 GiB");
}

TEST_CASE("progress") {
  call_counts counts;
  counts.received = 3;
  CHECK(progress_line(counts, piece::line, 1500ms) == "received 3; 1.500 s");
  counts.sent = 1;
  counts.sent_bytes = 2048;
  CHECK(progress_line(counts, piece::line, 2s) == "sent 1 line, 2.0 KiB (1.0 KiB/s); received 3; 2.000 s");
  CHECK(progress_line(counts, piece::chunk, 2s) == "sent 2.0 KiB (1.0 KiB/s); received 3; 2.000 s");
}
