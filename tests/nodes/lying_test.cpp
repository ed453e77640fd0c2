/// Peers that speak CAF, but not the truth: damaged and impossible hellos, welcomes and frames. S-LINK-1, S-LINK-5.
#include "../../actors/nodes/publish.hpp"
#include "../../messages/greeting.hpp"
#include "../support/contains.hpp"
#include "../support/far_process.hpp"
#include "../support/lying_front.hpp"
#include "../support/trace_folder.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/io/middleman.hpp>
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
  patient_node far;
  back_end back{far.system, test_services()};
  publication published = publish(far.system, back, {.link = {.window = 1s}});
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

/// A back that answers hello with what the test says.
struct lying_back {
  using teller = std::function<welcome(const hello&)>;

  explicit lying_back(const teller& answer) {
    auto tell = [](caf::event_based_actor*, const teller& x) -> caf::behavior {
      return {[x](const hello& greeted) { return x(greeted); }};
    };
    gate = at.system.spawn(tell, answer);
    port = at.system.middleman().publish(gate, 0, "127.0.0.1").value();
  }

  ~lying_back() {
    caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
  }

  patient_node at;
  caf::actor gate;
  uint16_t port;
};

greeting honest_greeting() {
  return {"the liar", "a link", 1, false, 0, 1s, 0};
}

} // namespace

TEST_CASE("S-LINK-1: hellos that cannot be true are refused in words") {
  company all;
  auto& liar = all.liar;
  CHECK(contains(liar.greet(0), "ticket format 0 is too old, this side reads from 1"));
  CHECK(contains(liar.greet(ticket_format, {}, lying_front::address::none), "hello without a link"));
  CHECK(contains(liar.greet(ticket_format, {}, lying_front::address::of_another), "hello with a link of another node"));
  CHECK(liar.greet(1) == "");
  CHECK(liar.answer.format == 1);
  CHECK(liar.greet(99) == ""); // S-TICKET-8: of a later version
  CHECK(liar.answer.format == ticket_format);
  CHECK(all.unharmed());
}

TEST_CASE("S-LINK-1: a greeting that is damaged anywhere is either refused in words or harmless") {
  company all;
  const auto whole = to_text(honest_greeting());
  int refused = 0;
  auto try_it = [&](const std::string& text) {
    const auto why = all.liar.greet(ticket_format, text);
    CHECK(why.find("remote_link_unreachable") == std::string::npos);
    refused += why.empty() ? 0 : 1;
  };
  std::mt19937_64 random{7};
  for (size_t i = 0; i < whole.size(); ++i) {
    try_it(whole.substr(0, i));
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ static_cast<char>(1U << (random() % 8)));
    try_it(changed);
  }
  for (const auto* text : {"[]", "17", "null", "\"\"", "{\"session\":-1}", "{\"session\":1e300}", "{\"window_ns\":-1}",
                           "{\"link\":[]}", "{\"received\":18446744073709551615,\"resume\":true}"})
    try_it(text);
  try_it(std::string(100'000, '['));
  try_it("{\"later\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}");
  CHECK(refused > 0);
  CHECK(all.unharmed());
}

TEST_CASE("S-LINK-5: a frame that is damaged anywhere costs its session at most") {
  company all;
  auto& liar = all.liar;
  auto ticket = lying_front::first_ticket(1);
  ticket.timeout = 1min;
  ticket.payload = text("a payload");
  auto whole = liar.frame_of(ticket);
  ticket = lying_front::first_ticket(2);
  ticket.kind = ticket_kind::entire;
  ticket.trace_id = trace_id{1, 2};
  whole += liar.frame_of(ticket).substr(empty_frame().size());
  std::mt19937_64 random{7};
  auto send_alone = [&](const std::string& frame) {
    REQUIRE(liar.greet(ticket_format, to_text(honest_greeting())) == "");
    liar.send(frame, 1);
  };
  for (size_t i = 0; i < whole.size(); ++i) {
    send_alone(whole.substr(0, i));
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ static_cast<char>(1U << (random() % 8)));
    send_alone(changed);
    send_alone(whole.substr(0, i) + static_cast<char>(random()) + whole.substr(i));
  }
  send_alone(whole);
  REQUIRE(liar.greet() == "");
  CHECK(all.unharmed());
  wait_for_idle(all.back); // their operations have ended with their sessions
  CHECK(all.published.connections() == 2);
}

TEST_CASE("S-LINK-5: frames whose numbers cannot be cost their session") {
  company all;
  auto& liar = all.liar;
  struct numbers {
    uint64_t number;
    uint64_t received;
  };
  for (const auto& x : {numbers{2, 0}, numbers{UINT64_MAX, 0}, numbers{1, 1}, numbers{1, UINT64_MAX}}) {
    REQUIRE(liar.greet(ticket_format, to_text(honest_greeting())) == "");
    auto begun = liar.frame_of(lying_front::first_ticket(x.number));
    liar.send(begun);
    liar.send(begun, x.number, x.received);
    auto ended = std::make_shared<std::promise<caf::error>>();
    liar.answer.link->attach_functor([ended](const caf::error& reason) { ended->set_value(reason); });
    auto future = ended->get_future();
    REQUIRE(future.wait_for(60s) == std::future_status::ready);
    CHECK(all.unharmed());
  }
}

TEST_CASE("S-LINK-1: welcomes that cannot be true are refused in words") {
  struct lie {
    lying_back::teller answer;
    std::string complaint;
  };
  const std::vector<lie> lies{
    {[](const hello& x) {
       return welcome{0, x.link, {}};
     },
     "it speaks ticket format 0, this side 1 to 2"},
    {[](const hello& x) {
       return welcome{3, x.link, {}};
     },
     "it speaks ticket format 3, this side 1 to 2"},
    {[](const hello& x) {
       return welcome{2, x.link, "{"};
     },
     ""},
    {[](const hello&) {
       return welcome{2, {}, {}};
     },
     "it gave no address for tickets"},
    {[](const hello& x) {
       return welcome{2, x.link, {}};
     },
     "it gave an address of another node for tickets"},
  };
  for (const auto& x : lies) {
    lying_back back{x.answer};
    node near;
    CHECK_THROWS_WITH(connect(near.system, "127.0.0.1", back.port), doctest::Contains(x.complaint.c_str()));
  }
}
