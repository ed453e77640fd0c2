/// Peers that speak the protocol of a port, but not the truth: damaged and impossible handshakes and frames (S-PORT).
#include "../../actors/nodes/publish.hpp"
#include "../support/contains.hpp"
#include "../support/far_process.hpp"
#include "../support/raw_peer.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A back, an honest front and one that is not, each on a node of its own. The trace of the honest front is compared
/// with the rules; the back's would have what the other one does to it.
struct company {
  trace_folder traces;
  node far;
  back_end back{far.system, test_services()};
  publication published = publish(far.system, back, {.link = {.window = 1s}, .log = [](const std::string&) {}});
  node near;
  front_end front{near.system};
  lying_front liar{published.port()};

  company() {
    traces.record(front, "front");
    join(front, connect(near.system, "127.0.0.1", published.port(), patient(1s)));
  }

  bool unharmed() const {
    return echo(front, false).value == outcome::completed;
  }
};

std::string greeting_of(const std::string& session, const std::string& secret, uint64_t received = 0) {
  greeting x;
  x.session = session;
  x.secret = secret;
  x.received = received;
  return to_text(x);
}

} // namespace

TEST_CASE("S-PORT-3: nobody goes on with a session without its secret") {
  company all;
  auto& liar = all.liar;
  const auto honest = liar.answer;
  CHECK(honest.secret.size() == 32);
  auto held = lying_front::first_ticket(1);
  liar.send(held);
  held = lying_front::first_ticket(2);
  held.name = "echo";
  held.kind = ticket_kind::entire;
  liar.send(held);
  REQUIRE(liar.peer->answers->await(1).front() == "completion: "); // so both have arrived
  for (const auto& guess : {std::string{}, std::string{"0"}, std::string(32, '0'), honest.secret.substr(1)}) {
    // It gets a session of its own.
    lying_front thief{all.published.port()};
    REQUIRE(thief.greet(greeting_of(honest.session, guess)) == "");
    CHECK(thief.answer.session != honest.session);
    CHECK(thief.answer.received == 0);
  }
  CHECK(all.back.operation_stats().ongoing == 1);
  // Whoever has the secret does.
  REQUIRE(liar.greet(greeting_of(honest.session, honest.secret, 0)) == "");
  CHECK(liar.answer.session == honest.session);
  CHECK(liar.answer.secret == "");
  CHECK(liar.answer.received == 2);
  CHECK(liar.peer->answers->await(2 - 1).size() == 1); // what it says that it lacks comes again
  CHECK(all.unharmed());
}

TEST_CASE("S-PORT-2: a greeting that is damaged anywhere is either refused or harmless") {
  company all;
  greeting honest;
  honest.node = "the liar";
  const auto whole = to_text(honest);
  int refused = 0;
  auto try_it = [&](const std::string& text) { refused += all.liar.greet(text).empty() ? 0 : 1; };
  std::mt19937_64 random{7};
  for (size_t i = 0; i < whole.size(); ++i) {
    try_it(whole.substr(0, i));
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ static_cast<char>(1U << (random() % 8)));
    try_it(changed);
  }
  for (const auto* text : {"[]", "17", "null", "\"\"", "{\"received\":-1}", "{\"received\":1e300}", "{\"session\":[]}"})
    try_it(text);
  try_it(std::string(longest_greeting, '['));
  try_it("{\"later\":" + std::string(2000, '[') + std::string(2000, ']') + "}");
  CHECK(refused > 0);
  CHECK(all.unharmed());
}

TEST_CASE("S-PORT-2: every beginning of a good conversation is harmless, and so is one with any byte damaged") {
  company all;
  auto ticket = lying_front::first_ticket(1);
  ticket.timeout = 1min;
  ticket.payload = text("a payload");
  auto items = all.liar.peer->item_of(ticket);
  ticket = lying_front::first_ticket(2);
  ticket.kind = ticket_kind::entire;
  ticket.trace_id = trace_id{1, 2};
  items += all.liar.peer->item_of(ticket);
  const auto head = frame_head(1, 0, items.size());
  const auto whole = to_handshake("{}") + std::string{head.data(), head.size()} + items + to_bytes(core::ping{1})
                     + to_bytes(core::goodbye{});
  std::mt19937_64 random{7};
  std::vector<raw_socket> open;
  for (size_t i = 0; i < whole.size(); ++i) {
    auto damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ static_cast<char>(1U << (random() % 8)));
    for (const auto& bytes :
         {whole.substr(0, i), damaged, whole.substr(0, i) + static_cast<char>(random()) + whole.substr(i)}) {
      open.push_back(raw_socket::connected_to(all.published.port()));
      open.back().write(bytes);
    }
    if (open.size() > 40)
      open.clear();
  }
  open.clear();
  CHECK(all.unharmed());
  wait_for_idle(all.back); // their operations have ended with their sessions
}

