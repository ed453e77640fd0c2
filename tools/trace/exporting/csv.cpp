#include "csv.hpp"

#include "../operations/spans.hpp"

#include "../../../messages/json/text.hpp"
#include "../../../messages/without_controls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

constexpr std::string_view columns
  = "file,line,run,node,record,wall_ns,monotonic_ns,side,link,event,direction,operation_id,sequence_number,kind,name,"
    "subscription,trace_id,timeout,maximum_timeout,peer,parent,outcome,details,payload_size,payload,payload_missing,"
    "payload_start,payload_hash,text,count,offset_ns,allowed,began_ns,took_ns";

/// The fields of a line, in the order of the columns. What the record does not have is empty.
class row {
public:
  row& text(std::string_view value) {
    separate();
    if (std::none_of(value.begin(), value.end(),
                     [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; })) {
      line_ += value;
      return *this;
    }
    line_ += '"';
    for (auto from = value; !from.empty();) {
      const auto end = std::min(from.find('"'), from.size() - 1) + 1;
      line_ += from.substr(0, end);
      if (from[end - 1] == '"')
        line_ += '"';
      from.remove_prefix(end);
    }
    line_ += '"';
    return *this;
  }

  /// Text from a peer. CSV in UTF-8 must stay that, so what is not is replaced; nothing in it may tell a terminal what
  /// to do; and a spreadsheet must not take it for a formula, so one gets an apostrophe in front.
  row& foreign(const std::string& value) {
    if (value.empty())
      return text(value);
    auto shown = without_escapes(is_utf8(value) ? value : to_utf8(value));
    if (!shown.empty() && std::string_view{"=+-@\t\r"}.find(shown.front()) != std::string_view::npos)
      shown.insert(shown.begin(), '\'');
    return text(shown);
  }

  /// No formula is JSON, and JSON has escapes of its own.
  row& json(std::string_view value) {
    return text(without_escapes(is_utf8(value) ? std::string{value} : to_utf8(std::string{value})));
  }

  template <class T>
  row& number(T value) {
    return text(std::to_string(value));
  }

  /// Seconds, exact.
  row& seconds(const std::optional<duration>& value) {
    if (!value)
      return text("");
    const auto ns = value->count();
    const auto exact
      = fmt::format("{}{}.{:09}", ns < 0 ? "-" : "", std::abs(ns / 1'000'000'000), std::abs(ns % 1'000'000'000));
    std::string_view shown{exact};
    shown.remove_suffix(shown.size() - 1 - shown.find_last_not_of('0'));
    if (shown.back() == '.')
      shown.remove_suffix(1);
    return text(shown);
  }

  template <class T>
  row& word(const std::optional<T>& value) {
    return text(value ? std::string{to_string(*value)} : std::string{});
  }

  std::string& finish() {
    return line_.append("\r\n");
  }

private:
  /// Lines may end in it, for a field in quotes keeps that.
  static std::string without_escapes(std::string_view value) {
    return without_controls(value, "\t\n\r");
  }

  void separate() {
    if (!first_)
      line_ += ',';
    first_ = false;
  }

  std::string line_;
  bool first_ = true;
};

} // namespace

void write_csv_head(std::ostream& out) {
  out << columns << "\r\n";
}

void write_csv_row(const placed_entry& placed, const std::string& file, size_t payload_limit, std::ostream& out) {
  const auto& x = *placed.entry;
  const bool ticket = x.is_ticket();
  const bool consumed = x.event == trace_event::consumed;
  const std::string empty;
  row line;
  line.foreign(file).number(placed.line_number).number(placed.run);
  line.foreign(std::string{placed.node()});
  line.number(x.record).number(x.wall_ns).number(x.monotonic_ns).text(to_string(x.side)).foreign(x.link);
  line.text(to_string(x.event)).text(!ticket ? "" : x.goes_to_back() ? "front to back" : "back to front");
  line.text(x.has_operation() ? to_string(x.operation) : empty);
  line.text(ticket || consumed ? std::to_string(x.sequence_number.value) : empty)
    .text(ticket ? to_string(x.kind) : empty);
  line.foreign(x.name.value_or(empty)).word(x.subscription).word(x.trace_id);
  line.seconds(x.timeout).seconds(x.maximum_timeout).foreign(x.peer).word(x.parent);
  line.text(x.event == trace_event::ended ? to_string(x.ended) : empty).foreign(x.details);
  line.text(ticket ? std::to_string(x.payload_size) : empty);
  if (const auto& payload = x.payload) {
    const auto shown = beginning_of(payload->json, payload_limit);
    line.json(shown);
    line.text(payload->missing.empty() && shown.size() < payload->json.size() ? "limit" : payload->missing);
    line.foreign(payload->start).text(payload->hash);
  } else {
    line.text("").text("").text("").text("");
  }
  line.foreign(x.text).text(x.event == trace_event::dropped ? std::to_string(x.count) : empty);
  line.number(placed.wall_ns - x.wall_ns).text(x.allowed ? std::to_string(*x.allowed) : empty);
  line.text(consumed ? std::to_string(x.began_ns) : empty).text(consumed ? std::to_string(x.took_ns) : empty);
  out << line.finish();
}

} // namespace tandem::cli
