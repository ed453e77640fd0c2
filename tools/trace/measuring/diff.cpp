#include "diff.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../../cli/text_table.hpp"
#include "../reading/prepared_trace.hpp"

#include "../../../messages/json/text.hpp"

#include <algorithm>
#include <ostream>
#include <set>

namespace tandem::cli {

namespace {

/// More than these are counted together, so that no trace takes memory without end.
constexpr size_t most_names = 2000;
constexpr size_t most_signatures = 1000;
/// A difference between times that are shorter than this says nothing.
constexpr uint64_t shortest_time_ns = 10'000;

template <class Map>
std::string limited(const Map& map, std::string key, size_t most) {
  return map.contains(key) || map.size() < most ? key : "(others)";
}

std::string count_in(const std::map<std::string, uint64_t>& counts, const std::string& key) {
  const auto found = counts.find(key);
  return std::to_string(found == counts.end() ? 0 : found->second);
}

/// Appends what the two have not in common.
class profile_comparison {
public:
  profile_comparison(trace_profile::key operation, std::vector<trace_difference>& out)
    : operation_(std::move(operation)), out_(out) {
  }

  void texts(const std::string& what, const std::string& good, const std::string& bad) {
    if (good != bad)
      out_.push_back({operation_, what, good, bad});
  }

  void numbers(const std::string& what, uint64_t good, uint64_t bad) {
    texts(what, std::to_string(good), std::to_string(bad));
  }

  void counts(const std::string& what, const std::map<std::string, uint64_t>& good,
              const std::map<std::string, uint64_t>& bad) {
    for (const auto& key : keys_of(good, bad))
      texts(what + key, count_in(good, key), count_in(bad, key));
  }

  /// How many there are of each is told by the counts of kinds; here, which are new and which are gone.
  void presence(const std::string& what, const std::map<std::string, uint64_t>& good,
                const std::map<std::string, uint64_t>& bad) {
    for (const auto& key : keys_of(good, bad))
      if (good.contains(key) != bad.contains(key))
        texts(what + key, count_in(good, key), count_in(bad, key));
  }

  void times(const std::string& what, uint64_t good, uint64_t bad, double tolerance) {
    const auto shorter = std::max(std::min(good, bad), shortest_time_ns);
    if (tolerance > 0 && static_cast<double>(std::max(good, bad)) > static_cast<double>(shorter) * tolerance)
      texts(what, milliseconds(static_cast<int64_t>(good)) + " ms", milliseconds(static_cast<int64_t>(bad)) + " ms");
  }

private:
  static std::set<std::string> keys_of(const std::map<std::string, uint64_t>& x,
                                       const std::map<std::string, uint64_t>& y) {
    std::set<std::string> result;
    for (const auto* map : {&x, &y})
      for (const auto& [key, count] : *map)
        result.insert(key);
    return result;
  }

