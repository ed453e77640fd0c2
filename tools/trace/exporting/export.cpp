#include "export.hpp"

#include "../../cli/output_file.hpp"
#include "chrome_events.hpp"
#include "csv.hpp"
#include "otlp.hpp"

#include "../reading/prepared_trace.hpp"

#include <ostream>

namespace tandem::cli {

namespace {

constexpr size_t default_payload_limit = 256;

void note_late(const span_builder& spans, std::ostream& notes) {
  if (spans.late() > 0)
    notes << "tandem: entries that came long after the end of their operation, which are left out: " << spans.late()
          << '\n';
}

int finish(prepared_trace& trace, std::ostream& notes) {
  const int status = trace.finish();
  trace.write_clock_notes();
  trace.lacks().write_notes(notes);
  return status;
}

int write_otlp(const trace_export_options& options, prepared_trace& trace, std::ostream& out, std::ostream& notes) {
  span_builder spans{
    {.events = options.most_events, .payload_bytes = options.payload_limit.value_or(default_payload_limit)}};
  otlp_writer writer{out, options.service};
  const auto write_ready = [&] {
    while (auto x = spans.take())
      writer.add(*x);
  };
  while (const auto* x = trace.next()) {
    if (x->entry->has_operation())
      writer.note_relation(*x->entry);
    spans.add(*x);
    write_ready();
    if (!out)
      break; // a reader that has gone wants no more
  }
  spans.finish();
  write_ready();
  writer.finish();
  note_late(spans, notes);
  return finish(trace, notes);
}

int write_chrome(const trace_export_options& options, prepared_trace& trace, std::ostream& out, std::ostream& notes) {
  // Tickets are written as they come, so that the spans need not keep any.
  span_builder spans{{.events = 0, .payload_bytes = options.payload_limit.value_or(default_payload_limit)}};
  const auto* first = trace.next();
  chrome_events writer{out, first == nullptr ? 0 : first->wall_ns};
  for (const auto* x = first; x != nullptr; x = trace.next()) {
    const auto [span, event] = spans.add(*x);
    if (span != nullptr && event != nullptr)
      writer.add(*span, *event);
    else if (span == nullptr && !x->entry->has_operation())
      writer.add(*x);
    while (auto ended = spans.take())
      writer.add(*ended);
    if (!out)
      break;
  }
  spans.finish();
  while (auto ended = spans.take())
    writer.add(*ended);
  writer.finish();
  note_late(spans, notes);
  return finish(trace, notes);
}

int write_csv(const trace_export_options& options, prepared_trace& trace, std::ostream& out, std::ostream& notes) {
  write_csv_head(out);
  while (const auto* x = trace.next()) {
    write_csv_row(*x, trace.input().name_of(x->file), options.payload_limit.value_or(SIZE_MAX), out);
    if (!out)
      break;
  }
  return finish(trace, notes);
}

} // namespace

int write_export(const trace_export_options& options, std::ostream& out, std::ostream& notes) {
  prepared_trace trace{options.files, notes, {.finds_lacks = true}};
  switch (options.format) {
    case export_format::otlp:
      return write_otlp(options, trace, out, notes);
    case export_format::chrome:
      return write_chrome(options, trace, out, notes);
    default:
      return write_csv(options, trace, out, notes);
  }
}

int trace_export(const trace_export_options& options, std::ostream& notes) {
  output_file file{options.output, options.files};
  const int status = write_export(options, file.stream(), notes);
  file.close();
  return status;
}

} // namespace tandem::cli
