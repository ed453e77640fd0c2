#include "record_table.hpp"

#include "../../cli/duration_text.hpp"
#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../operations/flow_view.hpp"

#include "../../../messages/json/text.hpp"
#include "../../../messages/without_controls.hpp"

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

/// Of two nodes each is at another side of an operation.
constexpr size_t fewest_named = 3;

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

/// "full", or the number if a peer sent something else.
std::string write_subscription(subscription_kind kind) {
  return valid(kind) ? to_string(kind) : "subscription " + std::to_string(static_cast<int>(kind));
}

/// The text of the beginning of a JSON string, if it has no other escapes than of quotes and backslashes.
std::optional<std::string> plain_text(std::string_view json) {
  if (!is_plain(json))
    return std::nullopt;
  std::string result;
  for (size_t i = 1; i < json.size(); ++i) {
    if (json[i] == '\\' && (++i == json.size() || (json[i] != '"' && json[i] != '\\')))
      return std::nullopt;
    result += json[i];
  }
  return result;
}

/// The text of the beginning of a JSON string; it may be cut off anywhere, in the midst of a character too.
std::string beginning_of_text(std::string_view json) {
  if (auto text = plain_text(json))
    return *std::move(text);               // as nearly all are
  constexpr size_t longest_character = 12; // two escapes of six bytes
  for (size_t cut = 0; cut <= std::min(longest_character, json.size()); ++cut) {
    const auto text = nlohmann::json::parse(std::string{json.substr(0, json.size() - cut)} + '"', nullptr, false);
    if (text.is_string())
      return text.get<std::string>();
  }
  return std::string{json};
}

/// A text in quotes, anything else as JSON; only as much of it is looked at as can be shown.
std::string preview(const trace_payload& x, size_t columns) {
  if (!x.missing.empty())
    return (x.start.empty() ? "" : shortened("\"" + printable(x.start), columns) + "...\" ")
           + "(payload left out: " + x.missing + ")";
  const std::string_view json = x.json;
  // A character takes at most so many bytes of JSON.
  const size_t enough = columns > SIZE_MAX / 16 - 16 ? SIZE_MAX : columns * 12 + 16;
  if (json.starts_with('"')) {
    const auto text = beginning_of_text(json.substr(0, std::min(enough, json.size() - 1)));
    return shortened("\"" + printable(text) + "\"", columns);
  }
  constexpr size_t longest_parsed = 4096; // what is nested more deeply than this allows needs too much stack
  const auto content = json.size() <= longest_parsed ? nlohmann::json::parse(json, nullptr, false) : nullptr;
  if (!content.is_structured())
    return shortened(printable(json.substr(0, enough)), columns);
  return shortened(printable(to_line(content)), columns);
}

line_style style_of(const trace_entry& x) {
  switch (x.event) {
    case trace_event::sent:
    case trace_event::received:
      return is_abortive(x.kind)                 ? line_style::bad
             : is_first(x.kind)                  ? line_style::strong
             : x.kind == ticket_kind::completion ? line_style::good
                                                 : line_style::plain;
    case trace_event::ended:
      return x.ended == outcome::completed ? line_style::good : line_style::bad;
    case trace_event::lost:
    case trace_event::dropped:
    case trace_event::interrupted:
      return line_style::bad;
    default:
      return line_style::faint;
  }
}

} // namespace

std::string describe_record(const trace_entry& x, size_t columns) {
  std::string result;
  if (x.event == trace_event::ended)
    append(result, to_string(x.ended));
  if (x.event == trace_event::dropped)
    append(result, std::to_string(x.count) + (x.count == 1 ? " record" : " records") + " left out by the recorder");
  if (x.name)
    append(result, printable(*x.name));
  if (x.subscription)
    append(result, write_subscription(*x.subscription));
  if (x.allowed)
    append(result, allowance_text(*x.allowed));
  if (x.event == trace_event::consumed)
    append(result, "took " + write_elapsed(duration{x.took_ns}));
  if (x.timeout)
    append(result, "timeout " + write_duration(*x.timeout));
  if (x.payload)
    append(result, preview(*x.payload, columns));
  if (!x.details.empty())
    append(result, printable(x.details));
  if (!x.text.empty())
    append(result, shortened(printable(x.text), columns));
  if (!x.peer.empty())
    append(result, "peer " + printable(x.peer));
  return result;
}

