#include "html.hpp"

#include "../../../messages/json/json_stream.hpp"
#include "../../cli/exit_status.hpp"
#include "../../cli/output_file.hpp"
#include "../reading/prepared_trace.hpp"
#include "page.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>

namespace tandem::cli {

namespace {

double seconds(duration x) {
  return std::chrono::duration<double>(x).count();
}

/// Behind the kinds of tickets, as the page knows them.
constexpr int code_of_consumed = 15;

int code_of(const span_event& x) {
  if (x.is_ticket())
    return static_cast<int>(x.kind) + (x.to_back ? 16 : 0) + (x.event == trace_event::received ? 32 : 0);
  return x.event == trace_event::consumed ? code_of_consumed + (x.to_back ? 16 : 0) : 0;
}

template <class T>
void write_or_null(json_stream& json, const std::optional<T>& x) {
  if (x)
    json.value(*x);
  else
    json.raw("null");
}

/// [after_ns, code, sequence number, size, text, missing, timeout, allowed, took_ns]: what is empty at the end is left
/// out, and null before it. The code is the kind's number, 16 more if it goes to the back, 32 more if it was received;
/// 0 for an annotation; 15 for a payload that was consumed, 16 more if at the back.
void write_event(json_stream& json, const span_event& x) {
  const bool consumed = x.event == trace_event::consumed;
  const int fields = consumed ? 5 : x.allowed ? 4 : x.timeout ? 3 : !x.missing.empty() ? 2 : !x.text.empty() ? 1 : 0;
  json.open('[').value(x.after_ns).value(code_of(x)).value(x.sequence_number).value(x.payload_size);
  if (fields > 0)
    json.value(x.text);
  if (fields > 1)
    json.value(x.missing);
  if (fields > 2)
    write_or_null(json, x.timeout ? std::optional{seconds(*x.timeout)} : std::nullopt);
  if (fields > 3)
    write_or_null(json, x.allowed);
  if (consumed)
    json.value(x.took_ns);
  json.close(']');
}

class page_data {
public:
  page_data(std::ostream& out, const trace_html_options& options) : out_(out), options_(options) {
  }

  void begin(const trace_input& input, int64_t base_ns) {
    base_ns_ = base_ns;
    earliest_ns_ = base_ns;
    auto json = line();
    json.open('{').member("format", 1).member("base_ns", std::to_string(base_ns)).key("files").open('[');
    for (size_t i = 0; i < input.files().size(); ++i) {
      const auto name = input.name_of(i);
      json.value(std::filesystem::path{name}.filename().string());
    }
    json.close(']').member("payload_limit", uint64_t{options_.payload_limit}).close('}');
    write();
  }

  void add(const span& x) {
    earliest_ns_ = std::min(earliest_ns_, x.begin_ns);
    auto json = line();
    json.open('{').member("id", to_string(x.operation)).member("side", to_string(x.side)).member("node", x.node);
    json.member("begin", x.begin_ns - base_ns_);
    json.member_unless_empty("link", x.link).member_unless_empty("peer", x.peer);
    if (x.name)
      json.member("name", *x.name);
    if (x.subscription)
      json.member("subscription", to_string(*x.subscription));
    if (x.trace_id)
      json.member("trace_id", to_string(*x.trace_id));
    if (x.parent)
      json.member("parent", to_string(*x.parent));
    if (x.timeout)
      json.member("timeout", seconds(*x.timeout));
    json.member("last", x.last_ns);
    if (x.duration_ns)
      json.member("duration", *x.duration_ns);
    if (x.outcome)
      json.member("outcome", to_string(*x.outcome));
    json.member_unless_empty("details", x.details);
    if (x.was_refused)
      json.member("refused", true);
    if (x.end_inferred)
      json.member("inferred", true);
    json.key("events").open('[');
    for (const auto& event : x.events)
      write_event(json, event);
    json.close(']').close('}');
    write();
  }

  /// Something that happened to a link: joined, lost, dropped.
  void add(const placed_entry& placed) {
    earliest_ns_ = std::min(earliest_ns_, placed.wall_ns);
    const auto& x = *placed.entry;
    auto json = line();
    json.open('{').member("mark", to_string(x.event)).member("at", placed.wall_ns - base_ns_);
    json.member("node", placed.node());
    json.member("side", to_string(x.side)).member("link", x.link);
    json.member("text", x.event == trace_event::joined    ? x.peer
                        : x.event == trace_event::dropped ? std::to_string(x.count) + " records"
                                                          : x.details);
    json.close('}');
    write();
  }

  /// A clock may have jumped back, so that the first record is not the earliest; the page counts from that.
  void end(uint64_t left_out, const std::string& notes) {
    auto json = line();
    json.open('{').member("earliest", earliest_ns_ - base_ns_);
    json.member("left_out", left_out).member("notes", notes).close('}');
    write();
  }

private:
  json_stream line() {
    buffer_.clear();
    return json_stream{buffer_, true};
  }

  void write() {
    buffer_ += '\n';
    out_ << buffer_;
  }

  std::ostream& out_;
  const trace_html_options& options_;
  std::string buffer_;
  int64_t base_ns_ = 0;
  int64_t earliest_ns_ = 0;
};

} // namespace

int write_page_data(const trace_html_options& options, std::ostream& out, std::ostream& notes) {
  std::ostringstream said;
  prepared_trace trace{options.files, said, {.finds_lacks = true}};
  span_builder spans{{.payload_bytes = options.payload_limit}};
  page_data data{out, options};
  bool begun = false;
  uint64_t tickets = 0;
  uint64_t left_out = 0;
  const auto write_ready = [&] {
    while (auto span = spans.take())
      data.add(*span);
  };
  while (const auto* x = trace.next()) {
    if (!begun)
      data.begin(trace.input(), x->wall_ns);
    begun = true;
    if (x->entry->is_ticket() && ++tickets > options.most_tickets)
      ++left_out;
    if (left_out > 0)
      continue;
    if (x->entry->has_operation()) {
      spans.add(*x);
      write_ready();
    } else {
      data.add(*x);
    }
  }
  if (!begun)
    data.begin(trace.input(), 0);
  spans.finish();
  write_ready();
  const int status = trace.finish();
  trace.write_clock_notes();
  trace.lacks().write_notes(said);
  if (spans.late() > 0)
    said << "tandem: entries that came long after the end of their operation, which are left out: " << spans.late()
         << '\n';
  if (left_out > 0)
    said << "tandem: the page has the first " << options.most_tickets << " tickets, and nothing after them; "
         << left_out << " more are left out (--max-tickets)\n";
  notes << said.str();
  data.end(left_out, said.str());
  return status;
}

int trace_html(const trace_html_options& options, std::ostream& notes) {
  const auto page = trace_page();
  const auto mark = page.find(page_data_mark);
  if (mark == std::string_view::npos)
    throw user_error{"this tandem was built without its page: install Node.js 18 or later and npm (on Debian: nodejs "
                     "npm), then configure and build it again"};
  output_file file{options.output, options.files};
  auto& out = file.stream();
  out << page.substr(0, mark);
  const int status = write_page_data(options, out, notes);
  out << page.substr(mark + page_data_mark.size());
  file.close();
  return status;
}

} // namespace tandem::cli