  trace_profile::key operation_;
  std::vector<trace_difference>& out_;
};

/// False if the file cannot be read.
bool read_profile(const std::string& file, trace_profile& out, std::ostream& notes) {
  prepared_trace trace{{file}, notes, {.in_order = false, .finds_lacks = true}};
  while (const auto* x = trace.next())
    out.take(*x);
  out.finish();
  const int status = trace.finish();
  trace.lacks().write_notes(notes);
  return status == exit_good;
}

void write_text(const std::vector<trace_difference>& differences, std::ostream& out, size_t columns) {
  text_table table;
  table.column("side").column("name").column("what").column("good", align::right);
  table.column("bad", align::right);
  for (const auto& x : differences)
    table.row({std::string{to_string(x.operation.second)},
               x.operation.first.empty() ? "?" : printable(x.operation.first), printable(x.what), x.good, x.bad});
  table.write(out, columns, 2);
}

void write_json(const std::vector<trace_difference>& differences, std::ostream& out) {
  for (const auto& x : differences) {
    const nlohmann::ordered_json line{{"side", to_string(x.operation.second)},
                                      {"name", x.operation.first},
                                      {"what", x.what},
                                      {"good", x.good},
                                      {"bad", x.bad}};
    out << to_line(line) << '\n';
  }
}

} // namespace

trace_profile::trace_profile() : table_([this](profiled& x) { done(x); }) {
}

void trace_profile::take(const placed_entry& x) {
  auto* operation = table_.take(x);
  const auto& entry = *x.entry;
  if (operation == nullptr || !entry.is_ticket() || operation->link != entry.link)
    return;
  const bool to_back = entry.goes_to_back();
  const auto kind = to_string(entry.kind);
  ++operation->kinds[(to_back ? "-> " : "<- ") + kind];
  auto& order = to_back ? operation->to_back : operation->to_front;
  auto& last = to_back ? operation->last_to_back : operation->last_to_front;
  if (last == entry.kind && entry.kind == ticket_kind::continuation) {
    if (!order.ends_with('+'))
      order += '+';
  } else if (order.size() < 1000) { // no well-behaved operation gets there
    order += (order.empty() ? "" : ", ") + kind;
  }
  last = entry.kind;
}

void trace_profile::finish() {
  table_.finish();
}

void trace_profile::done(profiled& x) {
  const key wanted{x.name, x.side};
  auto& to = names_[names_.contains(wanted) || names_.size() < most_names ? wanted : key{"(others)", x.side}];
  const auto how = x.ended ? to_string(*x.ended) : std::string{"no end"};
  ++to.operations;
  ++to.outcomes[how];
  for (const auto& [kind, count] : x.kinds)
    to.kinds[kind] += count;
  const auto signature = "-> " + (x.to_back.empty() ? "nothing" : x.to_back) + "; <- "
                         + (x.to_front.empty() ? "nothing" : x.to_front) + "; " + how;
  ++to.signatures[limited(to.signatures, signature, most_signatures)];
  to.payloads_to_back += x.stream(true).payloads;
  to.payloads_to_front += x.stream(false).payloads;
  if (const auto total = x.total())
    to.total.add(total->count());
}

std::vector<trace_difference> compare(const trace_profile& good, const trace_profile& bad, double tolerance) {
  std::vector<trace_difference> result;
  std::set<trace_profile::key> keys;
  for (const auto* x : {&good, &bad})
    for (const auto& [key, profile] : x->names())
      keys.insert(key);
  const operation_profile none;
  for (const auto& key : keys) {
    const auto& x = good.names().contains(key) ? good.names().at(key) : none;
    const auto& y = bad.names().contains(key) ? bad.names().at(key) : none;
    profile_comparison of{key, result};
    of.numbers("operations", x.operations, y.operations);
    if (x.operations == 0 || y.operations == 0)
      continue; // that says it all
    of.counts("outcome ", x.outcomes, y.outcomes);
    of.counts("tickets ", x.kinds, y.kinds);
    of.numbers("payloads ->", x.payloads_to_back, y.payloads_to_back);
    of.numbers("payloads <-", x.payloads_to_front, y.payloads_to_front);
    of.presence("order ", x.signatures, y.signatures);
    if (x.total.count() == 0 || y.total.count() == 0)
      continue;
    of.times("p50", x.total.percentile(0.5), y.total.percentile(0.5), tolerance);
    of.times("p99", x.total.percentile(0.99), y.total.percentile(0.99), tolerance);
  }
  return result;
}

int trace_diff(const trace_diff_options& options, std::ostream& out, std::ostream& notes) {
  if (options.good == "-" && options.bad == "-")
    throw usage_error{"only one of the two can be standard input"};
  trace_profile good;
  trace_profile bad;
  const bool read_good = read_profile(options.good, good, notes);
  const bool read_bad = read_profile(options.bad, bad, notes);
  if (!read_good || !read_bad)
    return exit_error; // what could be said would be wrong
  const auto differences = compare(good, bad, options.tolerance);
  options.json ? write_json(differences, out) : write_text(differences, out, options.columns);
  out.flush();
  return differences.empty() ? exit_good : exit_error;
}

} // namespace tandem::cli
