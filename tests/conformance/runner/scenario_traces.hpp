/// The traces of both ends of a scenario: recorded, checked together, and kept for the test that validates them.
#pragma once

#include "../../../actors/back_end.hpp"
#include "../../../actors/front_end.hpp"
#include "../../support/temporary_folder.hpp"
#include "expected_findings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace tandem::conformance {

class scenario_traces {
public:
  /// `keep`: a folder that gets one file of each way, side and kind of recording, with the traces of all scenarios one
  /// after the other. Empty: nothing is kept.
  scenario_traces(std::filesystem::path keep, std::string way);

  /// A scenario begins: these are its ends, either of which may be null.
  void start(front_end* front, back_end* back);

  /// It is about to be over: keeps what the flight recorders have.
  void take_flight_records(const front_end* front, const back_end* back);

  /// The ends are gone. What is wrong with their traces, a line each.
  std::vector<std::string> check(const scenario& x) const;

  /// The trace of "front" or "back"; it is not there if there is no such end.
  std::string file_of(const std::string& side) const;

private:
  std::filesystem::path keep_;
  std::string way_;
  tandem_test::temporary_folder folder_;
};

} // namespace tandem::conformance
