/// Stories that are told by the traces of both sides, for the commands that look at single operations.
#pragma once

#include "../support/written_trace.hpp"

#include <chrono>
#include <string>

namespace tandem_test {

struct told_operations {
  written_trace front{tandem::trace_side::front, "caller/1"};
  written_trace back{tandem::trace_side::back, "worker/7"};
};

/// The front's timer fires while the back's completion is on its way.
inline told_operations crossing_expiration() {
  using enum tandem::trace_event;
  using enum tandem::ticket_kind;
  const auto allowed = std::chrono::milliseconds{100};
  told_operations x;
  x.front.begun(0x100, 0, "sum <all>", allowed);
  x.front.name = x.back.name = "sum <all>";
  x.front.ticket(sent, 0x100, 10, 0, commencement, "1;2", allowed);
  x.back.ticket(received, 0x100, 400, 0, commencement, "1;2", allowed);
  x.back.begun(0x100, 410, "sum <all>", allowed);
  x.front.ticket(sent, 0x100, 900, 1, completion, "3 & \"4\"");
  x.back.ticket(received, 0x100, 1400, 1, completion, "3 & \"4\"");
  x.back.ticket(sent, 0x100, 95'000, 0, completion, "10");
  x.back.ended(0x100, 95'100, tandem::outcome::completed);
  auto expired = x.front.entry(sent, 0x100, 100'000);
  expired.sequence_number = {2};
  expired.kind = expiration;
  expired.details = "not done within 100 ms";
  x.front.add(expired);
  x.front.ended(0x100, 100'020, tandem::outcome::expired, expired.details);
  x.front.ticket(received, 0x100, 112'000, 0, completion, "10");
  auto arrived = x.back.entry(received, 0x100, 104'000);
  arrived.sequence_number = {2};
  arrived.kind = expiration;
  arrived.details = expired.details;
  x.back.add(arrived);
  return x;
}

/// The back's customer code fails after the first result; the clocks of the nodes differ by a minute.
inline told_operations failing_servicer() {
  using enum tandem::trace_event;
  using enum tandem::ticket_kind;
  told_operations x;
  x.back.clock_ns = -60'000'000'000;
  x.front.begun(0x200, 0, "echo", std::chrono::seconds{10});
  x.front.ticket(sent, 0x200, 10, 0, commencement, "a", std::chrono::seconds{10});
  x.back.ticket(received, 0x200, 500, 0, commencement, "a", std::chrono::seconds{10});
  x.back.begun(0x200, 505, "echo", std::chrono::seconds{10});
  x.back.ticket(sent, 0x200, 600, 0, continuation, "a");
  x.front.ticket(received, 0x200, 1'100, 0, continuation, "a");
  x.front.ticket(sent, 0x200, 2'000, 1, continuation, "b");
  auto failed = x.back.entry(sent, 0x200, 2'200);
  failed.sequence_number = {1};
  failed.kind = servicer_failure;
  failed.details = "disk full";
  x.back.add(failed);
  x.back.ended(0x200, 2'210, tandem::outcome::servicer_failure, "disk full");
  x.back.ticket(received, 0x200, 2'500, 1, continuation, "b");
  auto came = x.front.entry(received, 0x200, 2'700);
  came.sequence_number = {1};
  came.kind = servicer_failure;
  came.details = "disk full";
  x.front.add(came);
  x.front.ended(0x200, 2'710, tandem::outcome::servicer_failure, "disk full");
  return x;
}

/// The front allows two payloads ahead of its consumer, which takes its time; the back has the third one ready when it
/// is allowed more, and makes the last one later. Without `consumption` nobody recorded what consumers did.
inline told_operations slow_consumer(bool consumption = true) {
  using enum tandem::trace_event;
  using enum tandem::ticket_kind;
  told_operations x;
  x.front.name = x.back.name = "pour";
  const auto limited = [](written_trace& to, tandem::trace_event event, int64_t at, uint64_t number,
                          tandem::ticket_kind kind, uint64_t allowed) {
    auto ticket = to.entry(event, 0x300, at);
    ticket.sequence_number = {number};
    ticket.kind = kind;
    ticket.allowed = allowed;
    if (is_first(kind)) {
      ticket.name = to.name;
      ticket.subscription = to.subscription;
      ticket.timeout = std::chrono::seconds{10};
      ticket.payload = tandem::trace_payload{"\"go\"", {}, {}, {}};
      ticket.payload_size = 2;
    }
    to.add(ticket);
  };
  const auto took = [consumption](written_trace& by, uint64_t number, int64_t began, int64_t for_us) {
    auto record = by.entry(tandem::trace_event::consumed, 0x300, began + for_us);
    record.sequence_number = {number};
    record.began_ns = began * 1000;
    record.took_ns = for_us * 1000;
    if (consumption)
      by.add(record);
  };
  x.front.begun(0x300, 0, "pour", std::chrono::seconds{10});
  limited(x.front, sent, 10, 0, entire, 2);
  limited(x.back, received, 310, 0, entire, 2);
  x.back.begun(0x300, 315, "pour", std::chrono::seconds{10});
  took(x.back, 0, 350, 50);
  x.back.ticket(sent, 0x300, 500, 0, continuation, "a");
  x.back.ticket(sent, 0x300, 600, 1, continuation, "b");
  x.front.ticket(received, 0x300, 800, 0, continuation, "a");
  took(x.front, 0, 800, 2'000'000);
  x.front.ticket(received, 0x300, 2'000'810, 1, continuation, "b");
  limited(x.front, sent, 2'000'820, 1, allowance, 3);
  limited(x.back, received, 2'001'120, 1, allowance, 3);
  x.back.ticket(sent, 0x300, 2'001'150, 2, continuation, "c");
  took(x.front, 1, 2'000'830, 1'000'000);
  x.front.ticket(received, 0x300, 3'000'840, 2, continuation, "c");
  limited(x.front, sent, 3'000'850, 2, allowance, 4);
  limited(x.back, received, 3'001'200, 2, allowance, 4);
  took(x.front, 2, 3'000'900, 100'000);
  x.back.ticket(sent, 0x300, 3'500'000, 3, completion, "d");
  x.back.ended(0x300, 3'500'010, tandem::outcome::completed);
  x.front.ticket(received, 0x300, 3'500'400, 3, completion, "d");
  took(x.front, 3, 3'500'400, 200);
  x.front.ended(0x300, 3'500'700, tandem::outcome::completed);
  return x;
}

} // namespace tandem_test
