/// What crosses a port, byte by byte: the bounds of a frame, abortive tickets that go ahead, payloads in pieces, turns
/// (S-PORT-4, S-PORT-5). The other side is the test's, and looks into every frame.
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../support/collecting_peers.hpp"
#include "../support/contains.hpp"
#include "../support/far_process.hpp"
#include "../support/raw_peer.hpp"
#include "../support/test_types.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A back's side of a link, whose front looks into frames.
struct watched_back {
  node far;
  std::shared_ptr<in_memory_link> behind = std::make_shared<in_memory_link>();
  publication published = publish(far.system, [x = behind](const node_description&) { return x; });
  lying_front front{published.port()};

  void send(std::vector<back_to_front_ticket> tickets) const {
    CHECK(behind->accept(std::move(tickets)).empty());
  }
};

/// A front's side of a link, whose back looks into frames.
struct watched_front {
  node near;
  lying_back back{lying_back::welcome()};
  std::shared_ptr<node_link> link = connect(near.system, "127.0.0.1", back.port());

  void send(std::vector<front_to_back_ticket> tickets) const {
    CHECK(link->accept(std::move(tickets)).empty());
  }
};

template <class Ticket>
std::vector<Ticket> stream(uint64_t operation, size_t count, const std::string& content = "x") {
  std::vector<Ticket> result;
  for (size_t i = 0; i < count; ++i)
    if constexpr (std::is_same_v<Ticket, front_to_back_ticket>)
      result.push_back(of(operation, i == 0 ? commencement(content) : to_back(i, ticket_kind::continuation, content)));
    else
      result.push_back(of(operation, to_front(i, ticket_kind::continuation, content)));
  return result;
}

/// That the tickets of operation 1 are those of stream(), in order and complete, and no frame is too large.
template <class Ticket>
void check_stream(const std::vector<seen_frame<Ticket>>& frames, size_t count) {
  uint64_t next = 0;
  for (const auto& frame : frames) {
    CHECK(frame.bytes <= frame_limit);
    for (const auto& ticket : frame.tickets)
      if (ticket.operation.low == 1)
        REQUIRE(ticket.sequence_number.value == next++);
  }
  CHECK(next == count);
}

} // namespace

