/// The findings that `tandem trace check` must have in the traces of a scenario, and those that it must not have. They
/// follow from the scenario's steps with tickets and from the outcomes that it expects, and from nothing that the ends
/// did.
#pragma once

#include "scenario.hpp"

#include <set>
#include <string>
#include <vector>

namespace tandem::conformance {

/// A finding, as it comes from the checker itself or from what the program prints.
struct scenario_finding {
  std::string id;    ///< of its rule
  bool bad = false;  ///< a warning or an error
  std::string text;  ///< what it says
  std::string place; ///< for people: where it says it, too
};

/// - A scenario that only lets its ends and customer code act, with a link that keeps the order, is well-behaved, even
///   where customer code fails, the link refuses tickets, or an end is joined late: nothing is to be found in it.
/// - One that injects tickets may make the receiver's trace say so: of tickets that it received ("received ...") and,
///   where both sides record, that the other side did not send. No action of an end may be blamed.
/// - One that repeats, reorders or loses tickets may make the traces say that.
/// - Where an operation is expected to end with reception failure, there is a ticket that broke the rules: unless
///   customer code said that it has no such method, that has to be found.
class expected_findings {
public:
  explicit expected_findings(const scenario& x);

  /// Whether what the scenario does accounts for it.
  bool explains(const scenario_finding& x) const;

  /// Those that nothing explains, a line each.
  std::vector<std::string> unexplained(const std::vector<scenario_finding>& all) const;

  /// Findings that should be there and are not, a line each.
  std::vector<std::string> lacking(const std::vector<scenario_finding>& all) const;

private:
  bool injects_ = false;
  bool repeats_ = false;
  bool reorders_ = false;
  bool releases_ = false; ///< and it may leave some out
  bool breaks_ = false;   ///< an operation is expected to end because of a ticket that broke the rules
  bool malformed_ = false;
};

} // namespace tandem::conformance
