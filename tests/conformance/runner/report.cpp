#include "report.hpp"
#include "comparison.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace tandem::conformance {

namespace {

/// A ticket on one line: A 0 commencement "p0" name=method subscription=full timeout=10.
std::string line_of(const json& ticket) {
  if (!ticket.is_object() || !ticket.contains("sequence_number"))
    return ticket.dump();
  std::ostringstream out;
  out << ticket.value("op", "?") << ' ' << ticket["sequence_number"] << ' ' << ticket.value("kind", "?");
  if (auto payload = ticket.find("payload"); payload != ticket.end())
    out << ' ' << *payload;
  for (const auto& [key, value] : ticket.items()) {
    // NOLINTNEXTLINE(readability-container-size-empty): a string of JSON is never "empty"
    const bool said = key == "op" || key == "sequence_number" || key == "kind" || key == "payload" || value == "";
    if (!said)
      out << ' ' << key << '=' << (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out.str();
}

/// The tickets of a list, or alternatives and the like as they stand.
std::vector<json> rows_of(const json& tickets) {
  return tickets.is_array() ? std::vector<json>(tickets.begin(), tickets.end()) : std::vector<json>{tickets};
}

void table(std::ostream& out, const json* expected, const json& observed) {
  const auto left = expected != nullptr ? rows_of(*expected) : std::vector<json>{};
  const auto right = rows_of(observed);
  std::string head = "expected";
  if (expected == nullptr)
    head += ": not said here";
  else if (left.empty())
    head += ": none";
  size_t width = head.size();
  for (const auto& x : left)
    width = std::max(width, line_of(x).size());
  auto row = [&](char mark, std::string text, const std::string& other) {
    text.resize(width, ' ');
    out << "    " << mark << ' ' << text << " | " << other << '\n';
  };
  row(' ', head, right.empty() ? "actual: none" : "actual");
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const bool both = i < left.size() && i < right.size();
    const bool same = expected == nullptr || (both && satisfies(left[i], right[i]));
    row(same ? ' ' : '!', i < left.size() ? line_of(left[i]) : "", i < right.size() ? line_of(right[i]) : "");
  }
}

/// Expected and actual tickets, per direction or per peer.
void tables(std::ostream& out, const std::string& key, const failure& why) {
  if (!why.observed.is_object() || !why.observed.contains(key))
    return;
  const auto& observed = why.observed[key];
  for (auto i = observed.rbegin(); i != observed.rend(); ++i) { // "front to back" first
    out << "  " << key << ", " << i.key() << ":\n";
    const bool said = why.expected.contains(key) && why.expected[key].contains(i.key());
    table(out, said ? &why.expected[key][i.key()] : nullptr, *i);
  }
}

} // namespace

std::string describe(const std::string& scenario, const std::string& way, const failure& why) {
  std::ostringstream out;
  out << "FAILED " << scenario << " (" << way << ")\n";
  for (const auto& line : why.differences)
    out << "  " << why.where << (why.where.empty() ? "" : ": ") << line << '\n';
  tables(out, "tickets", why);
  tables(out, "delivered", why);
  return out.str();
}

std::string describe(const std::string& way, const totals& x) {
  size_t not_run = 0;
  std::string reasons;
  for (const auto& [reason, n] : x.not_run) {
    not_run += n;
    reasons += (reasons.empty() ? " (" : ", ") + std::to_string(n) + " " + reason;
  }
  return way + ": " + std::to_string(x.passed) + " passed, " + std::to_string(x.failed) + " failed, "
         + std::to_string(not_run) + " not run" + (reasons.empty() ? "" : reasons + ")");
}

} // namespace tandem::conformance