record_row::record_row(const placed_entry& x, size_t columns)
  : wall_ns(x.wall_ns),
    side(to_string(x.entry->side)),
    node(x.node()),
    what(describe_record(*x.entry, columns)),
    parent(x.entry->parent),
    style(style_of(*x.entry)) {
  const auto& entry = *x.entry;
  if (entry.has_operation())
    operation = entry.operation;
  if (entry.is_ticket() || entry.event == trace_event::consumed)
    number = entry.sequence_number.valid() ? std::to_string(entry.sequence_number.value) : "invalid";
  if (!entry.is_ticket()) {
    kind = to_string(entry.event);
    return;
  }
  arrow = entry.goes_to_back() ? "->" : "<-";
  kind = to_string(entry.kind);
}

std::string record_row::rest(const short_ids& ids) const {
  auto result = what;
  if (parent)
    append(result, "on behalf of " + ids(*parent));
  return result;
}

record_table::record_table(std::ostream& out, record_table_options options)
  : table_(out, {options.columns, options.color}), options_(options) {
}

void record_table::add_columns() {
  table_.columns.add("ms", align::right);
  table_.columns.add("side");
  if (options_.names_nodes)
    table_.columns.add("node");
  table_.columns.add("");
  table_.columns.add("operation");
  table_.columns.add("seq", align::right);
  table_.columns.add("kind");
  if (!options_.is_live)
    return;
  std::vector<std::string> usual{"100000.000", "front", "->", "3f2a.1000", "100", "commencement"};
  if (options_.names_nodes)
    usual.insert(usual.begin() + 2, "");
  for (size_t i = 0; i < usual.size(); ++i)
    table_.columns.fit(i, usual[i]);
}

void record_table::add(const placed_entry& x) {
  if (!zero_wall_ns_)
    zero_wall_ns_ = x.wall_ns;
  record_row row{x, options_.columns};
  if (row.operation)
    ids_.add(*row.operation);
  if (begun_)
    return table_.write(cells_of(row), row.rest(ids_), row.style);
  if (nodes_.size() < fewest_named)
    nodes_.insert(row.node);
  constexpr size_t most_bytes = size_t{4} << 20;
  kept_bytes_ += row.what.size();
  kept_.push_back(std::move(row));
  if (kept_.size() >= options_.fit_to || kept_bytes_ > most_bytes)
    begin();
}

void record_table::finish() {
  if (!begun_ && !kept_.empty())
    begin();
}

std::vector<std::string> record_table::cells_of(const record_row& x) const {
  std::vector<std::string> result{milliseconds(saturated_difference(x.wall_ns, *zero_wall_ns_)), x.side};
  if (options_.names_nodes)
    result.push_back(printable(x.node));
  for (const auto& cell : {x.arrow, x.operation ? ids_(*x.operation) : "", x.number, x.kind})
    result.push_back(cell);
  return result;
}

void record_table::begin() {
  begun_ = true;
  options_.names_nodes = options_.names_nodes || nodes_.size() >= fewest_named;
  add_columns();
  for (const auto& row : kept_) {
    const auto cells = cells_of(row);
    for (size_t i = 0; i < cells.size(); ++i)
      table_.columns.fit(i, cells[i]);
  }
  table_.write_titles();
  for (const auto& row : kept_)
    table_.write(cells_of(row), row.rest(ids_), row.style);
  kept_.clear();
}

} // namespace tandem::cli
