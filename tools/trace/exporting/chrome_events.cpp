#include "chrome_events.hpp"

#include "../reading/saturating.hpp"
#include "derived_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

constexpr int64_t day_ns = 86'400'000'000'000;

/// Events count in microseconds; the digits behind the point keep the nanoseconds, which a double would not.
std::string microsecond_text(int64_t ns) {
  const auto x = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  return fmt::format("{}{}.{:03}", ns < 0 ? "-" : "", x / 1000, x % 1000);
}

std::string ticket_name(const span_event& x) {
  return x.event == trace_event::annotation ? "annotation" : to_string(x.kind);
}

std::string arguments_of(const span_event& x) {
  std::string result;
  json_stream json{result};
  json.open('{');
  if (x.event == trace_event::annotation) {
    json.member("text", x.text);
  } else if (x.event == trace_event::consumed) {
    json.member("sequence_number", x.sequence_number);
  } else {
    json.member("kind", to_string(x.kind)).member("event", to_string(x.event));
    json.member("direction", x.to_back ? "front to back" : "back to front");
    json.member("sequence_number", x.sequence_number).member("payload_size", x.payload_size);
    json.member_unless_empty(is_abortive(x.kind) ? "details" : "payload", x.text);
    json.member_unless_empty("payload_missing", x.missing);
    if (x.timeout)
      json.member("timeout_s", std::chrono::duration<double>(*x.timeout).count());
    if (x.allowed)
      json.member("allowed", *x.allowed);
  }
  json.close('}');
  return result;
}

std::string arguments_of(const span& x) {
  std::string result;
  json_stream json{result};
  json.open('{').member("operation_id", to_string(x.operation)).member("link", x.link);
  json.member("outcome", x.outcome ? to_string(*x.outcome) : "not recorded");
  json.member_unless_empty("details", x.details);
  if (x.end_inferred)
    json.member("end_inferred", true);
  if (x.subscription)
    json.member("subscription", to_string(*x.subscription));
  if (x.timeout)
    json.member("timeout_s", std::chrono::duration<double>(*x.timeout).count());
  if (x.trace_id)
    json.member("trace_id", to_string(*x.trace_id));
  if (x.parent)
    json.member("parent", to_string(*x.parent));
  json.member_unless_empty("peer", x.peer).close('}');
  return result;
}

/// The same for both sides of a ticket, and for no other. Perfetto takes it for a hexadecimal number of 64 bits.
std::string flow_id(const span& of, const span_event& x) {
  const uint64_t which = x.sequence_number << 2 | (x.to_back ? 2u : 0u) | (is_abortive(x.kind) ? 1u : 0u);
  return to_hex(mixed_bits(mixed_bits(mixed_bits(of.operation.high) ^ of.operation.low) ^ which));
}

} // namespace

chrome_events::chrome_events(std::ostream& out, int64_t first_ns)
  : out_(out), begin_ns_(saturated_difference(first_ns, day_ns)) {
  out_ << R"({"displayTimeUnit":"ns","otherData":{"begin_unix_ns":")" << begin_ns_ << R"("},"traceEvents":[)";
}

template <class Fill>
void chrome_events::write(Fill fill) {
  buffer_.assign(first_ ? "\n" : ",\n");
  first_ = false;
  json_stream json{buffer_};
  json.open('{');
  fill(json);
  json.close('}');
  out_ << buffer_;
}

uint64_t chrome_events::process(const std::string& node, trace_side side) {
  const auto [found, is_new] = processes_.try_emplace({node, side}, processes_.size() + 1);
  const auto pid = found->second;
  if (!is_new)
    return pid;
  const auto name = [&](std::string_view what, uint64_t tid, const std::string& text) {
    write([&](json_stream& json) {
      json.member("ph", "M").member("name", what).member("pid", pid).member("tid", tid).key("args");
      json.open('{').member("name", text).close('}');
    });
  };
  name("process_name", 0, node + " (" + std::string{to_string(side)} + ")");
  name("thread_name", 1, "tickets to the back");
  name("thread_name", 2, "tickets to the front");
  return pid;
}

void chrome_events::write_async(std::string_view phase, const span& of, std::string_view name, int64_t at_ns,
                                const std::string& arguments, const std::string& part) {
  const auto pid = process(of.node, of.side);
  write([&](json_stream& json) {
    json.member("ph", phase).member("cat", part.empty() ? "operation" : "consumption").member("name", name);
    // The two sides are tracks of their own.
    json.member("id", to_string(of.operation) + (of.side == trace_side::front ? "f" : "b") + part);
    json.member("pid", pid).member("tid", uint64_t{0}).key("ts").raw(microsecond_text(since_begin(at_ns)));
    if (!arguments.empty())
      json.key("args").raw(arguments);
  });
}

void chrome_events::add(const span& of, const span_event& event) {
  const auto arguments = arguments_of(event);
  if (event.event == trace_event::consumed) {
    // A track of its own, for those of which customer code has charge lie across each other.
    const auto began = saturated_sum(of.begin_ns, std::max<int64_t>(event.began_after_ns, 0));
    const auto part = std::to_string(event.sequence_number);
    write_async("b", of, "consume", began, arguments, part);
    write_async("e", of, "consume", saturated_sum(began, event.took_ns), {}, part);
    return;
  }
  const int64_t at = of.begin_ns + std::max<int64_t>(event.after_ns, 0);
  write_async("n", of, of.shown_name(), at, arguments);
  if (event.event == trace_event::annotation)
    return;
  const auto pid = process(of.node, of.side);
  const uint64_t tid = event.to_back ? 1 : 2;
  write([&](json_stream& json) {
    json.member("ph", "X").member("cat", "ticket").member("name", ticket_name(event));
    json.member("pid", pid).member("tid", tid).key("ts").raw(microsecond_text(since_begin(at))).key("dur").raw("0.001");
    json.key("args").raw(arguments);
  });
  const bool sent = event.event == trace_event::sent;
  write([&](json_stream& json) {
    json.member("ph", sent ? "s" : "f").member("cat", "ticket").member("name", "ticket");
    json.member("id", flow_id(of, event)).member("pid", pid).member("tid", tid);
    json.key("ts").raw(microsecond_text(since_begin(at)));
    if (!sent)
      json.member("bp", "e");
  });
}

void chrome_events::add(const span& ended) {
  const auto name = ended.shown_name();
  write_async("b", ended, name, ended.begin_ns, arguments_of(ended));
  write_async("e", ended, name, ended.begin_ns + ended.known_duration_ns(), {});
}

void chrome_events::add(const placed_entry& placed) {
  const auto& x = *placed.entry;
  const auto pid = process(std::string{placed.node()}, x.side);
  write([&](json_stream& json) {
    json.member("ph", "i").member("s", "p").member("cat", "link");
    json.member("name", "link " + std::string{to_string(x.event)});
    json.member("pid", pid).member("tid", uint64_t{0}).key("ts").raw(microsecond_text(since_begin(placed.wall_ns)));
    json.key("args").open('{').member("link", x.link);
    if (x.event == trace_event::dropped)
      json.member("records", x.count);
    else if (x.event == trace_event::joined)
      json.member("peer", x.peer);
    else
      json.member("details", x.details);
    json.close('}');
  });
}

void chrome_events::finish() {
  out_ << "\n]}\n";
}

} // namespace tandem::cli