TEST_CASE("S-SESSION-1: frames whose numbers cannot be cost their session") {
  company all;
  struct numbers {
    uint64_t number;
    uint64_t received;
  };
  for (const auto& x : {numbers{2, 0}, numbers{UINT64_MAX, 0}, numbers{1, 1}, numbers{1, UINT64_MAX}}) {
    REQUIRE(all.liar.greet() == "");
    auto& peer = *all.liar.peer;
    peer.send_content(peer.item_of(lying_front::first_ticket(x.number)), x.number, x.received);
    CHECK(peer.await_close());
    CHECK(all.unharmed());
  }
}

TEST_CASE("S-PORT-4, S-PORT-10: messages that cannot be cost their session") {
  company all;
  for (const auto& bytes :
       {std::string("\0\0\0\0\0", 5), std::string("\0\0\0\0\x63", 5), std::string("\xff\xff\xff\xff\5", 5),
        std::string("\0\0\0\7\3", 5), std::string("\0\0\0\1\4\x9", 6)}) {
    REQUIRE(all.liar.greet() == "");
    all.liar.peer->send_bytes(bytes);
    CHECK(all.liar.peer->await_close());
  }
  CHECK(all.unharmed());
}

TEST_CASE("S-PORT-5: pieces that cannot be cost their session, and pieces of nothing cost nothing") {
  company all;
  node at;
  auto ticket = lying_front::first_ticket(1);
  ticket.payload = text(std::string(20'000, 'x'));
  const auto announced = [&](uint64_t transfer) {
    std::string item;
    large_payload large;
    append_ticket(at.system, ticket, {.transfer = transfer}, item, large);
    return item;
  };
  const auto piece = [](uint64_t transfer, size_t size) {
    std::string item;
    append_piece(transfer, size, item);
    return item + std::string(size, 'x');
  };
  REQUIRE(all.liar.greet() == "");
  all.liar.peer->send_content(piece(7, 100));
  all.liar.peer->send_content(announced(1) + announced(1)); // twice
  CHECK(all.liar.peer->await_close());
  REQUIRE(all.liar.greet() == "");
  all.liar.peer->send_content(announced(1) + piece(1, 15'000) + piece(1, 15'000)); // more than announced
  CHECK(all.liar.peer->await_close());
  REQUIRE(all.liar.greet() == "");
  std::string many;
  for (uint64_t i = 1; i <= 17; ++i)
    many += announced(i);
  all.liar.peer->send_content(many);
  CHECK(all.liar.peer->await_close());
  CHECK(all.unharmed());
}

TEST_CASE("S-PORT-2: welcomes that cannot be true are refused in words") {
  struct lie {
    std::string handshake;
    std::string complaint;
  };
  greeting refusing;
  refusing.refused = "no room";
  greeting resuming;
  resuming.session = "0123";
  const std::vector<lie> lies{
    {"HTTP/1.1 400 Bad Request\r\n\r\n", "it speaks HTTP"},
    {std::string("TNDM\x63\x09\x00\x02{}", 10), "it speaks versions 9 to 99 of the protocol, this side 1 to 1"},
    {to_handshake("{"), "its greeting cannot be read"},
    {to_handshake(to_text(refusing)), "it refused: no room"},
    {to_handshake(to_text(resuming)), "its greeting begins no session, and does not go on with one"},
  };
  for (const auto& x : lies) {
    lying_back back{x.handshake};
    node near;
    CHECK_THROWS_WITH(connect(near.system, "127.0.0.1", back.port()), doctest::Contains(x.complaint.c_str()));
  }
}
