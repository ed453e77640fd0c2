#include "table.hpp"

#include "../tandem/duration_text.hpp"
#include "../tandem/text.hpp"

#include <tandem/messages/json_text.hpp>

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <set>

namespace tandem::cli {

namespace {

/// Digits of an operation's random half that people can still compare at a glance.
constexpr size_t fewest_digits = 4;
/// Less is no preview.
constexpr size_t narrowest_rest = 20;

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

/// "full", or the number if a peer sent something else.
std::string write_subscription(subscription_kind kind) {
  return valid(kind) ? to_string(kind) : "subscription " + std::to_string(static_cast<int>(kind));
}

std::string preview(const std::string& json, size_t columns) {
  const auto content = nlohmann::json::parse(json, nullptr, false);
  if (content.is_string())
    return shortened("\"" + printable(content.get<std::string>()) + "\"", columns);
  return shortened(printable(content.is_discarded() ? json : to_line(content)), columns);
}

std::string describe(const trace_entry& x, size_t columns) {
  std::string result;
  if (x.name)
    append(result, printable(*x.name));
  if (x.subscription)
    append(result, write_subscription(*x.subscription));
  if (x.timeout)
    append(result, "timeout " + write_duration(*x.timeout));
  if (x.payload)
    append(result, preview(x.payload->json, columns));
  if (!x.details.empty())
    append(result, printable(x.details));
  return result;
}

std::string hexadecimal(uint64_t x) {
  char buffer[17];
  std::snprintf(buffer, sizeof buffer, "%llx", static_cast<unsigned long long>(x));
  return buffer;
}

/// How many leading digits tell all fronts apart.
size_t digits_needed(const std::vector<trace_row>& rows) {
  std::set<std::string> fronts;
  for (const auto& row : rows)
    fronts.insert(to_string(row.operation).substr(0, 16));
  size_t result = fewest_digits;
  for (auto x = fronts.begin(); x != fronts.end() && std::next(x) != fronts.end(); ++x)
    while (x->compare(0, result, *std::next(x), 0, result) == 0)
      ++result;
  return result;
}

std::string short_id(const operation_id& id, size_t digits) {
  return to_string(id).substr(0, digits) + "." + hexadecimal(id.low);
}

std::string milliseconds(int64_t nanoseconds) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3f", static_cast<double>(nanoseconds) / 1e6);
  return buffer;
}

/// A column of a table: as wide as its widest cell.
struct column {
  std::string title;
  bool right = false;
  size_t width = 0;

  void fit(const std::string& cell) {
    width = std::max({width, title.size(), cell.size()});
  }
  void write(std::string& line, const std::string& cell) const {
    const std::string space(width - cell.size(), ' ');
    line += (right ? space + cell : cell + space) + "  ";
  }
};

} // namespace

trace_row::trace_row(const trace_entry& entry, size_t columns)
  : wall_ns(entry.wall_ns), operation(entry.operation), side(to_string(entry.side)),
    arrow(entry.goes_to_back() ? "->" : "<-"),
    number(entry.sequence_number.valid() ? std::to_string(entry.sequence_number.value) : "invalid"),
    kind(to_string(entry.kind)), rest(describe(entry, columns)) {
}

void write_table(const std::vector<trace_row>& rows, size_t columns, std::ostream& out) {
  if (rows.empty())
    return;
  const size_t digits = digits_needed(rows);
  auto cells = [&](const trace_row& x) {
    return std::vector<std::string>{
      milliseconds(x.wall_ns - rows.front().wall_ns), x.side, x.arrow, short_id(x.operation, digits), x.number, x.kind};
  };
  std::vector<column> table{{"ms", true}, {"side"}, {""}, {"operation"}, {"seq", true}, {"kind"}};
  for (const auto& row : rows) {
    const auto texts = cells(row);
    for (size_t i = 0; i < table.size(); ++i)
      table[i].fit(texts[i]);
  }
  auto write = [&](const std::vector<std::string>& texts, const std::string& rest) {
    std::string line;
    for (size_t i = 0; i < table.size(); ++i)
      table[i].write(line, texts[i]);
    line += shortened(rest, columns > line.size() + narrowest_rest ? columns - line.size() : narrowest_rest);
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  };
  write({"ms", "side", "", "operation", "seq", "kind"}, "");
  for (const auto& row : rows)
    write(cells(row), row.rest);
}

} // namespace tandem::cli
