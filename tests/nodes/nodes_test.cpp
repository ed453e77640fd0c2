#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../messages/node_name.hpp"
#include "../support/contains.hpp"
#include "../support/far_process.hpp"
#include "../support/process.hpp"
#include "../support/raw_client.hpp"
#include "../support/raw_peer.hpp"
#include "../support/temporary_folder.hpp"
#include "../support/test_types.hpp"
#include "../support/trace_folder.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

namespace tandem_test {

/// A type that must not leave its process.
struct local_only {};

} // namespace tandem_test

CAF_BEGIN_TYPE_ID_BLOCK(tandem_nodes_test, caf::first_custom_type_id + 1300)
  CAF_ADD_TYPE_ID(tandem_nodes_test, (tandem_test::local_only))
CAF_END_TYPE_ID_BLOCK(tandem_nodes_test)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tandem_test::local_only)

namespace {

/// Before main(), as all types.
[[maybe_unused]] const bool local_only_is_known = [] {
  tandem::compat::init_types<caf::id_block::tandem_nodes_test>();
  return true;
}();

} // namespace

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

using steady = std::chrono::steady_clock;

/// How soon a connection that is lost ends its operations: within a second, after the window to connect again.
const auto soon = 1s + link_options{}.window;

enum class recorded { yes, no };

/// A back on one node, in this process, published. Its trace, and those of the fronts that are connected to it, are
/// compared with the rules. It is not recorded where its peers break the rules on purpose, or where nothing reaches it.
struct far_side {
  trace_folder traces;
  node at;
  back_end back{at.system, test_services()};
  publication published = publish(at.system, back);

  explicit far_side(recorded x = recorded::yes) {
    if (x == recorded::yes)
      traces.record(back, "back");
  }
};

/// A front on another node, connected to a back.
struct near_side {
  node at;
  front_end front{at.system};

  explicit near_side(uint16_t port) {
    join(front, connect(at.system, "127.0.0.1", port));
  }

  explicit near_side(const far_side& far, const std::string& trace = "front") {
    far.traces.record(front, trace);
    join(front, connect(at.system, "127.0.0.1", far.published.port()));
  }

  operation hold() const {
    return front.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
  }

  ending echo(const std::string& what) const {
    auto op = front.operate({.name = "echo",
                             .payload = text(what),
                             .complete = true,
                             .timeout = 1min,
                             .subscription = full_serviced_subscription(make_consumer({}))});
    return await(ending_of(op));
  }
};

std::string starts(const std::vector<std::string>& notes, size_t index) {
  return index < notes.size() ? notes[index].substr(0, notes[index].find(':')) : "nothing";
}

} // namespace

TEST_CASE("operations between nodes behave as within one, with any registered payload") {
  far_side far;
  near_side near{far};
  auto received = std::make_shared<std::promise<payload>>();
  auto results = make_consumer([received](payload x) { received->set_value(std::move(x)); });
  auto op = near.front.operate({.name = "echo",
                                .payload = make_payload(point{3, 4}, "and a text"s),
                                .complete = true,
                                .timeout = 1min,
                                .subscription = full_serviced_subscription(results)});
  CHECK(await(ending_of(op)).value == outcome::completed);
  auto x = received->get_future().get();
  REQUIRE(x.size() == 2);
  CHECK(x.get_as<point>(0) == point{3, 4});
  CHECK(x.get_as<std::string>(1) == "and a text");
}

TEST_CASE("S-PORT-5: an actor in a payload is refused by name before it is sent") {
  far_side far{recorded::no};
  near_side near{far.published.port()};
  caf::scoped_actor self{near.at.system};
  auto op = near.front.operate({.name = "echo",
                                .payload = make_payload(caf::actor{self}, "and a text"s),
                                .complete = true,
                                .timeout = 1min,
                                .subscription = termination_only_serviced_subscription()});
  const auto end = await(ending_of(op));
  CHECK(end.value == outcome::transmission_failure);
  CHECK(end.details.find("has an actor (") != std::string::npos);
  CHECK(near.echo("unharmed").value == outcome::completed);
}

TEST_CASE("several fronts share one back, and each gets its own results") {
  far_side far;
  near_side first{far, "first"};
  near_side second{far, "second"};
  for (int i = 0; i < 20; ++i) {
    CHECK(first.echo("a").value == outcome::completed);
    CHECK(second.echo("b").value == outcome::completed);
  }
  CHECK(far.published.connections() == 2);
  wait_for_idle(far.back);
  CHECK(far.back.operation_stats().of(outcome::completed) == 40);
}