TEST_CASE("S-PORT-4: however many tickets there are, a frame stays within its limit, and their order stays") {
  watched_back back;
  back.send(stream<back_to_front_ticket>(1, 5000));
  check_stream(back.front.peer->frames->await(5000), 5000);
  watched_front front;
  front.send(stream<front_to_back_ticket>(1, 5000));
  check_stream(front.back.peer().frames->await(5000), 5000);
  front.send(stream<front_to_back_ticket>(2, 40, std::string(15'000, 'x')));
  check_stream(front.back.peer().frames->await(5040), 5000);
}

TEST_CASE("S-PORT-4, S-RECV-3: a cancellation overtakes the backlog of another operation, and its own payloads") {
  watched_front front;
  auto batch = stream<front_to_back_ticket>(1, 10'000, std::string(100, 'x'));
  for (auto& x : stream<front_to_back_ticket>(2, 1000))
    batch.push_back(std::move(x));
  batch.push_back(of(2, to_back(1000, ticket_kind::cancellation)));
  front.send(batch);
  const auto frames = front.back.peer().frames->await(10'002);
  check_stream(frames, 10'000);
  // Its beginning, without which the other side would not know it, and its end: both are in the first frame.
  std::vector<ticket_kind> of_second;
  for (const auto& x : frames.front().tickets)
    if (x.operation.low == 2)
      of_second.push_back(x.kind);
  CHECK(of_second == std::vector{ticket_kind::commencement, ticket_kind::cancellation});
}

TEST_CASE("S-PORT-5: a payload above maximum_payload is its sender's failure at once") {
  node near;
  lying_back back{lying_back::welcome()};
  const auto link = connect(near.system, "127.0.0.1", back.port(), {.link = {.maximum_payload = 1000}});
  const auto refused = link->accept({of(1, commencement(std::string(1001, 'x')))});
  REQUIRE(refused.size() == 1);
  CHECK(refused.front().reason == "the payload has 1001 bytes, and maximum_payload is 1000");
  CHECK(link->accept({of(2, commencement(std::string(1000, 'x')))}).empty());
  CHECK(back.peer().frames->await(1).front().tickets.front().operation.low == 2);
}

TEST_CASE("S-SEND-7: the other side does not wait for a payload that cannot go") {
  auto services = std::make_shared<method_table>();
  services->add("large", [](const operation_context&, const output_consumer& out) {
    out.consume_and_terminate(text(std::string(1001, 'x')));
    return make_consumer({});
  });
  auto ended = std::make_shared<journal>();
  services->add("take", [ended](const operation_context& context, const output_consumer&) {
    context.add_termination_callback([ended](outcome x) { ended->note(to_string(x)); });
    return make_consumer({});
  });
  node far;
  back_end back{far.system, services};
  const auto published = publish(far.system, back, {.link = {.maximum_payload = 1000}});
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", published.port(), {.link = {.maximum_payload = 1000}}));
  const auto asked = await(ending_of(front.operate({.name = "large",
                                                    .complete = true,
                                                    .timeout = 1h,
                                                    .subscription = full_serviced_subscription(make_consumer({}))})));
  CHECK(asked.value == outcome::transmission_failure);
  CHECK(asked.details == "the payload has 1001 bytes, and maximum_payload is 1000");
  auto giving
    = front.operate({.name = "take", .timeout = 1h, .subscription = full_serviced_subscription(make_consumer({}))});
  giving.consumer().consume(text(std::string(1001, 'x')));
  CHECK(await(ending_of(giving)).value == outcome::transmission_failure);
  CHECK(ended->await(1).front() == "transmission failure");
}

TEST_CASE("S-SEND-7: a payload that cannot be written ends both sides at once, and both name its type") {
  auto services = std::make_shared<method_table>();
  services->add("thorns", [](const operation_context&, const output_consumer& out) {
    out.consume_and_terminate(make_payload(thorny{true}));
    return make_consumer({});
  });
  auto at_back = std::make_shared<journal>();
  services->add("take", [at_back](const operation_context& context, const output_consumer&) {
    context.add_termination_callback([at_back](const operation_end& x) { at_back->note(x.details); });
    return make_consumer({});
  });
  node far;
  back_end back{far.system, services};
  const auto published = publish(far.system, back, {});
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", published.port()));
  const auto begin = [&](const std::string& name, bool complete) {
    return front.operate({.name = name,
                          .complete = complete,
                          .timeout = 1h,
                          .subscription = full_serviced_subscription(make_consumer({}))});
  };
  const auto asked = await(ending_of(begin("thorns", true)));
  CHECK(asked.value == outcome::transmission_failure);
  CHECK(contains(asked.details, "thorny"));
  auto giving = begin("take", false);
  giving.consumer().consume(make_payload(thorny{true}));
  const auto given = await(ending_of(giving));
  CHECK(given.value == outcome::transmission_failure);
  CHECK(contains(given.details, "thorny"));
  CHECK(contains(at_back->await(1).front(), "thorny"));
}

TEST_CASE("S-PORT-5: a payload above the receiver's maximum_payload is a fault of its ticket, before its bytes come") {
  node far;
  back_end end{far.system, test_services()};
  auto published = publish(far.system, end, {.link = {.maximum_payload = 1000}});
  lying_front front{published.port()};
  auto ticket = lying_front::first_ticket(1);
  ticket.payload = text(std::string(1001, 'x'));
  front.send(ticket);
  CHECK(front.peer->answers->await(1).back()
        == "reception failure: S-TICKET-2: payload of 1001 bytes, and maximum_payload is 1000");
  // In pieces: announced, but none of it sent.
  node near;
  large_payload large;
  std::string item;
  ticket = lying_front::first_ticket(2);
  ticket.payload = text(std::string(100'000, 'x'));
  REQUIRE(append_ticket(near.system, ticket, {.transfer = 1}, item, large) == ticket_written::without_payload);
  front.peer->send_content(item);
  CHECK(front.peer->answers->await(2).back()
        == "reception failure: S-TICKET-2: payload of 100000 bytes, and maximum_payload is 1000");
}

TEST_CASE("S-PORT-5: large payloads arrive whole, once, and small operations do not wait behind them") {
  const far_process back{{}};
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", back.port));
  std::vector<std::future<ending>> ends;
  std::vector<std::shared_ptr<journal>> results;
  std::vector<std::string> said;
  for (size_t size : {size_t{1}, size_t{16} << 10, (size_t{16} << 10) + 1, size_t{64} << 10, size_t{1} << 20,
                      (size_t{8} << 20) + 17}) {
    std::string content(size, 'a');
    for (size_t i = 0; i < size; i += 1000)
      content[i] = static_cast<char>('a' + i / 1000 % 26);
    said.push_back(content);
    results.push_back(std::make_shared<journal>());
    auto op = front.operate({.name = "echo",
                             .payload = text(content),
                             .complete = true,
                             .timeout = 1min,
                             .subscription = full_serviced_subscription(noting_consumer(results.back()))});
    ends.push_back(ending_of(op));
  }
  CHECK(echo(front, false).value == outcome::completed);
  for (size_t i = 0; i < ends.size(); ++i) {
    const auto end = await(std::move(ends[i]));
    CHECK(end.details == "");
    CHECK((results[i]->notes() == std::vector<std::string>{said[i], "."}));
  }
}
