/// The folder for the traces of a test's ends: each trace is compared with the rules, and kept for the test of the
/// schema (tests/messages/schema), which validates it by a program that is not ours.
#pragma once

#include "temporary_folder.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace tandem_test {

/// Checks the traces in the folder when it goes, so it has to go after the ends that write there: declare it before
/// them.
///
/// The traces in one folder are checked together, as those of the sides of the same operations; a folder inside it is
/// checked by itself.
class trace_folder {
public:
  trace_folder() = default;
  ~trace_folder();

  trace_folder(const trace_folder&) = delete;
  trace_folder& operator=(const trace_folder&) = delete;

  /// For a test that breaks rules on purpose: findings of these rules have to be there, each at least once, and no
  /// others.
  void expect(std::set<std::string> rules) {
    expected_ = std::move(rules);
  }

  /// For a test whose tickets are made up, and come from no end: its records are kept, but not compared with the rules.
  void expect_nothing() {
    made_up_ = true;
  }

  /// The path of a trace in it.
  std::string file(const std::string& name) const {
    return (path / (name + ".jsonl")).string();
  }

  /// From now on the end, front or back, records into this file.
  template <class End>
  void record(const End& end, const std::string& name) const {
    end.recorder().start({.file = file(name), .consumption = true});
  }

  /// A trace that is not in a file yet, such as a flight record. It is checked by itself.
  void add(const std::string& name, const std::string& text) const;

private:
  temporary_folder folder_;
  std::set<std::string> expected_;
  bool made_up_ = false;

public:
  const std::filesystem::path path = folder_.path;
};

/// The folder for traces that are to be validated, of this program: TANDEM_BINARY_DIR/traces/PROGRAM.
std::filesystem::path kept_traces();

/// Puts these traces there, for the running test case.
void keep(const std::vector<std::filesystem::path>& files);

/// The traces right in a folder: *.jsonl, and the older parts of rotated ones (*.jsonl.1).
std::vector<std::filesystem::path> traces_in(const std::filesystem::path& folder);

} // namespace tandem_test
