#include "chrome_events.hpp"

#include "../reading/saturating.hpp"
#include "derived_id.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace tandem::cli {

namespace {

constexpr int64_t day_ns = 86'400'000'000'000;

/// So many bytes are written at once.
constexpr size_t most_waiting = size_t{1} << 16;

/// Events count in microseconds; the digits behind the point keep the nanoseconds, which a double would not.
class microsecond_text {
public:
  explicit microsecond_text(int64_t ns) {
    const auto x = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
    char* end = text_;
    if (ns < 0)
      *end++ = '-';
    end = std::to_chars(end, text_ + sizeof text_, x / 1000).ptr;
    *end++ = '.';
    for (uint64_t size = 100; size > 0; size /= 10)
      *end++ = static_cast<char>('0' + x % 1000 / size % 10);
    length_ = static_cast<size_t>(end - text_);
  }

  operator std::string_view() const {
    return {text_, length_};
  }

private:
  char text_[32];
  size_t length_;
};

void append_arguments(std::string& out, const span_event& x) {
  json_stream json{out};
  json.open('{');
  if (x.event == trace_event::annotation) {
    json.member("text", x.text);
  } else if (x.event == trace_event::consumed) {
    json.member("sequence_number", x.sequence_number);
  } else {
    json.key("kind").word(to_string(x.kind)).key("event").word(to_string(x.event));
    json.key("direction").word(x.to_back ? "front to back" : "back to front");
    json.member("sequence_number", x.sequence_number).member("payload_size", x.payload_size);
    json.member_unless_empty(is_abortive(x.kind) ? "details" : "payload", x.text);
    json.member_unless_empty("payload_missing", x.missing);
    if (x.timeout)
      json.member("timeout_s", std::chrono::duration<double>(*x.timeout).count());
    if (x.allowed)
      json.member("allowed", *x.allowed);
  }
  json.close('}');
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

char* put_hex(char* out, uint64_t x) {
  for (int shift = 60; shift >= 0; shift -= 4)
    *out++ = "0123456789abcdef"[x >> shift & 0xf];
  return out;
}

/// JSON's text of an operation's track: the two sides are tracks of their own.
class track_id {
public:
  explicit track_id(const span& x) {
    *text_ = '"';
    auto* end = put_hex(put_hex(text_ + 1, x.operation.high), x.operation.low);
    *end++ = x.side == trace_side::front ? 'f' : 'b';
    *end = '"';
  }

  operator std::string_view() const {
    return {text_, sizeof text_};
  }

private:
  char text_[35];
};

/// JSON's text of a number that is the same for both sides of a ticket, and for no other. Perfetto takes it for a
/// hexadecimal number of 64 bits.
class flow_id {
public:
  flow_id(const span& of, const span_event& x) {
    const uint64_t which = x.sequence_number << 2 | (x.to_back ? 2u : 0u) | (is_abortive(x.kind) ? 1u : 0u);
    *text_ = '"';
    *put_hex(text_ + 1, mixed_bits(mixed_bits(mixed_bits(of.operation.high) ^ of.operation.low) ^ which)) = '"';
  }

  operator std::string_view() const {
    return {text_, sizeof text_};
  }

private:
  char text_[18];
};

} // namespace

chrome_events::chrome_events(std::ostream& out, int64_t first_ns)
  : out_(out), begin_ns_(saturated_difference(first_ns, day_ns)) {
  buffer_
    = R"({"displayTimeUnit":"ns","otherData":{"begin_unix_ns":")" + std::to_string(begin_ns_) + R"("},"traceEvents":[)";
}

template <class Fill>
void chrome_events::write(Fill fill) {
  buffer_ += first_ ? "\n" : ",\n";
  first_ = false;
  json_stream json{buffer_};
  json.open('{');
  fill(json);
  json.close('}');
  if (buffer_.size() >= most_waiting)
    write_out();
}

void chrome_events::write_out() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

uint64_t chrome_events::process(std::string_view node, trace_side side) {
  auto& last = last_[static_cast<size_t>(side)];
  if (last.pid != 0 && last.node == node)
    return last.pid;
  const auto [found, is_new] = processes_.try_emplace({std::string{node}, side}, processes_.size() + 1);
  last = {found->first.first, found->second};
  const auto pid = found->second;
  if (!is_new)
    return pid;
  const auto name = [&](std::string_view what, uint64_t tid, const std::string& text) {
    write([&](json_stream& json) {
      json.member("ph", "M").member("name", what).member("pid", pid).member("tid", tid).key("args");
      json.open('{').member("name", text).close('}');
    });
  };
  name("process_name", 0, std::string{node} + " (" + std::string{to_string(side)} + ")");
  name("thread_name", 1, "tickets to the back");
  name("thread_name", 2, "tickets to the front");
  return pid;
}

void chrome_events::write_async(std::string_view phase, const span& of, int64_t at_ns, std::string_view arguments) {
  const auto pid = process(of.node, of.side);
  write([&](json_stream& json) {
    json.key("ph").word(phase).key("cat").word("operation").member("name", of.shown_name());
    json.key("id").raw(track_id{of});
    json.member("pid", pid).key("tid").raw("0").key("ts").raw(microsecond_text{since_begin(at_ns)});
    if (!arguments.empty())
      json.key("args").raw(arguments);
  });
}

/// A track of its own, for those of which customer code has charge lie across each other.
void chrome_events::write_consumption(const span& of, const span_event& event) {
  const auto pid = process(of.node, of.side);
  const auto track
    = to_string(of.operation) + (of.side == trace_side::front ? "f" : "b") + std::to_string(event.sequence_number);
  const auto began = saturated_sum(of.begin_ns, std::max<int64_t>(event.began_after_ns, 0));
  for (const bool is_end : {false, true})
    write([&](json_stream& json) {
      json.key("ph").word(is_end ? "e" : "b").key("cat").word("consumption").key("name").word("consume");
      json.member("id", track).member("pid", pid).key("tid").raw("0");
      json.key("ts").raw(microsecond_text{since_begin(is_end ? saturated_sum(began, event.took_ns) : began)});
      if (!is_end)
        json.key("args").raw(arguments_);
    });
}

void chrome_events::add(const span& of, const span_event& event) {
  arguments_.clear();
  append_arguments(arguments_, event);
  if (event.event == trace_event::consumed)
    return write_consumption(of, event);
  const int64_t at = of.begin_ns + std::max<int64_t>(event.after_ns, 0);
  write_async("n", of, at, arguments_);
  if (event.event == trace_event::annotation)
    return;
  const auto pid = process(of.node, of.side);
  const std::string_view tid = event.to_back ? "1" : "2";
  const microsecond_text when{since_begin(at)};
  write([&](json_stream& json) {
    json.key("ph").word("X").key("cat").word("ticket").key("name").word(to_string(event.kind));
    json.member("pid", pid).key("tid").raw(tid).key("ts").raw(when).key("dur").raw("0.001");
    json.key("args").raw(arguments_);
  });
  const bool sent = event.event == trace_event::sent;
  write([&](json_stream& json) {
    json.key("ph").word(sent ? "s" : "f").key("cat").word("ticket").key("name").word("ticket");
    json.key("id").raw(flow_id{of, event}).member("pid", pid).key("tid").raw(tid).key("ts").raw(when);
    if (!sent)
      json.key("bp").word("e");
  });
}

void chrome_events::add(const span& ended) {
  write_async("b", ended, ended.begin_ns, arguments_of(ended));
  write_async("e", ended, ended.begin_ns + ended.known_duration_ns(), {});
}

void chrome_events::add(const placed_entry& placed) {
  const auto& x = *placed.entry;
  const auto pid = process(placed.node(), x.side);
  write([&](json_stream& json) {
    json.member("ph", "i").member("s", "p").member("cat", "link");
    json.member("name", "link " + std::string{to_string(x.event)});
    json.member("pid", pid).member("tid", uint64_t{0}).key("ts").raw(microsecond_text{since_begin(placed.wall_ns)});
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
  buffer_ += "\n]}\n";
  write_out();
}

} // namespace tandem::cli