TEST_CASE("S-END-8: when the back's process is killed, the front's operations end with transmission failure") {
  process peer{{program("test_peer"), "back"}};
  const trace_folder traces;
  near_side near{static_cast<uint16_t>(std::stoi(peer.read_line().value()))};
  traces.record(near.front, "front");
  std::vector<std::future<ending>> ends;
  for (int i = 0; i < 100; ++i)
    ends.push_back(ending_of(near.hold()));
  CHECK(near.echo("still there").value == outcome::completed);
  const auto killed = steady::now();
  peer.send_signal(SIGKILL);
  for (auto& x : ends)
    CHECK(await(std::move(x)).value == outcome::transmission_failure);
  const auto missed = steady::now() - killed;
  MESSAGE("killed, default window: missed after " << missed / 1ms << " ms");
  CHECK(missed < soon);
  auto later = await(ending_of(near.hold()));
  CHECK(later.value == outcome::transmission_failure);
  CHECK(later.details.find("is lost") != std::string::npos);
  wait_for_idle(near.front);
}

TEST_CASE("S-END-8: when the front's process is killed, the back's operations end with transmission failure") {
  far_side far{recorded::no};
  near_side other{far};
  process peer{{program("test_peer"), "front", std::to_string(far.published.port()), "100"}};
  REQUIRE(peer.read_line() == "begun");
  CHECK(far.back.operation_stats().ongoing >= 100);
  const auto killed = steady::now();
  peer.send_signal(SIGKILL);
  wait_for_idle(far.back);
  CHECK(steady::now() - killed < soon);
  CHECK(far.back.operation_stats().of(outcome::transmission_failure) == 100);
  CHECK(other.echo("others go on").value == outcome::completed);
}

TEST_CASE("a publication that is closed ends its links") {
  far_side far;
  near_side near{far};
  auto end = ending_of(near.hold());
  CHECK(near.echo("x").value == outcome::completed);
  const auto port = far.published.port();
  CHECK(far.published.connections() == 1);
  far.published.close();
  CHECK(await(std::move(end)).value == outcome::transmission_failure);
  wait_for_idle(far.back);
  CHECK(far.published.port() == port);
  CHECK(far.published.connections() == 0);
  far.published.close();
}

TEST_CASE("bad input costs one operation: kinds, numbers, names and payloads that make no sense") {
  far_side far{recorded::no};
  near_side good{far};
  lying_front liar{far.published.port()};
  auto ticket = lying_front::first_ticket(1);
  ticket.name = "";
  liar.send(ticket);
  CHECK(liar.peer->answers->await(1).back() == "reception failure: S-TICKET-2: empty name on commencement");

  liar.send(lying_front::first_ticket(2));
  ticket = lying_front::first_ticket(2);
  ticket.kind = static_cast<ticket_kind>(99);
  ticket.sequence_number = {1};
  liar.send(ticket);
  CHECK(liar.peer->answers->await(2).back() == "reception failure: S-TICKET-2: unknown kind 99");

  liar.send(lying_front::first_ticket(3));
  ticket.operation = lying_front::first_ticket(3).operation;
  ticket.kind = ticket_kind::continuation;
  ticket.name.reset();
  ticket.subscription.reset();
  ticket.payload = text("x");
  ticket.sequence_number = {UINT64_MAX};
  liar.send(ticket);
  CHECK(liar.peer->answers->await(3).back()
        == "reception failure: S-TICKET-2: sequence number 18446744073709551615 is out of range");

  // A payload field whose bytes are no message of any type that is known here.
  liar.send(lying_front::first_ticket(4));
  ticket.operation = lying_front::first_ticket(4).operation;
  ticket.sequence_number = {1};
  ticket.payload.reset();
  ticket.timeout = 1min;
  auto item = liar.peer->item_of(ticket);
  const std::string payload_field = "\x07\x04\xff\xff\xff\xff";
  item[1] = static_cast<char>(item[1] + static_cast<char>(payload_field.size()));
  liar.peer->send_content(item + payload_field);
  CHECK(liar.peer->answers->await(4).back()
        == "reception failure: S-TICKET-2: payload of a type that is not known here, or cut off");

  CHECK(good.echo("unharmed").value == outcome::completed);
}

