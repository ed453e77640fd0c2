#include "at.hpp"

#include "../../cli/measures.hpp"
#include "../../cli/short_id.hpp"
#include "../../cli/text.hpp"
#include "../../cli/text_table.hpp"
#include "../reading/saturating.hpp"

#include "../../../messages/json/text.hpp"

#include <charconv>
#include <ostream>

namespace tandem::cli {

namespace {

/// Numbers of tickets that came ahead of their turn: "5 7 8", not too many of them.
std::string held_numbers(const stream_view& x) {
  constexpr size_t most = 5;
  std::string result;
  size_t count = 0;
  for (const auto& [number, ticket] : x.held) {
    if (count++ == most)
      return result + " and " + std::to_string(x.held.size() - most) + " more";
    result += (result.empty() ? "" : " ") + std::to_string(number);
  }
  return result;
}

std::string time_left(const open_operation& x) {
  if (!x.time_left)
    return "-";
  return x.time_left->count() < 0 ? "overdue" : milliseconds(x.time_left->count());
}

/// Records before the beginning of what is there may have had the last ticket.
bool is_known(const operation_view& of, const stream_view& x) {
  return of.has_beginning || x.state != stream_state::open;
}

std::string state_text(const operation_view& of, const stream_view& x) {
  return std::string{to_string(x.state)} + (is_known(of, x) ? "" : "?");
}

nlohmann::ordered_json state_json(const operation_view& of, const stream_view& x) {
  return is_known(of, x) ? nlohmann::ordered_json(to_string(x.state)) : nlohmann::ordered_json();
}

/// How many payloads may be sent in all.
std::string payloads_text(const std::optional<uint64_t>& limit) {
  return !limit ? "?" : *limit >= unlimited ? "any" : std::to_string(*limit);
}

std::string credit_text(const credit_view& x) {
  return x.left() ? std::to_string(*x.left()) : payloads_text(x.allowed());
}

/// Null: any number, or not known.
nlohmann::ordered_json limit_json(const std::optional<uint64_t>& limit) {
  return limit && *limit < unlimited ? nlohmann::ordered_json(*limit) : nlohmann::ordered_json();
}

void write_text(const trace_moment& moment, std::ostream& out, size_t columns) {
  const int64_t since = saturated_difference(moment.wall_ns, *moment.first_wall_ns);
  out << milliseconds(since) << " ms after the first record, " << iso_time(moment.wall_ns) << ": " << moment.open.size()
      << " open\n";
  short_ids ids;
  for (const auto& x : moment.open)
    ids.add(x.operation.id);
  text_table table;
  table.column("side").column("operation").column("name").column("age ms", align::right);
  table.column("left ms", align::right).column("output").column("input").column("next ->", align::right);
  table.column("next <-", align::right).column("held").column("sent", align::right).column("allowed", align::right);
  table.column("credit", align::right).column("came", align::right).column("allows", align::right).column("node");
  for (const auto& x : moment.open) {
    const auto& view = x.operation;
    table.row({std::string{to_string(view.side)}, ids(view.id), view.name.empty() ? "?" : printable(view.name),
               (view.has_beginning ? "" : ">") + milliseconds(x.age.count()), time_left(x),
               state_text(view, view.output), state_text(view, view.input), std::to_string(view.stream(true).next),
               std::to_string(view.stream(false).next), held_numbers(view.input), std::to_string(view.output.payloads),
               payloads_text(view.credit.allowed()), credit_text(view.credit), std::to_string(view.input.payloads),
               payloads_text(view.credit.allows()), printable(x.node)});
  }
  if (table.empty())
    return;
  out << '\n';
  table.write(out, columns, 2);
}

void write_json(const trace_moment& moment, std::ostream& out) {
  for (const auto& x : moment.open) {
    const auto& view = x.operation;
    nlohmann::ordered_json held = nlohmann::ordered_json::array();
    for (const auto& [number, ticket] : view.input.held)
      held.push_back(number);
    nlohmann::ordered_json line{{"operation_id", to_string(view.id)}, {"side", to_string(view.side)}};
    line["node"] = x.node;
    line["name"] = view.has_beginning ? nlohmann::ordered_json(view.name) : nullptr;
    line["age_ns"] = x.age.count();
    line["time_left_ns"] = x.time_left ? nlohmann::ordered_json(x.time_left->count()) : nullptr;
    line["output"] = state_json(view, view.output);
    line["input"] = state_json(view, view.input);
    line["next_front_to_back"] = view.stream(true).next;
    line["next_back_to_front"] = view.stream(false).next;
    line["held"] = held;
    line["sent"] = view.output.payloads;
    line["allowed"] = limit_json(view.credit.allowed());
    line["credit"] = limit_json(view.credit.left());
    line["came"] = view.input.payloads;
    line["allows"] = limit_json(view.credit.allows());
    line["without_credit_ns"] = x.without_credit ? nlohmann::ordered_json(x.without_credit->count()) : nullptr;
    out << to_line(line) << '\n';
  }
}

} // namespace

std::optional<trace_time> parse_trace_time(std::string_view text) {
  int64_t wall = 0;
  const auto* end = text.data() + text.size();
  if (const auto [rest, error] = std::from_chars(text.data(), end, wall); error == std::errc{} && rest == end)
    return trace_time{wall, false};
  if (const auto since = parse_time_value(text))
    return trace_time{*since, true};
  if (const auto iso = parse_iso_time(text))
    return trace_time{*iso, false};
  return std::nullopt;
}

trace_moment find_open(prepared_trace& trace, const trace_time& when) {
  trace_moment result;
  result.wall_ns = when.nanoseconds;
  operation_table<placed_view> table{[](placed_view&) {}};
  while (const auto* x = trace.next()) {
    if (!result.first_wall_ns) {
      result.first_wall_ns = x->wall_ns;
      result.wall_ns = saturated_sum(result.wall_ns, when.since_first ? x->wall_ns : 0);
    }
    if (x->wall_ns >= result.wall_ns)
      result.is_after_end = false;
    if (x->wall_ns > saturated_sum(result.wall_ns, record_window::width_ns))
      break;
    if (x->wall_ns > result.wall_ns)
      continue;
    result.last_wall_ns = x->wall_ns;
    if (auto* view = table.take(*x))
      view->place(*x);
  }
  table.for_each([&result](const placed_view& x) {
    if (x.ended)
      return;
    const auto begin = saturated_sum(x.first.wall_ns, x.offset_ns);
    open_operation open{
      static_cast<const operation_view&>(x), x.node, duration{saturated_difference(result.wall_ns, begin)}, {}, {}};
    if (const auto& since = x.credit.since())
      open.without_credit = duration{saturated_difference(result.wall_ns, saturated_sum(since->wall_ns, x.offset_ns))};
    if (const auto deadline = x.deadline_wall_ns())
      open.time_left = duration{saturated_difference(saturated_sum(*deadline, x.offset_ns), result.wall_ns)};
    result.open.push_back(std::move(open));
  });
  std::sort(result.open.begin(), result.open.end(), [](const auto& x, const auto& y) {
    return std::tie(y.age, x.operation.id, x.operation.side) < std::tie(x.age, y.operation.id, y.operation.side);
  });
  return result;
}

int trace_at(const trace_at_options& options, std::ostream& out, std::ostream& notes) {
  prepared_trace trace{options.files, notes, {.finds_lacks = true}};
  const auto moment = find_open(trace, options.when);
  const int status = trace.finish();
  trace.write_clock_notes();
  trace.lacks().write_notes(notes);
  if (!moment.first_wall_ns)
    notes << "tandem: there are no records, so nothing is known about any moment\n";
  else if (moment.wall_ns < *moment.first_wall_ns)
    notes << "tandem: that is before the first record, of " << iso_time(*moment.first_wall_ns) << '\n';
  else if (moment.is_after_end)
    notes << "tandem: that is after the last record, of " << iso_time(moment.last_wall_ns)
          << ": what has happened since is not known\n";
  if (options.json)
    write_json(moment, out);
  else if (moment.first_wall_ns)
    write_text(moment, out, options.columns);
  out.flush();
  return status;
}

} // namespace tandem::cli
