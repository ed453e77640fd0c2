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

} // namespace tandem_test
