/// Traces as OpenTelemetry spans, in the JSON encoding of OTLP.
///
/// A line is an ExportTraceServiceRequest (TracesData, which has the same fields): JSON Lines, as OpenTelemetry's file
/// exporter writes and the Collector's otlpjsonfile receiver reads them; each line can also be posted to /v1/traces.
///
/// - An operation at a side is a span: CLIENT at the front, SERVER at the back. Tickets and annotations are its events.
/// - The trace id is the operation's trace_id; else that of the operation on whose behalf it was commenced; else the
///   operation id, which has as many bytes. The span id is made of operation id and side, so spans that were exported
///   from different files fit together.
/// - The parent of the back's span is the front's span of the same operation; that of the front's span the back's span
///   of the operation on whose behalf it was commenced.
/// - The status is OK for completed, ERROR for other outcomes, and unset if no end was recorded.
/// - The resource is the node: service.name (as given, else the node's name) and service.instance.id.
#pragma once

#include "../../../messages/json/json_stream.hpp"
#include "../operations/spans.hpp"

#include <cstdint>
#include <deque>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace tandem::cli {

/// The ties between operations, of the last ones that have a trace id or a parent.
class span_relations {
public:
  void note(const trace_entry& entry);

  /// The trace that an operation belongs to: 32 hexadecimal digits.
  std::string trace_of(const operation_id& operation) const;

private:
  struct relation {
    std::optional<trace_id> trace;
    std::optional<operation_id> parent;
  };
  std::unordered_map<operation_id, relation> known_;
  std::deque<operation_id> order_;
};

/// 16 hexadecimal digits, not all zero.
std::string span_id_of(const operation_id& operation, trace_side side);

class otlp_writer {
public:
  /// `service`: the service.name of all spans; empty: that of each node.
  otlp_writer(std::ostream& out, std::string service);

  /// To be called for every entry of an operation, before its span is added: an entry of one side counts for both.
  void note_relation(const trace_entry& entry) {
    relations_.note(entry);
  }

  void add(const span& x);

  /// Writes the spans that are left.
  void finish();

private:
  void write(const std::string& node, std::string& spans);

  std::ostream& out_;
  std::string service_;
  span_relations relations_;
  std::map<std::string, std::pair<std::string, size_t>> waiting_; ///< by node: spans, and how many
};

} // namespace tandem::cli