TEST_CASE("S-TICKET-8: a field of a later format is skipped") {
  far_side far{recorded::no};
  lying_front front{far.published.port()};
  auto ticket = lying_front::first_ticket(1);
  ticket.name = "echo";
  ticket.kind = ticket_kind::entire;
  auto item = front.peer->item_of(ticket);
  const std::string later_field = "\x63\x03new";
  item[1] = static_cast<char>(item[1] + static_cast<char>(later_field.size()));
  front.peer->send_content(item + later_field);
  CHECK(starts(front.peer->answers->await(1), 0) == "completion");
}

TEST_CASE("S-PORT-4: a frame that does not add up ends its session only") {
  far_side far{recorded::no};
  near_side good{far};
  lying_front liar{far.published.port()};
  liar.send(lying_front::first_ticket(1));
  auto answered = lying_front::first_ticket(2);
  answered.name = "echo";
  answered.kind = ticket_kind::entire;
  liar.send(answered);
  CHECK(starts(liar.peer->answers->await(1), 0) == "completion"); // so both have arrived
  liar.peer->send_content("\x01\xff\xff\xff\xff\xff garbage");
  wait_for_idle(far.back); // the liar's operation has ended with its session
  CHECK(far.back.operation_stats().of(outcome::transmission_failure) == 1);
  CHECK(good.echo("unharmed").value == outcome::completed);
}

