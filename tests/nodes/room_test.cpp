/// How much may come that nobody has consumed, and how much may wait to be sent (S-PORT-11).
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/limited_log.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../actors/nodes/session/room.hpp"
#include "../support/far_process.hpp"
#include "../support/raw_peer.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

constexpr size_t read_ahead = size_t{256} << 10;
constexpr size_t send_ahead = size_t{64} << 10;
constexpr size_t large = 10'000;

link_options narrow() {
  link_options result;
  result.window = 10s;
  result.read_ahead = read_ahead;
  result.send_ahead = send_ahead;
  return result;
}

/// "count" consumes when the gate is open, in a thread of its own, and then tells how many payloads came; "echo" does
/// not wait.
struct gated_back {
  std::promise<void> gate;
  std::shared_future<void> is_open = gate.get_future().share();
  node far;
  back_end back{far.system, services(), {.work = std::make_shared<thread_pool>(2)}};
  publication published = publish(far.system, back, {.link = narrow(), .log = [](const std::string&) {}});

  std::shared_ptr<servicer> services() const {
    auto result = std::make_shared<method_table>();
    result->add("count", [open = is_open](const operation_context&, const output_consumer& out) {
      auto count = std::make_shared<size_t>(0);
      return make_consumer(
        [open, count](const payload&) {
          open.wait();
          ++*count;
        },
        [out, count] { out.consume_and_terminate(text(std::to_string(*count))); });
    });
    result->add("echo", [](const operation_context&, const output_consumer& out) {
      return make_consumer([out](payload x) { out.consume(std::move(x)); }, [out] { out.terminate(); });
    });
    return result;
  }
};

/// A thread that sends payloads as fast as it can.
class pouring {
public:
  pouring(operation to, size_t payloads)
    : to_(std::move(to)), thread_([this, payloads] {
        const auto out = to_.consumer();
        const auto content = text(std::string(large, 'x'));
        for (size_t i = 0; i < payloads && to_.context().is_active(); ++i) {
          out.consume(content);
          ++given_;
        }
        out.terminate();
        over_ = true;
      }) {
  }

  ~pouring() {
    thread_.join();
  }

  size_t given() const {
    return given_;
  }
  bool over() const {
    return over_;
  }

private:
  operation to_;
  std::atomic<size_t> given_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

operation begin(const front_end& front, const std::string& method, std::shared_ptr<consumer> results) {
  return front.operate(
    {.name = method, .timeout = 1min, .subscription = full_serviced_subscription(std::move(results))});
}

/// Returns when the other side has no room, and so much waits that threads that send have to.
void await_congestion(const node_link& x) {
  while (x.status().waiting_bytes <= send_ahead)
    std::this_thread::yield();
}

/// Of the operation that lying_front::first_ticket(operation) begins, with a payload of so many bytes.
front_to_back_ticket next_ticket(uint64_t operation, uint64_t number, size_t bytes) {
  auto result = to_back(number, ticket_kind::continuation, std::string(bytes, 'x'));
  result.operation = lying_front::first_ticket(operation).operation;
  return result;
}

/// What may be under way, apart from what the options name: events that the shard has not got to, and a batch.
constexpr size_t on_its_way = size_t{8} << 20;

} // namespace

