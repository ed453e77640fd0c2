/// Ends with a backlog of one operation, beside others: S-STATS-9. One shard and one thread of the scheduler, which
/// customer code blocks until everything has come: then the order in which it is done does not depend on chance.
#include "../../actors/compat/callback_actor.hpp"
#include "../support/collecting_peers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <latch>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// How many tickets the long stream has, and how many of them may be done before something of another operation.
constexpr uint64_t many = 5000;
constexpr ptrdiff_t few = 100;

using strings = std::vector<std::string>;

struct single_threaded {
  struct configuration : system_config {
    configuration() {
      compat::set_option(*this, "scheduler.max-threads", int64_t{1});
    }
  };
  configuration config;
  caf::actor_system system{config};
};

/// Keeps the thread that runs an end.
class doorkeeper {
public:
  void pass() {
    entered_.count_down();
    open_.get_future().wait();
  }
  /// Until somebody is kept.
  void await() {
    entered_.wait();
  }
  void open() {
    open_.set_value();
  }

private:
  std::latch entered_{1};
  std::promise<void> open_;
};

/// Serves "gate", which waits there; "flood", which waits there and then sends many payloads in one call; "fail", the
/// same, but then it throws; any other notes its name for each payload, and answers at the end.
class noting_servicer final : public servicer {
public:
  doorkeeper keeper;
  std::shared_ptr<journal> notes = std::make_shared<journal>();

  std::shared_ptr<consumer> service(const std::string& name, const operation_context&,
                                    const output_consumer& out) override {
    if (name == "gate" || name == "flood" || name == "fail")
      keeper.pass();
    if (name == "flood" || name == "fail")
      for (uint64_t i = 0; i < many; ++i)
        out.consume(text(std::to_string(i)));
    if (name == "fail")
      throw std::runtime_error{"failed"};
    return make_consumer([to = notes, name](payload x) { to->note(name + tandem_test::written(x)); },
                         [out] { out.terminate(); });
  }
};

/// A back that is kept at the gate, and the peer that gets what it sends.
struct kept_back {
  single_threaded at;
  std::shared_ptr<noting_servicer> services = std::make_shared<noting_servicer>();
  std::shared_ptr<collecting_front> front = std::make_shared<collecting_front>();
  back_end back{at.system, services, {.shards = 1}};

  explicit kept_back(const std::string& by = "gate") {
    back.join_fore_link(front);
    accept({named(1, commencement(), by)});
    services->keeper.await();
  }

  static front_to_back_ticket named(uint64_t operation, front_to_back_ticket x, const std::string& name) {
    x.name = name;
    return of(operation, std::move(x));
  }

  /// The first tickets of a long stream.
  static std::vector<front_to_back_ticket> stream(uint64_t operation) {
    std::vector<front_to_back_ticket> result{named(operation, commencement(), "stream ")};
    while (result.size() < many)
      result.push_back(of(operation, to_back(result.size(), ticket_kind::continuation, std::to_string(result.size()))));
    return result;
  }

  void accept(std::vector<front_to_back_ticket> tickets) const {
    back.link()->accept(std::move(tickets));
  }

  void go() {
    services->keeper.open();
    settle({back});
  }
};

ptrdiff_t place_of(const std::string& note, const strings& all) {
  const auto found = std::find(all.begin(), all.end(), note);
  REQUIRE_MESSAGE(found != all.end(), note);
  return found - all.begin();
}

/// The notes that begin like this.
strings with(const std::string& beginning, const strings& all) {
  strings result;
  std::copy_if(all.begin(), all.end(), std::back_inserter(result),
               [&](const auto& x) { return x.starts_with(beginning); });
  return result;
}

} // namespace

// -- tickets that come -----------------------------------------------------------------------

TEST_CASE("S-STATS-9, S-RECV-1: at a back a ticket waits for few tickets of a long stream, which stay in order") {
  kept_back x;
  x.accept(kept_back::stream(2));
  x.accept({kept_back::named(3, entire("a"), "single ")});
  x.go();
  const auto notes = x.services->notes->notes();
  CHECK(place_of("single a", notes) <= few);
  const auto streamed = with("stream ", notes);
  REQUIRE(streamed.size() == many - 1);
  for (size_t i = 0; i < streamed.size(); ++i)
    CHECK(streamed[i] == "stream " + std::to_string(i + 1));
}

TEST_CASE("S-STATS-9: that is so if the tickets of both come in one batch, and all but one in the other's shadow") {
  kept_back x;
  auto tickets = kept_back::stream(2);
  tickets.push_back(kept_back::named(3, commencement("a"), "single "));
  tickets.push_back(of(2, to_back(many, ticket_kind::continuation, std::to_string(many))));
  tickets.push_back(of(3, to_back(1, ticket_kind::completion, "b")));
  x.accept(std::move(tickets));
  x.go();
  const auto notes = x.services->notes->notes();
  CHECK(place_of("single b", notes) == place_of("single a", notes) + 1);
  CHECK(place_of("single b", notes) <= few);
  CHECK(with("stream ", notes).size() == many);
}

