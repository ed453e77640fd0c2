/// How the statistics are printed: tables for people, one document for machines.
#include "stats.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../../cli/text_table.hpp"

#include "../../../messages/json/text.hpp"

#include <map>
#include <ostream>
#include <set>

namespace tandem::cli {

namespace {

constexpr double percentiles[] = {0.5, 0.9, 0.99, 0.999};
constexpr const char* percentile_titles[] = {"p50", "p90", "p99", "p99.9"};
/// Without a point, at which many tools split.
constexpr const char* percentile_names[] = {"p50", "p90", "p99", "p999"};

/// Side and name, which every part of a table has.
constexpr size_t key_columns = 2;

double seconds_of(const trace_stats& stats) {
  return static_cast<double>(stats.last_wall_ns() - stats.first_wall_ns()) / 1e9;
}

/// Nothing can be said about a rate over no time.
std::string rate(uint64_t count, double seconds) {
  return seconds > 0 ? decimal(static_cast<double>(count) / seconds, 1) : "-";
}

std::string shown_name(const trace_stats::key& key) {
  return key.first.empty() ? "(beginning not recorded)" : printable(key.first);
}

void write_outcomes(const trace_stats& stats, std::ostream& out, size_t columns) {
  std::vector<outcome> used;
  bool refused = false;
  bool unended = false;
  bool late = false;
  for (const auto x : all_outcomes)
    for (const auto& [key, y] : stats.names())
      if (y->outcomes.contains(x)) {
        used.push_back(x);
        break;
      }
  for (const auto& [key, x] : stats.names()) {
    refused = refused || x->refused > 0;
    unended = unended || x->unended > 0;
    late = late || x->late > 0;
  }
  text_table table;
  table.column("side").column("name").column("operations", align::right).column("per s", align::right);
  for (const auto x : used)
    table.column(to_string(x), align::right);
  if (refused)
    table.column("refused", align::right);
  if (unended)
    table.column("no end", align::right);
  if (late)
    table.column("late tickets", align::right);
  table.column("tickets ->", align::right).column("bytes ->", align::right);
  table.column("tickets <-", align::right).column("bytes <-", align::right);
  for (const auto& [key, x] : stats.names()) {
    std::vector<std::string> cells{std::string{to_string(key.second)}, shown_name(key), std::to_string(x->operations),
                                   rate(x->operations, seconds_of(stats))};
    for (const auto y : used)
      cells.push_back(std::to_string(x->outcomes.contains(y) ? x->outcomes.at(y) : 0));
    if (refused)
      cells.push_back(std::to_string(x->refused));
    if (unended)
      cells.push_back(std::to_string(x->unended));
    if (late)
      cells.push_back(std::to_string(x->late));
    for (const auto* stream : {&x->to_back, &x->to_front}) {
      cells.push_back(std::to_string(stream->tickets));
      cells.push_back(std::to_string(stream->bytes));
    }
    table.row(std::move(cells));
  }
  table.write(out, columns, key_columns);
}

void write_times(const trace_stats& stats, std::ostream& out, size_t columns) {
  text_table table;
  table.column("side").column("name").column("time in ms").column("count", align::right);
  for (const auto* x : percentile_titles)
    table.column(x, align::right);
  table.column("max", align::right);
  for (const auto& [key, x] : stats.names()) {
    auto add = [&table, &key = key](const std::string& what, const histogram& times) {
      if (times.count() == 0)
        return;
      std::vector<std::string> cells{std::string{to_string(key.second)}, shown_name(key), what,
                                     std::to_string(times.count())};
      for (const auto p : percentiles)
        cells.push_back(milliseconds(static_cast<int64_t>(times.percentile(p))));
      cells.push_back(milliseconds(static_cast<int64_t>(times.maximum())));
      table.row(std::move(cells));
    };
    add("total", x->total);
    add("to first payload ->", x->to_back.to_first_payload);
    add("between payloads ->", x->to_back.between_payloads);
    add("to first payload <-", x->to_front.to_first_payload);
    add("between payloads <-", x->to_front.between_payloads);
  }
  if (table.empty())
    return;
  out << '\n';
  table.write(out, columns, key_columns);
}

/// A part of an operation's time: what it is called, and which side's statistics have it.
struct part {
  const char* title;
  trace_side side;
  histogram name_stats::*times;
};

constexpr part parts[] = {
  {"waiting at the sender", trace_side::front, &name_stats::at_sender},
  {"on the way", trace_side::front, &name_stats::on_the_way},
  {"waiting at the receiver", trace_side::back, &name_stats::at_receiver},
  {"work", trace_side::back, &name_stats::work},
  {"way back", trace_side::front, &name_stats::way_back},
};
constexpr part credit_parts[] = {
  {"front without credit", trace_side::front, &name_stats::without_credit},
  {"back without credit", trace_side::back, &name_stats::without_credit},
};

/// Null if that side has none of this name.
const histogram* times_of(const trace_stats& stats, const std::string& name, const part& x) {
  const auto found = stats.names().find({name, x.side});
  return found == stats.names().end() ? nullptr : &((*found->second).*x.times);
}

/// Those of the parts that are known of some name.
std::set<const part*> known_parts(const trace_stats& stats) {
  std::set<const part*> result;
  for (const auto& [key, of_name] : stats.names())
    for (const auto& x : parts)
      if (key.second == x.side && ((*of_name).*x.times).count() > 0)
        result.insert(&x);
  return result;
}

std::string why_unknown(const trace_stats& stats, const part& x) {
  if (x.side == trace_side::back)
    return "there are no `consumed` records of a back, or none that tells it";
  if (x.times == &name_stats::at_sender)
    return "no front has recorded a beginning and a payload after it";
  if (stats.pairs() == 0)
    return "no operation is in the traces of both sides";
  return stats.pairs() == stats.pairs_without_clocks() ? "how far apart the clocks of the nodes are is not known"
                                                       : "no such ticket is in the traces of both sides";
}

/// Where the time went, by name.
void write_parts(const trace_stats& stats, std::ostream& out, size_t columns) {
  text_table table;
  table.column("name").column("part of the time, in ms").column("count", align::right);
  for (const auto* x : percentile_titles)
    table.column(x, align::right);
  table.column("max", align::right);
  const auto known = known_parts(stats);
  std::set<std::string> names;
  for (const auto& [key, x] : stats.names())
    names.insert(key.first);
  for (const auto& name : names) {
    const auto add = [&](const part& x, bool with_unknown) {
      const auto* times = times_of(stats, name, x);
      if (times == nullptr || (times->count() == 0 && !with_unknown))
        return;
      std::vector<std::string> cells{shown_name({name, x.side}), x.title, std::to_string(times->count())};
      for (const auto p : percentiles)
        cells.push_back(times->count() == 0 ? "not known" : milliseconds(static_cast<int64_t>(times->percentile(p))));
      cells.push_back(times->count() == 0 ? "not known" : milliseconds(static_cast<int64_t>(times->maximum())));
      table.row(std::move(cells));
    };
    for (const auto& x : parts)
      add(x, known.contains(&x));
    for (const auto& x : credit_parts)
      add(x, false);
  }
  out << '\n';
  if (!table.empty())
    table.write(out, columns, 1);
  std::map<std::string, std::string> unknown; // the parts, by the reason
  for (const auto& x : parts)
    if (!known.contains(&x)) {
      auto& list = unknown[why_unknown(stats, x)];
      list += (list.empty() ? "" : ", ") + std::string{x.title};
    }
  for (const auto& [why, list] : unknown)
    out << "not known: " << list << " (" << why << ")\n";
  if (stats.uncertainty_ns() > 0)
    out << "times between the sides are off by " << milliseconds(stats.uncertainty_ns()) << " ms at most\n";
}

nlohmann::ordered_json to_json(const histogram& x) {
  nlohmann::ordered_json result{{"count", x.count()}};
  for (size_t i = 0; i < std::size(percentiles); ++i)
    result[percentile_names[i]] = x.percentile(percentiles[i]);
  result["max"] = x.maximum();
  return result;
}

/// Null if it is not known.
nlohmann::ordered_json known_to_json(const histogram& x) {
  return x.count() == 0 ? nlohmann::ordered_json() : to_json(x);
}

nlohmann::ordered_json to_json(const stream_stats& x) {
  return {{"tickets", x.tickets},
          {"payloads", x.payloads},
          {"bytes", x.bytes},
          {"to_first_payload_ns", to_json(x.to_first_payload)},
          {"between_payloads_ns", to_json(x.between_payloads)}};
}

nlohmann::ordered_json to_json(const trace_stats::key& key, const name_stats& x) {
  nlohmann::ordered_json outcomes = nlohmann::ordered_json::object();
  for (const auto y : all_outcomes)
    outcomes[to_string(y)] = x.outcomes.contains(y) ? x.outcomes.at(y) : 0;
  return {{"side", to_string(key.second)},
          {"name", key.first},
          {"operations", x.operations},
          {"outcomes", outcomes},
          {"refused", x.refused},
          {"no_end", x.unended},
          {"late", x.late},
          {"total_ns", to_json(x.total)},
          {"waiting_at_sender_ns", known_to_json(x.at_sender)},
          {"on_the_way_ns", known_to_json(x.on_the_way)},
          {"waiting_at_receiver_ns", known_to_json(x.at_receiver)},
          {"work_ns", known_to_json(x.work)},
          {"way_back_ns", known_to_json(x.way_back)},
          {"without_credit_ns", known_to_json(x.without_credit)},
          {"front_to_back", to_json(x.to_back)},
          {"back_to_front", to_json(x.to_front)}};
}

} // namespace

void write_stats(const trace_stats& stats, const std::string& source, std::ostream& out, size_t columns) {
  const double seconds = seconds_of(stats);
  out << source << ": " << stats.records() << " records";
  if (stats.records() > 0)
    out << " in " << decimal(seconds, 3) << " s, from " << iso_time(stats.first_wall_ns()) << "; " << stats.tickets()
        << " tickets, " << rate(stats.tickets(), seconds) << " per s";
  if (stats.dropped() > 0)
    out << "; " << stats.dropped() << " more records were dropped by the recorder";
  if (stats.long_late() > 0)
    out << "; " << stats.long_late() << " tickets came long after the end of their operations";
  out << '\n';
  if (stats.names().empty())
    return;
  out << '\n';
  write_outcomes(stats, out, columns);
  write_times(stats, out, columns);
  write_parts(stats, out, columns);
}

void write_stats_json(const trace_stats& stats, uint64_t bytes, std::ostream& out) {
  const double seconds = seconds_of(stats);
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (const auto& [key, x] : stats.names())
    names.push_back(to_json(key, *x));
  auto per_second = [seconds](uint64_t count) {
    return seconds > 0 ? nlohmann::ordered_json(static_cast<double>(count) / seconds) : nlohmann::ordered_json();
  };
  const nlohmann::ordered_json result{{"records", stats.records()},
                                      {"tickets", stats.tickets()},
                                      {"long_late", stats.long_late()},
                                      {"dropped", stats.dropped()},
                                      {"bytes", bytes},
                                      {"first_wall_ns", stats.first_wall_ns()},
                                      {"last_wall_ns", stats.last_wall_ns()},
                                      {"tickets_per_second", per_second(stats.tickets())},
                                      {"names", names}};
  out << to_line(result) << '\n';
}

} // namespace tandem::cli