TEST_CASE("S-PORT-11: room, by numbers") {
  receive_room here{1000};
  send_room there;
  CHECK_FALSE(there.has_some());
  there.allowed(here.told());
  CHECK(here.told() == 1000);
  CHECK(here.next_news() == 250);
  there.sent(999);
  CHECK(there.has_some()); // a frame may be begun, and be longer than the room
  there.sent(65'000);
  CHECK_FALSE(there.has_some());
  CHECK(here.tell(700) == 1700);
  CHECK(here.next_news() == 950);
  there.allowed(1700);
  there.allowed(100'000);
  there.allowed(1); // is not taken back
  CHECK(there.has_some());
  CHECK(here.came(2700));
  CHECK_FALSE(here.came(1));
}

TEST_CASE("S-PORT-11: a thread that sends waits while payloads are not consumed, and nothing else does") {
  gated_back x;
  node near;
  front_end front{near.system, {.window = no_window}}; // so that nothing but the link bounds what is sent
  const auto link = connect(near.system, "127.0.0.1", x.published.port(), {.link = narrow()});
  join(front, link);
  auto said = std::make_shared<journal>();
  const auto slow = begin(front, "count", noting_consumer(said));
  auto end = ending_of(slow);
  constexpr size_t payloads = 5000; // 50 MB
  {
    const pouring all{slow, payloads};
    await_congestion(*link);
    // An operation that is cancelled goes ahead of all that.
    const auto other = begin(front, "count", make_consumer({}));
    auto other_end = ending_of(other);
    other.cancel("not wanted");
    CHECK(await(std::move(other_end)).value == outcome::cancelled);
    CHECK(all.given() * large <= read_ahead + send_ahead + on_its_way);
    CHECK_FALSE(all.over());
    CHECK(link->status().state == "up");
    CHECK(link->status().waiting_bytes <= send_ahead + on_its_way);
    x.gate.set_value();
  }
  CHECK(await(std::move(end)).value == outcome::completed);
  CHECK(said->notes().front() == std::to_string(payloads));
  CHECK(link->status().connections == 1);
}

TEST_CASE("S-PORT-11: a thread that waits goes on when its operation ends, or the link is lost") {
  bool link_is_lost = false;
  SUBCASE("operation") {
  }
  SUBCASE("link") {
    link_is_lost = true;
  }
  gated_back x;
  node near;
  front_end front{near.system, {.window = no_window}}; // so that nothing but the link bounds what is sent
  auto link = connect(near.system, "127.0.0.1", x.published.port(), {.link = narrow()});
  join(front, link);
  const auto slow = begin(front, "count", make_consumer({}));
  {
    const pouring all{slow, 100'000};
    await_congestion(*link);
    if (link_is_lost)
      link->fore_lost("the test wants it");
    else
      slow.cancel("not wanted");
  }
  CHECK(await(ending_of(slow)).value == (link_is_lost ? outcome::transmission_failure : outcome::cancelled));
  x.gate.set_value();
}

TEST_CASE("S-PORT-11: an echo does not pile up while its front consumes nothing") {
  gated_back x;
  std::promise<void> gate;
  const auto open = gate.get_future().share();
  node near;
  front_end front{near.system, {.work = std::make_shared<thread_pool>(2), .window = no_window}};
  const auto link = connect(near.system, "127.0.0.1", x.published.port(), {.link = narrow()});
  join(front, link);
  std::atomic<size_t> came{0};
  const auto slow = begin(front, "echo", make_consumer([&](const payload&) {
                            open.wait();
                            ++came;
                          }));
  auto end = ending_of(slow);
  constexpr size_t payloads = 5000;
  {
    const pouring all{slow, payloads};
    await_congestion(*link);
    CHECK(x.published.status().fronts.front().link.waiting_bytes <= send_ahead + read_ahead + on_its_way);
    CHECK(all.given() * large <= 2 * (read_ahead + send_ahead + on_its_way));
    gate.set_value();
  }
  CHECK(await(std::move(end)).value == outcome::completed);
  CHECK(came == payloads);
}

TEST_CASE("S-PORT-11: payloads in pieces that are larger than the room arrive") {
  gated_back x;
  x.gate.set_value();
  node near;
  front_end front{near.system, {.window = no_window}}; // so that nothing but the link bounds what is sent
  join(front, connect(near.system, "127.0.0.1", x.published.port(), {.link = narrow()}));
  size_t came = 0;
  const auto echoed
    = begin(front, "echo", make_consumer([&](const payload& y) { came += get_payload<std::string>(y).size(); }));
  auto end = ending_of(echoed);
  for (int i = 0; i < 20; ++i)
    echoed.consumer().consume(text(std::string(10 * read_ahead, 'x')));
  echoed.consumer().terminate();
  CHECK(await(std::move(end)).value == outcome::completed);
  CHECK(came == 20 * 10 * read_ahead);
}

TEST_CASE("S-PORT-11: a peer that sends more than its room loses its session") {
  gated_back x;
  lying_front liar{x.published.port()};
  CHECK(liar.answer.room == read_ahead);
  auto ticket = lying_front::first_ticket(1);
  ticket.name = "count";
  liar.send(ticket);
  size_t sent = 0;
  for (uint64_t i = 1; sent < 10 * read_ahead && liar.peer->send(next_ticket(1, i, large)); ++i)
    sent += large;
  CHECK(liar.peer->await_close());
  x.gate.set_value();
  wait_for_idle(x.back);
}

TEST_CASE("S-PORT-11: tickets that wait for their turn take room, whatever comes with them") {
  gated_back x;
  lying_front liar{x.published.port()};
  size_t sent = 0;
  for (uint64_t operation = 1; sent < 10 * read_ahead; ++operation) {
    auto first = lying_front::first_ticket(operation);
    first.name = "count";
    auto items = liar.peer->item_of(first);
    for (uint64_t i = 2; i < 60; ++i) // the first never comes
      items += liar.peer->item_of(next_ticket(operation, i, 900));
    if (!liar.peer->send_content(items))
      break;
    sent += items.size();
  }
  CHECK(liar.peer->await_close());
  x.gate.set_value();
}

TEST_CASE("S-SESSION-3: a peer that acknowledges nothing loses its session") {
  node far;
  back_end back{far.system, test_services()};
  const auto published
    = publish(far.system, back, {.link = {.resend_limit = 100'000}, .log = [](const std::string&) {}});
  lying_front liar{published.port()};
  for (uint64_t i = 1; i <= 200; ++i) { // each is answered by its long name, ahead of all payloads
    auto ticket = lying_front::first_ticket(i);
    ticket.name = std::string(20'000, 'n');
    if (!liar.peer->send(ticket))
      break;
  }
  CHECK(liar.peer->await_close());
}

TEST_CASE("a log shows nothing of a stranger's that ends a line or tells a terminal what to do") {
  journal lines;
  limited_log log{[&](const std::string& line) { lines.note(line); }};
  log.write("refused a\nb\x1b[31m\x7f \xc2\x9b \xc3\xa4");
  CHECK(lines.notes() == std::vector<std::string>{"refused a?b?[31m? ? \xc3\xa4"});
}

TEST_CASE("S-PORT-11: no more is sent than the other side has room for, but for what goes ahead") {
  gated_back x;
  lying_front small{x.published.port()};
  greeting with_room;
  with_room.room = 50'000;
  REQUIRE(small.greet(to_text(with_room)) == "");
  auto ticket = lying_front::first_ticket(1);
  ticket.name = "echo";
  small.send(ticket);
  for (uint64_t i = 1; i <= 20; ++i)
    small.send(next_ticket(1, i, large));
  CHECK(small.peer->answers->await(5).size() == 5); // the fifth has used the room up
  // A refusal goes ahead.
  auto unknown = lying_front::first_ticket(2);
  unknown.name = "no such method";
  small.send(unknown);
  CHECK(small.peer->answers->await(6).back().starts_with("reception failure"));
  std::string room;
  append_room(1'000'000, room);
  small.peer->send_content(room);
  CHECK(small.peer->answers->await(21).size() == 21);
  x.gate.set_value();
}
