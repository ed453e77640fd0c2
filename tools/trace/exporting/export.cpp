#include "export.hpp"

#include "../../cli/output_file.hpp"
#include "chrome_events.hpp"
#include "csv.hpp"
#include "otlp.hpp"

#include <ostream>

namespace tandem::cli {

namespace {

constexpr size_t default_payload_limit = 256;

void note_late(const span_builder& spans, std::ostream& notes) {
  if (spans.late() > 0)
    notes << "tandem: entries that came long after the end of their operation, which are left out: " << spans.late()
          << '\n';
}

int write_otlp(const trace_export_options& options, trace_input& input, std::ostream& out, std::ostream& notes) {
  span_builder spans{
    {.events = options.most_events, .payload_bytes = options.payload_limit.value_or(default_payload_limit)}};
  otlp_writer writer{out, options.service};
  const auto write_ready = [&] {
    while (auto x = spans.take())
      writer.add(*x);
  };
  while (const auto* x = input.next()) {
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
  return input.finish();
}

int write_chrome(const trace_export_options& options, trace_input& input, std::ostream& out, std::ostream& notes) {
  // Tickets are written as they come, so that the spans need not keep any.
  span_builder spans{{.events = 0, .payload_bytes = options.payload_limit.value_or(default_payload_limit)}};
  chrome_events writer{out};
  while (const auto* x = input.next()) {
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
  return input.finish();
}

int write_csv(const trace_export_options& options, trace_input& input, std::ostream& out) {
  write_csv_head(out);
  while (const auto* x = input.next()) {
    write_csv_row(*x, input.name_of(x->file), options.payload_limit.value_or(SIZE_MAX), out);
    if (!out)
      break;
  }
  return input.finish();
}

} // namespace

int write_export(const trace_export_options& options, std::ostream& out, std::ostream& notes) {
  trace_input input{options.files, notes};
  switch (options.format) {
    case export_format::otlp:
      return write_otlp(options, input, out, notes);
    case export_format::chrome:
      return write_chrome(options, input, out, notes);
    default:
      return write_csv(options, input, out);
  }
}

int trace_export(const trace_export_options& options, std::ostream& notes) {
  output_file file{options.output, options.files};
  const int status = write_export(options, file.stream(), notes);
  file.close();
  return status;
}

} // namespace tandem::cli
