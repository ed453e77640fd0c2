#include "otlp.hpp"

#include "derived_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

/// A line has at most so many spans, or so many bytes of them.
constexpr size_t spans_in_line = 200;
constexpr size_t bytes_in_line = 1 << 20;
constexpr size_t most_relations = 500'000;

// opentelemetry.proto.trace.v1
constexpr int kind_server = 2;
constexpr int kind_client = 3;
constexpr int status_ok = 1;
constexpr int status_error = 2;

/// Attributes are a list of {"key": ..., "value": {"stringValue": ...}}.
struct attributes {
  json_stream& json;

  attributes& text(std::string_view key, std::string_view value) {
    return put(key, "stringValue", value);
  }
  attributes& text_if_any(std::string_view key, std::string_view value) {
    return value.empty() ? *this : text(key, value);
  }
  /// 64 bits are text in protobuf's JSON.
  attributes& number(std::string_view key, uint64_t value) {
    return put(key, "intValue", std::string_view{std::to_string(std::min<uint64_t>(value, INT64_MAX))});
  }
  attributes& seconds(std::string_view key, const std::optional<duration>& value) {
    return value ? put(key, "doubleValue", std::chrono::duration<double>(*value).count()) : *this;
  }
  attributes& flag(std::string_view key, bool value) {
    return value ? put(key, "boolValue", true) : *this;
  }

private:
  template <class T>
  attributes& put(std::string_view key, std::string_view type, const T& value) {
    json.open('{').member("key", key).key("value").open('{').member(type, value).close('}').close('}');
    return *this;
  }
};

/// Nanoseconds since 1970; what was before that cannot be said.
std::string unix_ns(int64_t ns) {
  return std::to_string(std::max<int64_t>(ns, 0));
}

void write_event(json_stream& json, const span& of, const span_event& x) {
  json.open('{').member("timeUnixNano", unix_ns(of.begin_ns + x.after_ns));
  if (x.event == trace_event::annotation) {
    json.member("name", "annotation").key("attributes").open('[');
    attributes{json}.text("tandem.annotation", x.text);
    json.close(']').close('}');
    return;
  }
  if (x.event == trace_event::consumed) {
    json.member("name", "tandem.consumed").key("attributes").open('[');
    attributes list{json};
    list.number("tandem.ticket.sequence_number", x.sequence_number);
    list.seconds("tandem.consumed.took", duration{x.took_ns});
    json.close(']').close('}');
    return;
  }
  json.member("name", "rpc.message").key("attributes").open('[');
  attributes list{json};
  list.text("rpc.message.type", x.event == trace_event::sent ? "SENT" : "RECEIVED");
  list.number("rpc.message.id", x.sequence_number < INT64_MAX ? x.sequence_number + 1 : x.sequence_number);
  list.number("rpc.message.uncompressed_size", x.payload_size);
  list.text("tandem.ticket.kind", to_string(x.kind)).number("tandem.ticket.sequence_number", x.sequence_number);
  list.seconds("tandem.ticket.timeout", x.timeout);
  if (x.allowed)
    list.number("tandem.ticket.allowed", *x.allowed);
  list.text_if_any(is_abortive(x.kind) ? "tandem.ticket.details" : "tandem.ticket.payload", x.text);
  list.text_if_any("tandem.ticket.payload_missing", x.missing);
  json.close(']').close('}');
}

void write_attributes(json_stream& json, const span& x) {
  json.key("attributes").open('[');
  attributes list{json};
  list.text("rpc.system", "tandem").text("rpc.method", x.shown_name());
  list.text("tandem.operation_id", to_string(x.operation)).text("tandem.side", to_string(x.side));
  list.text_if_any("tandem.link", x.link).text_if_any("tandem.peer", x.peer);
  list.text_if_any("tandem.subscription", x.subscription ? to_string(*x.subscription) : "");
  list.seconds("tandem.timeout", x.timeout);
  list.text_if_any("tandem.outcome", x.outcome ? to_string(*x.outcome) : "");
  if (x.outcome && *x.outcome != outcome::completed)
    list.text("error.type", to_string(*x.outcome));
  list.flag("tandem.refused", x.was_refused).flag("tandem.end_inferred", x.end_inferred);
  list.flag("tandem.end_not_recorded", !x.outcome);
  json.close(']');
}

