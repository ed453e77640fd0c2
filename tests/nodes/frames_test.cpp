/// How tickets share frames between nodes: the bounds of a frame, and abortive tickets that go ahead (PROTOCOL.md,
/// "Between nodes"; S-RECV-3). The other side is the test's, and looks into every frame.
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../support/collecting_peers.hpp"
#include "../support/far_process.hpp"
#include "../support/lying_front.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/io/middleman.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

constexpr size_t most_tickets = 1024;
constexpr size_t most_bytes = size_t{256} << 10;

/// A back's side of a link, whose front looks into frames.
struct watched_back {
  patient_node far;
  std::shared_ptr<in_memory_link> behind = std::make_shared<in_memory_link>();
  publication published = publish(far.system, [x = behind](const std::string&) { return x; });
  lying_front front{published.port()};

  void send(std::vector<back_to_front_ticket> tickets) const {
    CHECK(behind->accept(std::move(tickets)).empty());
  }
};

/// A front's side of a link, whose back looks into frames.
struct watched_front {
  patient_node far;
  std::shared_ptr<frame_log<front_to_back_ticket>> frames = std::make_shared<frame_log<front_to_back_ticket>>();
  compat::light_ptr<callback_actor> taker;
  caf::actor gate;
  node near;
  std::shared_ptr<node_link> link;

  watched_front() {
    taker = compat::make_light_actor<callback_actor>(
      far.system, "watching back", [system = &far.system, to = frames](compat::envelope x) {
        std::vector<front_to_back_ticket> tickets;
        std::string error;
        if (!is_message<ticket_frame>(x.content))
          return;
        const auto& bytes = x.content.get_as<ticket_frame>(0).bytes;
        if (!bytes.empty() && decode_frame(*system, bytes, tickets, error))
          to->add({bytes.size(), std::move(tickets)});
      });
    auto welcoming = [](caf::event_based_actor*, const caf::actor& x) -> caf::behavior {
      return {[x](const hello&) { return welcome{ticket_format, x, {}}; }};
    };
    gate = far.system.spawn(welcoming, compat::handle_of(*taker));
    const auto port = far.system.middleman().publish(gate, 0, "127.0.0.1").value();
    link = connect(near.system, "127.0.0.1", port);
  }

  ~watched_front() {
    link.reset();
    caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
    taker->end(caf::exit_reason::user_shutdown);
  }

  void send(std::vector<front_to_back_ticket> tickets) const {
    CHECK(link->accept(std::move(tickets)).empty());
  }
};

template <class Ticket>
Ticket numbered(uint64_t operation, uint64_t number, const std::string& content = "x") {
  if constexpr (std::is_same_v<Ticket, front_to_back_ticket>)
    return of(operation, number == 0 ? commencement(content) : to_back(number, ticket_kind::continuation, content));
  else
    return of(operation, to_front(number, ticket_kind::continuation, content));
}

template <class Ticket>
std::vector<Ticket> stream(uint64_t operation, size_t count, const std::string& content = "x") {
  std::vector<Ticket> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(numbered<Ticket>(operation, i, content));
  return result;
}

/// That the tickets of operation 1 are those of stream(), in order and complete.
template <class Ticket>
void check_stream(const std::vector<seen_frame<Ticket>>& frames, size_t count) {
  uint64_t next = 0;
  for (const auto& frame : frames)
    for (const auto& ticket : frame.tickets)
      if (ticket.operation.low == 1)
        REQUIRE(ticket.sequence_number.value == next++);
  CHECK(next == count);
}

template <class Ticket>
void check_small_tickets(const std::vector<seen_frame<Ticket>>& frames, size_t count) {
  check_stream(frames, count);
  REQUIRE(frames.size() == (count + most_tickets - 1) / most_tickets);
  for (const auto& x : frames) {
    CHECK(x.tickets.size() <= most_tickets);
    CHECK(x.bytes < most_bytes);
  }
  CHECK(frames.front().tickets.size() == most_tickets);
}