TEST_CASE("S-STATS-9, S-RECV-3: an abortive ticket does not wait for the tickets before it") {
  kept_back x;
  x.accept(kept_back::stream(2));
  x.accept({of(2, to_back(many, ticket_kind::cancellation))});
  x.go();
  CHECK(with("stream ", x.services->notes->notes()).size() <= static_cast<size_t>(few));
  CHECK(x.back.operation_stats().of(outcome::cancelled) == 1);
  CHECK(x.back.operation_stats().late >= many - static_cast<uint64_t>(few));
}

TEST_CASE("S-STATS-9, S-SEND-2: an abortive ticket waits for the one that begins its operation") {
  kept_back x;
  x.accept(kept_back::stream(2));
  x.accept({kept_back::named(3, commencement("a"), "single "), of(3, to_back(1, ticket_kind::cancellation))});
  x.go();
  CHECK(x.back.operation_stats().of(outcome::cancelled) == 1);
  CHECK(x.back.operation_stats().dropped == 0);
  CHECK(place_of("single a", x.services->notes->notes()) <= few);
}

TEST_CASE("S-STATS-9: at a front a ticket waits for few tickets of a long stream") {
  single_threaded at;
  front_end front{at.system, {.shards = 1}};
  front.join_rear_link(std::make_shared<collecting_back>());
  doorkeeper keeper;
  const auto notes = std::make_shared<journal>();
  auto begin = [&](std::function<void(payload)> consume) {
    return front.operate({.name = "x", .subscription = full_serviced_subscription(make_consumer(std::move(consume)))});
  };
  auto noting = [&](const std::string& name) {
    return [notes, name](payload x) { notes->note(name + tandem_test::written(x)); };
  };
  auto kept = begin([&](payload) { keeper.pass(); });
  auto stream = begin(noting("stream "));
  auto single = begin(noting("single "));
  auto accept = [&](const operation& to, uint64_t number) {
    auto ticket = to_front(number, ticket_kind::continuation, std::to_string(number));
    ticket.operation = to.context().id();
    front.link()->accept(std::vector{std::move(ticket)});
  };
  accept(kept, 0);
  keeper.await();
  for (uint64_t i = 0; i < many; ++i)
    accept(stream, i);
  accept(single, 0);
  keeper.open();
  settle({front});
  CHECK(place_of("single 0", notes->notes()) <= few);
  CHECK(notes->notes().size() == many + 1);
}

TEST_CASE("S-STATS-9, S-END-8: what came before a link was lost is done before operations end for it") {
  kept_back x;
  x.accept(kept_back::stream(2));
  x.back.link()->fore_lost("gone");
  x.go();
  CHECK(with("stream ", x.services->notes->notes()).size() == many - 1);
  CHECK(x.back.operation_stats().of(outcome::transmission_failure) == 2);
}

// -- customer code that sends ----------------------------------------------------------------

TEST_CASE("S-STATS-9: an operation that is commenced waits for little of what another one's code has sent") {
  single_threaded at;
  front_end front{at.system, {.shards = 1, .window = no_window}};
  const auto back = std::make_shared<collecting_back>();
  front.join_rear_link(back);
  doorkeeper keeper;
  auto begin = [&](std::shared_ptr<serviced_ingestor> results) {
    return front.operate({.name = "x", .subscription = full_serviced_subscription(std::move(results))});
  };
  auto nothing = make_ingestor([](const operation_context&) { return make_consumer([](payload) {}); });
  auto stream = begin(nothing);
  auto kept = begin(make_ingestor([&](const operation_context&) {
    keeper.pass();
    return make_consumer([](payload) {});
  }));
  keeper.await();
  for (uint64_t i = 0; i < many; ++i)
    stream.consumer().consume(text("x"));
  auto single = begin(nothing);
  single.consumer().terminate();
  keeper.open();
  settle({front});
  const auto notes = back->tickets->notes();
  CHECK(notes.size() == many + 4);
  const auto id = std::to_string(single.context().id().low) + ": ";
  CHECK(place_of(id + "0 commencement", notes) <= few);
  CHECK(place_of(id + "1 completion", notes) == place_of(id + "0 commencement", notes) + 1);
}

TEST_CASE("S-STATS-9: an answer waits for little of what another operation's code sends in one call") {
  kept_back x{"flood"};
  x.accept({kept_back::named(3, entire("a"), "single ")});
  x.go();
  const auto notes = x.front->tickets->notes();
  CHECK(place_of("3: 0 completion", notes) <= 2 * few);
  const auto sent = with("1: ", notes);
  REQUIRE(sent.size() == many);
  for (size_t i = 0; i < sent.size(); ++i)
    CHECK(sent[i] == "1: " + std::to_string(i) + " continuation(" + std::to_string(i) + ")");
}

TEST_CASE("S-STATS-9: what a call has sent goes before the failure with which the call ends") {
  kept_back x{"fail"};
  x.go();
  const auto sent = x.front->tickets->notes();
  REQUIRE(sent.size() == many + 1);
  CHECK(sent.back() == "1: " + std::to_string(many) + " servicer failure");
}

// -- the scheduler ---------------------------------------------------------------------------

TEST_CASE("S-STATS-9: other actors of the scheduler have their turn while an end has a backlog") {
  kept_back x;
  x.accept(kept_back::stream(2));
  auto other = x.at.system.spawn([notes = x.services->notes](caf::event_based_actor*) { notes->note("other"); });
  x.go();
  CHECK(place_of("other", x.services->notes->await(many)) <= 6 * few); // two runs, if the shard's actors just began
}