TEST_CASE("garbage on the port, and a peer that says nothing, harm nobody") {
  far_side far;
  near_side good{far};
  raw_client silent{far.published.port()};
  raw_client garbage{far.published.port(), std::string(1000, '\xfe')};
  raw_client web{far.published.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"};
  CHECK(good.echo("unharmed").value == outcome::completed);
  near_side late{far, "late"};
  CHECK(late.echo("served").value == outcome::completed);
}

TEST_CASE("S-PORT-2, S-PORT-9: strangers are refused in words, and the oldest have to go for new ones") {
  node at;
  back_end back{at.system, test_services()};
  auto lines = std::make_shared<journal>();
  auto published
    = publish(at.system, back,
              {.link = {.handshake_timeout = 30s}, .limits = {.strangers = 5}, .log = [lines](const std::string& x) {
                 lines->note(x);
               }});
  near_side good{published.port()};
  const auto refused = [&](std::string_view bytes, const std::string& why) {
    const auto before = lines->notes().size();
    raw_client stranger{published.port(), bytes};
    const auto now = lines->await(before + 1);
    REQUIRE(now.size() == before + 1);
    CHECK(now.back().starts_with("refused 127.0.0.1:"));
    CHECK_MESSAGE(now.back().ends_with(": " + why), now.back());
  };
  refused("GET / HTTP/1.1\r\n\r\n", "it speaks HTTP");
  refused("\x16\x03\x01\x02\x00\x01\x00\x01", "it speaks TLS, which is not expected here");
  refused(std::string(32, '\xfe'), "its first bytes are not those of a Tandem port");
  refused(std::string("TNDM\x01\x01\xff\xff", 8), "its greeting is said to have 65535 bytes, and 4096 are allowed");
  refused(std::string("TNDM\x63\x09\x00\x00", 8), "it speaks versions 9 to 99 of the protocol, this side 1 to 1");
  refused(std::string("TNDM\x01\x01\x00\x02[]", 10), "its greeting is not a JSON object");
  CHECK(good.echo("unharmed").value == outcome::completed);

  std::vector<std::unique_ptr<raw_client>> crowd;
  const auto before = lines->notes().size();
  for (size_t i = 0; i < 6; ++i)
    crowd.push_back(std::make_unique<raw_client>(published.port()));
  CHECK(contains(lines->await(before + 1).back(), ": others came after it, and limits.strangers is 5"));
  CHECK(good.echo("unharmed").value == outcome::completed);
  const auto status = published.status();
  CHECK(status.refused.at("handshake") == lines->notes().size() - 1);
  CHECK(status.refused.at("limit") == 1);
  CHECK(status.strangers == 5);
  CHECK(status.connections >= 6);
  REQUIRE(status.fronts.size() == 1);
  CHECK(status.fronts[0].link.state == "up");
  CHECK(status.fronts[0].link.connections == 1);
  CHECK(status.fronts[0].front.node == default_node_name());
  CHECK(status.fronts[0].front.address.starts_with("127.0.0.1:"));
}

TEST_CASE("what cannot be connected or published is said in one line") {
  node x;
  uint16_t unused = 0;
  {
    far_side far{recorded::no};
    unused = far.published.port();
    node other;
    back_end back{other.system, test_services()};
    CHECK_THROWS_WITH(static_cast<void>(publish(other.system, back, {.port = unused})),
                      doctest::Contains(("cannot listen on 127.0.0.1:" + std::to_string(unused)).c_str()));
  }
  CHECK_THROWS_WITH(connect(x.system, "127.0.0.1", unused),
                    doctest::Contains(("cannot connect to 127.0.0.1:" + std::to_string(unused)).c_str()));
  CHECK_THROWS_WITH(connect(x.system, "127.0.0.1", unused), doctest::Contains("nothing listens there"));
  CHECK_THROWS_WITH(connect(x.system, "", 1), "connect: host must not be empty");
  CHECK_THROWS_WITH(connect(x.system, "127.0.0.1", 0), "connect: port must not be zero");
  CHECK_THROWS_WITH(connect(x.system, "unix:/x", 1), "connect: a socket in the file system has no port, but port is 1");
}

TEST_CASE("S-PORT-7: a server that accepts and says nothing is given up in time") {
  const raw_listener listener;
  node x;
  CHECK_THROWS_WITH(connect(x.system, "127.0.0.1", listener.port(), {.timeout = 200ms}),
                    doctest::Contains("no answer within 200 ms: 1 attempt, connected but no handshake came"));
}

TEST_CASE("a socket in the file system carries operations, and knows whose process is there") {
  const temporary_folder folder;
  const auto path = "unix:" + folder.file("back.sock");
  node at;
  back_end back{at.system, test_services()};
  auto published = publish(at.system, back, {.address = path});
  CHECK(published.port() == 0);
  node near;
  front_end front{near.system};
  const auto link = connect(near.system, path);
  join(front, link);
  CHECK(echo(front, false).value == outcome::completed);
  CHECK(link->other_side().identity == "user " + std::to_string(::getuid()));
  CHECK_THROWS_WITH(static_cast<void>(publish(at.system, back, {.address = path})),
                    doctest::Contains("something else is there"));
  published.close();
  CHECK_THROWS_WITH(connect(near.system, path), doctest::Contains("nothing listens there"));
}

TEST_CASE("what an operator sees of a link") {
  far_side far;
  node near;
  front_end front{near.system};
  const auto link = connect(near.system, "127.0.0.1", far.published.port(), {.log = [](const std::string&) {}});
  join(front, link);
  CHECK(echo(front, false).value == outcome::completed);
  CHECK(link->flush(1min) == flush_result::arrived);
  const auto x = link->status();
  CHECK(x.state == "up");
  CHECK(x.peer_says == "ready");
  CHECK(x.connections == 1);
  CHECK(x.sessions == 1);
  REQUIRE(x.round_trip);
  CHECK(*x.round_trip > 0s);
  CHECK(x.waiting_bytes == 0);
  CHECK(x.unacknowledged_bytes == 0);
  CHECK(x.last_failure == "");
  CHECK(link->other_side().address == "127.0.0.1:" + std::to_string(far.published.port()));
  far.published.close();
  CHECK(echo(front, false).value == outcome::transmission_failure);
  CHECK(link->status().state != "up");
}

TEST_CASE("S-PORT-6: a name with several addresses is connected, whichever of them answers") {
  node at;
  back_end back{at.system, test_services()};
  auto published = publish(at.system, back, {.address = "127.0.0.1"});
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "localhost", published.port()));
  CHECK(echo(front, false).value == outcome::completed);
}

TEST_CASE("a payload that cannot leave the process is a transmission failure of its operation") {
  far_side far{recorded::no};
  near_side near{far.published.port()};
  auto op = near.front.operate({.name = "echo",
                                .payload = make_payload(local_only{}),
                                .complete = true,
                                .timeout = 1min,
                                .subscription = termination_only_serviced_subscription()});
  auto end = await(ending_of(op));
  CHECK(end.value == outcome::transmission_failure);
  CHECK(near.echo("unharmed").value == outcome::completed);
}