template <class Ticket>
void check_large_tickets(const std::vector<seen_frame<Ticket>>& frames, size_t count, size_t ticket_bytes) {
  check_stream(frames, count);
  for (const auto& x : frames)
    CHECK(x.bytes < most_bytes + ticket_bytes);
  for (size_t i = 0; i + 1 < frames.size(); ++i)
    CHECK(frames[i].bytes >= most_bytes);
  CHECK(frames.size() > 1);
}

/// In which frame this ticket is, and whether it is the only one of its operation.
template <class Ticket>
size_t frame_of(const std::vector<seen_frame<Ticket>>& frames, uint64_t operation, ticket_kind kind) {
  for (size_t i = 0; i < frames.size(); ++i)
    if (std::ranges::any_of(frames[i].tickets,
                            [&](const auto& x) { return x.operation.low == operation && x.kind == kind; }))
      return i;
  return SIZE_MAX;
}

constexpr size_t large = 100'000;
constexpr size_t large_ticket = large + 1000; ///< with all that is around its payload

} // namespace

TEST_CASE("S-LINK-1: a frame has at most 1,024 tickets") {
  watched_back back;
  back.send(stream<back_to_front_ticket>(1, 5000));
  check_small_tickets(back.front.frames->await(5000), 5000);
  watched_front front;
  front.send(stream<front_to_back_ticket>(1, 5000));
  check_small_tickets(front.frames->await(5000), 5000);
}

TEST_CASE("S-LINK-1: a frame has at most 256 KiB and one ticket") {
  watched_back back;
  back.send(stream<back_to_front_ticket>(1, 40, std::string(large, 'x')));
  check_large_tickets(back.front.frames->await(40), 40, large_ticket);
  watched_front front;
  front.send(stream<front_to_back_ticket>(1, 40, std::string(large, 'x')));
  check_large_tickets(front.frames->await(40), 40, large_ticket);
}

TEST_CASE("S-RECV-3: the failure of one operation overtakes a backlog of another, in the first frame that is full") {
  watched_back back;
  back.send({numbered<back_to_front_ticket>(2, 0)});
  auto batch = stream<back_to_front_ticket>(1, 5000);
  batch.push_back(of(2, to_front(1, ticket_kind::servicer_failure)));
  back.send(batch);
  const auto frames = back.front.frames->await(5002);
  check_stream(frames, 5000);
  REQUIRE(frames.size() == 6); // one before
  CHECK(frame_of(frames, 2, ticket_kind::servicer_failure) == 1);
  CHECK(frames[1].tickets.size() == most_tickets + 1);
  size_t times = 0;
  for (const auto& x : frames)
    times += static_cast<size_t>(
      std::ranges::count_if(x.tickets, [](const auto& y) { return y.kind == ticket_kind::servicer_failure; }));
  CHECK(times == 1);
}

TEST_CASE("S-RECV-3: a cancellation overtakes a backlog, but never the beginning of its own operation") {
  watched_front front;
  front.send({numbered<front_to_back_ticket>(2, 0)});
  auto batch = stream<front_to_back_ticket>(1, 3000);
  batch.push_back(numbered<front_to_back_ticket>(3, 0));
  batch.push_back(of(3, to_back(1, ticket_kind::cancellation)));
  batch.push_back(of(2, to_back(1, ticket_kind::cancellation)));
  front.send(batch);
  const auto frames = front.frames->await(3004);
  check_stream(frames, 3000);
  REQUIRE(frames.size() == 4);
  CHECK(frame_of(frames, 2, ticket_kind::cancellation) == 1);
  CHECK(frame_of(frames, 3, ticket_kind::commencement) == 3);
  CHECK(frame_of(frames, 3, ticket_kind::cancellation) == 3);
  CHECK(frames[3].tickets.back().kind == ticket_kind::cancellation);
  CHECK(frames[3].tickets.back().operation.low == 3);
}

TEST_CASE("S-RECV-3: a batch that fits into one frame keeps its order") {
  watched_front front;
  front.send({numbered<front_to_back_ticket>(2, 0)});
  auto batch = stream<front_to_back_ticket>(1, 10);
  batch.push_back(of(2, to_back(1, ticket_kind::cancellation)));
  front.send(batch);
  const auto frames = front.frames->await(12);
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].tickets.back().kind == ticket_kind::cancellation);
}
