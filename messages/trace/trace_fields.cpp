#include "trace_fields.hpp"

namespace tandem {

void drop_foreign_fields(trace_entry& x) {
  const auto is = [&x](auto... events) { return ((x.event == events) || ...); };
  if (!x.has_operation())
    x.operation = {};
  if (!x.is_ticket() && !is(trace_event::consumed))
    x.sequence_number = {};
  if (!x.is_ticket()) {
    x.kind = ticket_kind::commencement;
    x.payload.reset();
    x.payload_size = 0;
    x.allowed.reset();
  }
  if (!is(trace_event::sent, trace_event::received, trace_event::begun)) {
    x.name.reset();
    x.subscription.reset();
    x.trace_id.reset();
    x.timeout.reset();
  }
  if (!is(trace_event::begun)) {
    x.maximum_timeout.reset();
    x.parent.reset();
  }
  if (!is(trace_event::begun, trace_event::joined, trace_event::interrupted, trace_event::resumed))
    x.peer.clear();
  if (!is(trace_event::sent, trace_event::received, trace_event::ended, trace_event::lost, trace_event::interrupted,
          trace_event::resumed))
    x.details.clear();
  if (!is(trace_event::ended))
    x.ended = outcome::completed;
  if (!is(trace_event::annotation))
    x.text.clear();
  if (!is(trace_event::dropped))
    x.count = 0;
  if (!is(trace_event::consumed)) {
    x.began_ns = 0;
    x.took_ns = 0;
  }
}

void clear(trace_entry& x) {
  x.event = trace_event::sent;
  x.link.clear();
  x.node.clear();
  x.name.reset();
  x.subscription.reset();
  x.trace_id.reset();
  x.timeout.reset();
  x.details.clear();
  x.sequence_number = {};
  x.payload.reset();
  x.payload_size = 0;
  x.allowed.reset();
  x.maximum_timeout.reset();
  x.parent.reset();
  x.peer.clear();
  x.text.clear();
  x.count = 0;
  x.began_ns = 0;
  x.took_ns = 0;
  x.ended = outcome::completed;
  x.operation = {};
  x.kind = ticket_kind::commencement;
}

} // namespace tandem
