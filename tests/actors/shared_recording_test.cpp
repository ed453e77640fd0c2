/// One trace file of several ends, which know it by different names.
#include "../support/recorded_ends.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
namespace fs = std::filesystem;

namespace {

/// The working directory, until it goes.
struct working_directory {
  explicit working_directory(const fs::path& path) {
    fs::current_path(path);
  }
  ~working_directory() {
    fs::current_path(before);
  }
  fs::path before = fs::current_path();
};

/// Both ends record thirty operations, the front by the first name and the back by the second; the file is `file`.
void check_shared(const recorded_ends& x, const std::string& front, const std::string& back, const std::string& file) {
  CAPTURE(front);
  CAPTURE(back);
  x.front.recorder().start({.file = front});
  x.back.recorder().start({.file = back});
  for (int i = 0; i < 30; ++i)
    x.begin("echo");
  x.front.recorder().stop();
  x.back.recorder().stop();
  const auto entries = entries_of(fs::path{file});
  REQUIRE(entries.size() == 300); // five of each operation at each end
  // One writer numbered them all.
  for (size_t i = 0; i < entries.size(); ++i)
    CHECK(entries[i].record == i);
}

} // namespace

TEST_CASE("recorder: ends that share a file write it together, whatever they call it") {
  using names = std::pair<std::string, std::string>;
  for (const auto& [front, back] : {names{"calls.jsonl", "calls.jsonl"},
                                    {"calls.jsonl", "./calls.jsonl"},
                                    {"sub/../calls.jsonl", "calls.jsonl"},
                                    {"calls.jsonl", "sub//..//calls.jsonl"},
                                    {"calls.jsonl", "ABSOLUTE"},
                                    {"ABSOLUTE", "calls.jsonl"},
                                    {"link.jsonl", "calls.jsonl"},
                                    {"calls.jsonl", "link.jsonl"},
                                    {"here/calls.jsonl", "calls.jsonl"}}) {
    const recorded_ends x;
    const working_directory here{x.folder.path};
    fs::create_directory("sub");
    fs::create_symlink("calls.jsonl", "link.jsonl"); // of a file that does not exist yet
    fs::create_directory_symlink(".", "here");
    const auto absolute = (x.folder.path / "calls.jsonl").string();
    check_shared(x, front == "ABSOLUTE" ? absolute : front, back == "ABSOLUTE" ? absolute : back, absolute);
    fs::remove("here"); // the folder is searched for traces
    fs::remove("link.jsonl");
  }
}

TEST_CASE("recorder: two names that are hard links are one file") {
  const recorded_ends x;
  std::ofstream{x.front_file};
  const auto other = (x.folder.path / "other.jsonl").string();
  fs::create_hard_link(x.front_file, other);
  check_shared(x, x.front_file, other, x.front_file);
  fs::remove(other);
}

TEST_CASE("recorder: a file that was moved away is another one than that which has its name now") {
  const recorded_ends x;
  const auto moved = (x.folder.path / "moved.jsonl").string();
  x.front.recorder().start({.file = x.front_file});
  fs::rename(x.front_file, moved);
  x.back.recorder().start({.file = x.front_file});
  x.begin("echo");
  x.front.recorder().stop();
  x.back.recorder().stop();
  CHECK(entries_of(fs::path{moved}).size() == 5);
  CHECK(entries_of(fs::path{x.front_file}).size() == 5);
}

TEST_CASE("recorder: what is no trace is not appended to, and what was on goes on") {
  const recorded_ends x;
  const auto notes = x.folder.file("notes");
  std::ofstream{notes} << "do not forget the milk\n";
  x.front.recorder().start({.file = x.front_file});
  const auto refused = "the file " + notes + " does not begin as a trace, so nothing is appended to it";
  CHECK_THROWS_WITH_AS(x.front.recorder().start({.file = notes}), refused.c_str(), std::invalid_argument);
  CHECK(x.front.recorder().status().on);
  CHECK(fs::file_size(notes) == 23);
  fs::remove(notes);
}
