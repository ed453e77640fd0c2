/// Streams are read piece by piece.
#include "../support/tandem_process.hpp"

#include "../../tools/cli/exit_status.hpp"
#include "../../tools/tandem/input_reader.hpp"

#include <thread>

#include <sys/stat.h>

using namespace tandem::cli;
using namespace tandem_test;

namespace {

std::vector<std::string> pieces_of(const std::string& path, piece kind) {
  input_reader reader{path, kind};
  std::vector<std::string> result;
  while (auto next = reader.next())
    result.push_back(std::move(*next));
  return result;
}

} // namespace

TEST_CASE("lines come without their newlines; the last one needs none") {
  const temporary_folder folder;
  using lines = std::vector<std::string>;
  CHECK(pieces_of(folder.file("1", ""), piece::line) == lines{});
  CHECK(pieces_of(folder.file("2", "\n"), piece::line) == lines{""});
  CHECK(pieces_of(folder.file("3", "a\n\nb"), piece::line) == lines{"a", "", "b"});
  CHECK(pieces_of(folder.file("4", "a\r\nb\n"), piece::line) == lines{"a\r", "b"});
}

TEST_CASE("lines of every length around a chunk's") {
  const temporary_folder folder;
  for (size_t size : {input_reader::chunk_size - 1, input_reader::chunk_size, input_reader::chunk_size + 1,
                      3 * input_reader::chunk_size, input_reader::longest_line}) {
    const std::string line(size, 'x');
    CHECK(pieces_of(folder.file("long", line + "\nnext\n"), piece::line) == std::vector<std::string>{line, "next"});
  }
}

TEST_CASE("a line that is too long comes in pieces, and nothing is lost") {
  const temporary_folder folder;
  const std::string line(3 * input_reader::longest_line + 5, 'x');
  std::string together;
  for (const auto& x : pieces_of(folder.file("long", line), piece::line)) {
    CHECK(x.size() <= input_reader::longest_line);
    together += x;
  }
  CHECK(together == line);
}

TEST_CASE("chunks") {
  const temporary_folder folder;
  const std::string content(input_reader::chunk_size + 3, '\0');
  const auto chunks = pieces_of(folder.file("bytes", content), piece::chunk);
  REQUIRE(chunks.size() == 2);
  CHECK(chunks[0].size() == input_reader::chunk_size);
  CHECK(chunks[1].size() == 3);
}

TEST_CASE("a file that cannot be read is named") {
  CHECK_THROWS_WITH_AS(pieces_of("/nonexistent/file", piece::line),
                       "cannot read /nonexistent/file: No such file or directory", user_error);
  CHECK_THROWS_WITH_AS(pieces_of("/", piece::line), "cannot read /: Is a directory", user_error);
}

TEST_CASE("a reader that waits for input can be stopped") {
  const temporary_folder folder;
  const auto path = folder.file("pipe");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  std::ofstream writer;
  std::thread opener{[&] { writer.open(path); }};
  input_reader reader{path, piece::line};
  opener.join();
  std::thread stopper{[&] { reader.stop(); }};
  CHECK(reader.next() == std::nullopt); // nothing was ever written
  stopper.join();
}