void write_status(json_stream& json, const span& x) {
  json.key("status").open('{');
  if (x.outcome)
    json.member("code", *x.outcome == outcome::completed ? status_ok : status_error);
  if (x.outcome && *x.outcome != outcome::completed)
    json.member("message", to_string(*x.outcome) + (x.details.empty() ? "" : ": " + x.details));
  json.close('}');
}

} // namespace

std::string span_id_of(const operation_id& operation, trace_side side) {
  const auto id = mixed_bits(mixed_bits(mixed_bits(operation.high) ^ operation.low) ^ static_cast<uint64_t>(side));
  return to_hex(id == 0 ? 1 : id);
}

void span_relations::note(const trace_entry& entry) {
  if (!entry.trace_id && !entry.parent)
    return;
  const auto [found, is_new] = known_.try_emplace(entry.operation);
  auto& x = found->second;
  if (!x.trace)
    x.trace = entry.trace_id;
  if (!x.parent)
    x.parent = entry.parent;
  if (!is_new)
    return;
  order_.push_back(entry.operation);
  if (order_.size() > most_relations) {
    known_.erase(order_.front());
    order_.pop_front();
  }
}

std::string span_relations::trace_of(const operation_id& operation) const {
  auto root = operation;
  // A trace may say anything: also that two operations are each other's parents.
  for (int depth = 0; depth < 100; ++depth) {
    const auto found = known_.find(root);
    if (found == known_.end())
      break;
    if (found->second.trace) {
      auto result = fmt::format("{:02x}", fmt::join(found->second.trace->bytes, ""));
      if (result.find_first_not_of('0') != std::string::npos)
        return result;
    }
    if (!found->second.parent)
      break;
    root = *found->second.parent;
  }
  const bool is_valid = root.high != 0 || root.low != 0;
  return is_valid ? to_string(root) : to_hex(0) + to_hex(1);
}

otlp_writer::otlp_writer(std::ostream& out, std::string service) : out_(out), service_(std::move(service)) {
}

void otlp_writer::add(const span& x) {
  auto& [spans, count] = waiting_[x.node];
  if (count > 0)
    spans += ',';
  json_stream json{spans};
  json.open('{').member("traceId", relations_.trace_of(x.operation)).member("spanId", span_id_of(x.operation, x.side));
  if (x.side == trace_side::back)
    json.member("parentSpanId", span_id_of(x.operation, trace_side::front));
  else if (x.parent)
    json.member("parentSpanId", span_id_of(*x.parent, trace_side::back));
  json.member("name", x.shown_name()).member("kind", x.side == trace_side::back ? kind_server : kind_client);
  json.member("startTimeUnixNano", unix_ns(x.begin_ns));
  json.member("endTimeUnixNano", unix_ns(x.begin_ns + x.known_duration_ns()));
  write_attributes(json, x);
  json.key("events").open('[');
  for (const auto& event : x.events)
    write_event(json, x, event);
  json.close(']');
  if (x.dropped_events > 0)
    json.member("droppedEventsCount", std::min<uint64_t>(x.dropped_events, UINT32_MAX));
  write_status(json, x);
  json.close('}');
  if (++count == spans_in_line || spans.size() > bytes_in_line) {
    write(x.node, spans);
    spans.clear(); // it keeps its memory
    count = 0;
  }
}

void otlp_writer::write(const std::string& node, std::string& spans) {
  std::string line;
  json_stream json{line};
  json.open('{').key("resourceSpans").open('[').open('{').key("resource").open('{').key("attributes").open('[');
  attributes{json}.text("service.name", service_.empty() ? node : service_).text("service.instance.id", node);
  json.close(']').close('}').key("scopeSpans").open('[').open('{').key("scope").open('{');
  json.member("name", "tandem").member("version", TANDEM_VERSION).close('}');
  json.key("spans").open('[');
  out_ << line << spans; // which is much: not copied once more
  line.clear();
  json.close(']').close('}').close(']').close('}').close(']').close('}');
  out_ << line << '\n';
}

void otlp_writer::finish() {
  for (auto& [node, spans] : waiting_)
    if (spans.second > 0)
      write(node, spans.first);
  waiting_.clear();
}

} // namespace tandem::cli
