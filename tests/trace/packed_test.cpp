/// Traces that gzip or zstd has compressed.
#include "../support/written_trace.hpp"

#include "../../tools/cli/unpacking_buffer.hpp"
#include "../../tools/trace/listing/show.hpp"
#include "../../tools/trace/reading/growing_trace.hpp"

#include <random>

#include <zlib.h>
#include <zstd.h>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

std::string gzipped(const std::string& text) {
  z_stream state{};
  REQUIRE(deflateInit2(&state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string result(deflateBound(&state, text.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(result.data());
  state.avail_out = static_cast<uInt>(result.size());
  REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
  result.resize(result.size() - state.avail_out);
  deflateEnd(&state);
  return result;
}

std::string zstd_packed(const std::string& text) {
  std::string result(ZSTD_compressBound(text.size()), '\0');
  result.resize(ZSTD_compress(result.data(), result.size(), text.data(), text.size(), 3));
  return result;
}

struct packer {
  const char* name;
  std::string (*pack)(const std::string&);
};
constexpr packer packers[] = {{"gzip", gzipped}, {"zstd", zstd_packed}};

/// Gives a few bytes at a time, and nothing now and then, as a pipe may.
class dribbling_buffer final : public std::streambuf {
public:
  explicit dribbling_buffer(std::string text) : text_(std::move(text)) {
  }

protected:
  std::streamsize xsgetn(char* to, std::streamsize size) override {
    if (++asked_ % 3 == 0)
      return 0;
    const auto count = std::min({static_cast<size_t>(size), asked_ % 7 + 1, text_.size() - at_});
    text_.copy(to, count, at_);
    at_ += count;
    return static_cast<std::streamsize>(count);
  }

private:
  std::string text_;
  size_t at_ = 0;
  size_t asked_ = 0;
};

struct unpacked {
  std::string text;
  std::string problem;
};

unpacked unpack(std::streambuf& from, size_t piece, size_t empty_answers = 1) {
  unpacking_buffer buffer{from};
  unpacked result;
  std::string block(piece, '\0');
  for (size_t nothing = 0; nothing < empty_answers;) {
    const auto count = buffer.sgetn(block.data(), static_cast<std::streamsize>(piece));
    nothing = count == 0 ? nothing + 1 : 0;
    result.text.append(block, 0, static_cast<size_t>(count));
  }
  result.problem = buffer.problem();
  return result;
}

unpacked unpack(const std::string& text, size_t piece = 1000) {
  std::stringbuf from{text};
  return unpack(from, piece);
}

/// Hard to compress, so that the packed text is long too.
std::string long_text() {
  std::mt19937 random{1};
  std::string result;
  while (result.size() < 300'000)
    result += std::to_string(random()) + (random() % 5 == 0 ? "\n" : " some words in between ");
  return result;
}

const std::string front_trace = golden_folder + "front.jsonl";
const std::string back_trace = golden_folder + "back.jsonl";

} // namespace

TEST_CASE("unpacking: texts of any length, read in pieces of any size, and texts that are not packed") {
  const auto text = long_text();
  for (const auto& content : {std::string{}, std::string{"x"}, std::string{"("}, text}) {
    for (const size_t piece : {1, 7, 4096, 1'000'000}) {
      CAPTURE(piece);
      for (const auto& [name, pack] : packers) {
        const auto x = unpack(pack(content), piece);
        CHECK(x.text == content);
        CHECK(x.problem.empty());
      }
    }
    if (content != "(") // the first byte of zstd's mark, and nothing after it
      CHECK(unpack(content).text == content);
  }
  CHECK(unpack("(").problem == "it ends in its first bytes, which are those of a compressed file");
  CHECK(unpack("(a").text == "(a");
}

TEST_CASE("unpacking: packed files that were put together are one, and zeros may fill up gzip's last block") {
  for (const auto& [name, pack] : packers) {
    const auto x = unpack(pack("one\n") + pack("") + pack("two\n"));
    CHECK(x.text == "one\ntwo\n");
    CHECK(x.problem.empty());
  }
  const auto filled = unpack(gzipped("one") + std::string(1000, '\0'));
  CHECK(filled.text == "one");
  CHECK(filled.problem.empty());
  CHECK(unpack(gzipped("one") + "more").problem == "its gzip data is damaged: something else follows it");
  CHECK(unpack(zstd_packed("one") + "more of it").problem == "its zstd data is damaged: Unknown frame descriptor");
}

TEST_CASE("unpacking: of what is cut off anywhere, that which is there is given, and the rest is missed") {
  const auto text = long_text().substr(0, 20'000);
  for (const auto& [name, pack] : packers) {
    CAPTURE(name);
    const auto packed = pack(text);
    for (size_t size = 4; size < packed.size(); size += size < 50 || size > packed.size() - 50 ? 1 : 997) {
      const auto x = unpack(packed.substr(0, size));
      CHECK(text.starts_with(x.text));
      CHECK(x.problem == "its " + std::string{name} + " data is cut off");
    }
  }
  CHECK(unpack(gzipped(text).substr(0, 5000)).text.size() > 5000);
}

TEST_CASE("unpacking: data that is damaged is said to be, and what came before it is given") {
  auto packed = gzipped(long_text());
  const auto whole = packed.size();
  packed[whole - 6] = static_cast<char>(packed[whole - 6] ^ 1); // of the checksum
  const auto x = unpack(packed);
  CHECK(x.text == long_text());
  CHECK(x.problem == "its gzip data is damaged: incorrect data check");
}

TEST_CASE("unpacking: what comes in pieces, with nothing now and then") {
  const auto text = long_text().substr(0, 5'000);
  for (const auto& [name, pack] : packers) {
    dribbling_buffer from{pack(text)};
    const auto x = unpack(from, 100, 1000);
    CHECK(x.text == text);
    CHECK(x.problem.empty());
  }
}

TEST_CASE("a packed trace is read by every command as it was before, from a file, a pipe and standard input") {
  const temporary_folder folder;
  const std::vector<std::string> commands{"show",
                                          "show --json",
                                          "follow 3f2a.0",
                                          "stats",
                                          "filter kind=entire",
                                          "filter 'outcome=completed'",
                                          "at 1s",
                                          "merge",
                                          "tail --no-follow -n 3",
                                          "tail -n 3",
                                          "check",
                                          "explain 3f2a.0",
                                          "draw 3f2a.0",
                                          "export --csv -o -",
                                          "export --otlp -o -",
                                          "export --chrome -o -"};
  // Each program that is begun takes the sanitizers a quarter of a second, so inputs take turns.
  size_t turn = 0;
  for (const auto& command : commands) {
    CAPTURE(command);
    const bool waits = command == "tail -n 3"; // of a pipe it prints all
    const auto plain
      = run_script("\"$T\" trace " + command + (waits ? " --no-follow " : " ") + "- < '" + front_trace + "'");
    REQUIRE(plain.status == 0);
    const bool names_file = command.starts_with("stats") || command.starts_with("check") || contains(command, "csv");
    for (const auto& [name, pack] : packers) {
      CAPTURE(name);
      const auto packed = folder.file("front.jsonl", pack(content_of(front_trace)));
      const std::string inputs[] = {"- < '" + packed + "'", "'" + packed + "'", "<(cat '" + packed + "')"};
      const auto& input = inputs[turn++ % 3];
      CAPTURE(input);
      const auto x = run_script("timeout 60 \"$T\" trace " + command + " " + input);
      CHECK(x.status == 0);
      if (input.starts_with("-") || !(names_file || (waits && input.starts_with("<"))))
        CHECK(x.output == plain.output);
    }
  }
  const auto one = folder.file("one", gzipped(content_of(front_trace)));
  const auto two = folder.file("two", zstd_packed(content_of(back_trace)));
  CHECK(run_command(trace_show, {.files = {one, two}}).out
        == run_command(trace_show, {.files = {front_trace, back_trace}}).out);
}

TEST_CASE("a packed trace that is cut off: what is there is used, and the status is 1") {
  const temporary_folder folder;
  for (const auto& [name, pack] : packers) {
    // Two packed files put together, of which the second one is cut off: so what is there is known.
    const auto text = content_of(front_trace);
    const auto middle = text.find('\n', text.size() / 2) + 1;
    const auto second = pack(text.substr(middle));
    const auto file = folder.file("cut", pack(text.substr(0, middle)) + second.substr(0, second.size() - 3));
    const auto x = run_command(trace_show, {.files = {file}, .json = true});
    CHECK(x.status == 1);
    CHECK(contains(x.notes, "tandem: " + file + ": its " + name + " data is cut off; what comes before is used\n"));
    const auto part = run_command(trace_show, {.files = {folder.file("part", text.substr(0, middle))}, .json = true});
    CHECK(x.out.starts_with(part.out));
    for (const std::string command : {"tail", "tail --no-follow", "tail -n 0", "tail -n 1", "stats", "check"}) {
      const auto said = run_script("timeout 60 \"$T\" trace " + command + " '" + file + "' 2>&1 > /dev/null");
      CHECK(said.status == 1);
      CHECK(contains(said.output, "data is cut off; what comes before is used"));
      if (command == "tail --no-follow")
        continue;
      const auto piped = run_script("timeout 60 \"$T\" trace " + command + " <(cat '" + file + "') 2>&1 > /dev/null");
      CHECK(piped.status == 1);
      CHECK(contains(piped.output, "data is cut off; what comes before is used"));
    }
  }
}
