#include "filter.hpp"

#include "../../cli/exit_status.hpp"
#include "../merging/merge.hpp"
#include "../operations/operation_table.hpp"

#include "../../../messages/trace/trace_line.hpp"

#include <optional>
#include <ostream>

namespace tandem::cli {

namespace {

/// The output for one file: its headers, which say that records were left out, and the lines as they are.
class filtered_writer {
public:
  filtered_writer(std::string expression, std::ostream& out) : expression_(std::move(expression)), out_(out) {
  }

  /// To be called for every record, also those that are left out.
  void see(const placed_entry& x) {
    if (x.header != nullptr && (!has_header_ || x.run != run_ || x.header->part != part_))
      begin(*x.header, x.run);
  }

  void begin(trace_header header, uint64_t run) {
    has_header_ = true;
    run_ = run;
    part_ = header.part;
    header.capture = header.capture.empty() ? expression_ : "(" + header.capture + ") and (" + expression_ + ")";
    out_ << to_line(header) << '\n';
  }

  void write(const placed_entry& x) {
    out_ << x.line << '\n';
  }

private:
  std::string expression_;
  std::ostream& out_;
  bool has_header_ = false;
  uint64_t run_ = 0;
  uint64_t part_ = 0;
};

expression parse_expression(const std::string& text) {
  try {
    return expression{text};
  } catch (const expression_error& e) {
    throw usage_error{e.what()};
  }
}

} // namespace

void record_filter::look(const prepared_trace& trace) {
  operation_table<placed_view> table{[this](placed_view& x) {
    const auto answers = wanted_.answers({x, x.node, zero_wall_ns_.value_or(0)});
    if (wanted_.judge(answers) == truth::no)
      return;
    auto& operation = operations_[x.id];
    operation.of_side[static_cast<size_t>(x.side)] = answers;
    operation.is_there[static_cast<size_t>(x.side)] = true;
  }};
  trace.look_through(
    [&](const placed_entry& x) {
      if (!zero_wall_ns_)
        zero_wall_ns_ = x.wall_ns;
      if (auto* view = table.take(x))
        view->place(x);
    },
    true, false);
  table.finish();
}

bool record_filter::selects(const placed_entry& x) {
  if (!zero_wall_ns_)
    zero_wall_ns_ = x.wall_ns;
  const record_facts facts{x, *zero_wall_ns_};
  if (!wanted_.asks_for_operations())
    return wanted_.matches(facts);
  if (!x.entry->has_operation())
    return false;
  const auto found = operations_.find(x.entry->operation);
  if (found == operations_.end())
    return false;
  if (!wanted_.asks_for_records())
    return true;
  const auto& operation = found->second;
  for (const size_t side : {0, 1})
    if (operation.is_there[side] && wanted_.matches(operation.of_side[side], facts))
      return true;
  return false;
}

int trace_filter(const trace_filter_options& options, std::ostream& out, std::ostream& notes) {
  const auto wanted = parse_expression(options.expression);
  const bool several = options.files.size() > 1;
  // Of a single file the records stay as they are, with their numbers, and so does their order.
  prepared_trace trace{options.files, notes, {.in_order = several, .repeated = wanted.asks_for_operations()}};
  record_filter filter{wanted};
  if (wanted.asks_for_operations())
    filter.look(trace);
  // What an operation's records need to be known is known now, and so is the first time.
  const bool early = several && wanted.asks_for_operations();
  if (early)
    trace.give_only([&](const placed_entry& x) { return filter.selects(x); });
  std::optional<merged_writer> merged;
  if (several)
    merged.emplace(trace, out, options.expression);
  filtered_writer single{options.expression, out};
  if (const auto* header = merged ? nullptr : trace.input().header_of(0))
    single.begin(*header, 0); // there may be no record
  while (const auto* x = trace.next()) {
    if (!merged)
      single.see(*x);
    if (!early && !filter.selects(*x))
      continue;
    merged ? merged->write(*x) : single.write(*x);
    if (!out)
      break; // a reader that has gone, such as head, is not an error
  }
  out.flush();
  return trace.finish();
}

} // namespace tandem::cli
