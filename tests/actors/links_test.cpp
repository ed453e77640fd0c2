#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/testing/faulty_link.hpp"
#include "../../actors/tracing/recording_link.hpp"
#include "../support/check_suite.hpp"
#include "../support/collecting_peers.hpp"
#include "../support/property.hpp"
#include "../support/trace_folder.hpp"
#include "../support/world.hpp"

#include "../../messages/trace/trace_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

link_under_test around(const std::shared_ptr<duplex_link>& link) {
  return {link, link, [link](auto front) { link->join_fore_link(front); },
          [link](auto back) { link->join_rear_link(back); }};
}

std::shared_ptr<recording_link> record_to(const std::filesystem::path& path) {
  auto result = std::make_shared<recording_link>(std::make_shared<trace_recorder>(trace_side::front, "link"));
  result->recorder().start({.file = path.string(), .node = "test"});
  return result;
}

std::vector<trace_entry> read_trace(const std::filesystem::path& path) {
  std::ifstream in{path};
  trace_reader reader{in};
  std::vector<trace_entry> result;
  while (auto* entry = reader.next())
    result.push_back(std::move(*entry));
  CHECK(reader.errors().empty());
  return result;
}

/// A link that breaks the order, to see that the suite can fail.
class reversing_link final : public relay_link {
protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override {
    std::reverse(tickets.begin(), tickets.end());
  }
};

/// A link that changes the tickets before it passes them on, to see that the suite can fail.
class spoiling_link final : public relay_link {
public:
  using to_back_change = std::function<void(std::vector<front_to_back_ticket>&)>;
  using to_front_change = std::function<void(std::vector<back_to_front_ticket>&)>;

  spoiling_link(to_back_change x, to_front_change y) : to_back_change_(std::move(x)), to_front_change_(std::move(y)) {
  }

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override {
    if (to_back_change_)
      to_back_change_(tickets);
  }
  void intercept(std::vector<back_to_front_ticket>& tickets) override {
    if (to_front_change_)
      to_front_change_(tickets);
  }

private:
  to_back_change to_back_change_;
  to_front_change to_front_change_;
};

/// The findings of the suite about a link that makes these changes.
std::vector<std::string> findings_of(const spoiling_link::to_back_change& x, const spoiling_link::to_front_change& y) {
  return run_link_suite([&] { return around(std::make_shared<spoiling_link>(x, y)); }, {.patience = 100ms});
}

bool any_begins(const std::vector<std::string>& findings, const std::string& part) {
  return std::ranges::any_of(findings, [&](const auto& x) { return x.starts_with(part); });
}

/// A link that takes nothing to the back any more once that threw.
class jamming_link final : public relay_link {
public:
  using relay_link::accept;

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    if (jammed_)
      return {};
    auto result = relay_link::accept(std::move(tickets));
    jammed_ = !result.empty();
    return result;
  }

private:
  std::atomic<bool> jammed_{false};
};

} // namespace

TEST_CASE("the in-memory link passes the suite") {
  check_suite([] { return around(std::make_shared<in_memory_link>()); });
}

TEST_CASE("S-STATS-7: the in-memory link passes the suite with a pool of one thread and of three") {
  for (size_t threads : {1, 3}) {
    const auto pool = std::make_shared<thread_pool>(threads);
    check_suite([&] { return around(std::make_shared<in_memory_link>(pool)); });
  }
}

TEST_CASE("the recording link passes the suite") {
  trace_folder folder;
  folder.expect_nothing(); // the suite's tickets are no operations
  check_suite([&] { return around(record_to(folder.path / "trace.jsonl")); });
}

TEST_CASE("the faulty link passes the suite when it has no faults") {
  check_suite([] { return around(std::make_shared<faulty_link>(fault_options{})); });
}

TEST_CASE("several links in a row pass the suite") {
  check_suite([] {
    auto first = std::make_shared<in_memory_link>();
    auto second = std::make_shared<faulty_link>(fault_options{});
    join_links(first, second);
    return link_under_test{first, second, [first](auto front) { first->join_fore_link(front); },
                           [second](auto back) { second->join_rear_link(back); }};
  });
}

TEST_CASE("the suite finds a link that breaks the order") {
  CHECK_FALSE(run_link_suite([] { return around(std::make_shared<reversing_link>()); }, {.patience = 100ms}).empty());
}

TEST_CASE("S-TICKET-6: the suite finds a link that makes another trace id") {
  const auto change = [](std::vector<front_to_back_ticket>& tickets) {
    for (auto& x : tickets)
      if (x.trace_id)
        x.trace_id = trace_id::make();
  };
  CHECK(any_begins(findings_of(change, {}), "every kind to the back: sent "));
}

TEST_CASE("S-END-12: the suite finds a link that makes something else of a refusal") {
  const auto change = [](std::vector<back_to_front_ticket>& tickets) {
    for (auto& x : tickets)
      if (x.kind == ticket_kind::refusal)
        x.kind = ticket_kind::transmission_failure;
  };
  CHECK(any_begins(findings_of({}, change), "every kind to the front: sent "));
}

TEST_CASE("the suite finds a link that makes faults") {
  const auto change = [](std::vector<back_to_front_ticket>& tickets) {
    for (auto& x : tickets)
      x.fault = "made up";
  };
  CHECK(any_begins(findings_of({}, change), "every kind to the front: arrived with a fault: made up"));
}

TEST_CASE("the suite finds a link that makes something of an empty batch, or throws at it") {
  const auto add = [](std::vector<front_to_back_ticket>& tickets) {
    if (tickets.empty())
      tickets.emplace_back();
  };
  CHECK(any_begins(findings_of(add, {}), "after an empty batch to the back: "));
  const auto complain = [](std::vector<back_to_front_ticket>& tickets) {
    if (tickets.empty())
      throw std::runtime_error{"nothing to do"};
  };
  CHECK(findings_of({}, complain)
        == std::vector<std::string>{"an empty batch: was refused: nothing to do",
                                    "an empty batch: was refused: nothing to do"});
}

TEST_CASE("the suite finds a link that is jammed by a back that throws") {
  const auto findings = run_link_suite([] { return around(std::make_shared<jamming_link>()); }, {.patience = 100ms});
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().starts_with("after a back that throws"));
}

TEST_CASE("the recording link writes every ticket that it passes on, in both directions") {
  trace_folder folder;
  const auto path = folder.path / "trace.jsonl";
  {
    node x;
    back_end back{x.system, test_services()};
    front_end front{x.system};
    auto recording = record_to(path);
    join(front, recording, back);
    auto op = front.operate({.name = "echo",
                             .payload = text("hello"),
                             .complete = true,
                             .timeout = 5s,
                             .subscription = full_serviced_subscription(make_consumer({}))});
    CHECK(await(ending_of(op)).value == outcome::completed);
    recording->recorder().stop();
    CHECK(recording->recorder().status().problem.empty());
  }
  auto records = read_trace(path);
  REQUIRE(!records.empty());
  CHECK(records[0].event == trace_event::joined);
  std::erase_if(records, [](const auto& x) { return !x.is_ticket(); });
  // The method echoes by consume and then terminate: three tickets.
  REQUIRE(records.size() == 3);
  CHECK(records[0].event == trace_event::sent);
  CHECK(records[0].kind == ticket_kind::entire);
  CHECK(records[0].name == "echo");
  CHECK(records[1].event == trace_event::received);
  CHECK(records[1].kind == ticket_kind::continuation);
  CHECK(records[1].payload_size == 5);
  CHECK(records[2].kind == ticket_kind::completion);
}

namespace {

/// Every operation's actor that was seen, on both sides; keeps none of them alive.
class actor_census {
public:
  void add(const caf::actor& x) {
    std::lock_guard guard{mutex_};
    seen_.push_back(caf::actor_cast<caf::weak_actor_ptr>(x));
  }

  size_t seen() const {
    std::lock_guard guard{mutex_};
    return seen_.size();
  }

  size_t alive() const {
    std::lock_guard guard{mutex_};
    return static_cast<size_t>(
      std::count_if(seen_.begin(), seen_.end(), [](const auto& x) { return x.lock() != nullptr; }));
  }

private:
  mutable std::mutex mutex_;
  std::vector<caf::weak_actor_ptr> seen_;
};

std::shared_ptr<servicer> counted_echo(const std::shared_ptr<actor_census>& census) {
  auto result = std::make_shared<method_table>();
  result->add("echo", [census](const operation_context& context, const output_consumer& out) {
    census->add(context.handle());
    return make_consumer([out](payload x) { out.consume(std::move(x)); }, [out] { out.terminate(); });
  });
  return result;
}

/// Random actions of the front's customer code in an operation.
void stir_operation(operation& op) {
  const auto payloads = any_below(6);
  for (size_t k = 0; k < payloads; ++k)
    op.consumer().consume(text(std::to_string(k)));
  switch (any_below(6)) {
    case 0:
      op.cancel();
      break;
    case 1:
      op.context().fail("as the schedule wants");
      break;
    case 2:
      op.set_timeout(std::chrono::milliseconds(any_below(20'000)));
      break;
    case 3:
      break; // left to its timeout
    default:
      op.consumer().terminate();
  }
}

} // namespace

TEST_CASE("over a link with every fault, every operation still ends in its time, and nothing is left of it") {
  node x;
  check_property("ends over a faulty link", 100, 30, [&] {
    auto clock = std::make_shared<manual_clock>();
    auto census = std::make_shared<actor_census>();
    back_end back{x.system, counted_echo(census), {.clock = clock}};
    front_end front{x.system, {.clock = clock}};
    const auto fault = [] { return static_cast<double>(any_below(30)) / 100; };
    auto link = std::make_shared<faulty_link>(fault_options{.seed = *rc::gen::arbitrary<uint64_t>(),
                                                            .drop = fault(),
                                                            .duplicate = fault(),
                                                            .delay = fault(),
                                                            .reorder = fault(),
                                                            .fail = fault() / 4});
    join(front, link, back);
    const int operations = *rc::gen::inRange(1, 30);
    for (int i = 0; i < operations; ++i) {
      auto op = front.operate(
        {.name = "echo", .timeout = 10s, .subscription = full_serviced_subscription(make_consumer({}))});
      census->add(op.handle());
      stir_operation(op);
    }
    settle({front, back});
    link->release();
    settle({front, back});
    clock->advance(2min, [&] { settle({front, back}); });
    RC_ASSERT(front.operation_stats().ongoing == 0u);
    RC_ASSERT(back.operation_stats().ongoing == 0u);
    RC_ASSERT(census->seen() >= static_cast<size_t>(operations));
    RC_ASSERT(census->alive() == 0u);
    // A timer that is left would want to be woken.
    RC_ASSERT(clock->wishes() == 0u);
  });
}

TEST_CASE("a probability that is none is refused and named") {
  CHECK_THROWS_WITH(faulty_link(fault_options{.drop = 1.5}),
                    "fault_options: drop must be between 0 and 1, got 1.500000");
}

namespace {

/// The sequence numbers that come through.
class numbers final : public rear_peer {
public:
  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    for (const auto& ticket : tickets)
      came.push_back(ticket.sequence_number.value);
    return {};
  }
  std::vector<uint64_t> came;
};

/// Those of the tickets 0, 1, 2, 3 that come through, before and after the link releases those that it delays.
struct passed {
  std::vector<uint64_t> at_once;
  std::vector<uint64_t> at_last;
  size_t refused = 0;

  friend bool operator==(const passed&, const passed&) = default;
};

passed pass_four(const fault_options& faults) {
  faulty_link link{faults};
  auto back = std::make_shared<numbers>();
  link.join_rear_link(back);
  std::vector<front_to_back_ticket> tickets(4);
  for (uint64_t i = 0; i < tickets.size(); ++i) {
    tickets[i].operation = {1, i};
    tickets[i].sequence_number = {i};
    tickets[i].kind = ticket_kind::continuation;
  }
  passed result;
  result.refused = link.accept(std::move(tickets)).size();
  result.at_once = back->came;
  link.release();
  result.at_last = back->came;
  return result;
}

} // namespace

TEST_CASE("the faulty link does what it is told, each mishap by itself, and the same for the same seed") {
  using list = std::vector<uint64_t>;
  CHECK(pass_four({}).at_once == list{0, 1, 2, 3});
  CHECK(pass_four({.drop = 1}) == passed{{}, {}, 0});
  CHECK(pass_four({.duplicate = 1}).at_once == list{0, 0, 1, 1, 2, 2, 3, 3});
  CHECK(pass_four({.reorder = 1}).at_once == list{1, 2, 3, 0});
  CHECK(pass_four({.fail = 1}) == passed{{}, {}, 4});
  const auto delayed = pass_four({.delay = 1});
  CHECK(delayed.at_once.size() < 4);
  CHECK(delayed.at_last.size() == 4);
  const auto some = [](uint64_t seed) {
    return pass_four({.seed = seed, .drop = 0.3, .duplicate = 0.3, .delay = 0.3, .reorder = 0.3, .fail = 0.1});
  };
  size_t differ = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    CHECK(some(seed) == some(seed));
    differ += !(some(seed) == some(seed + 1));
  }
  CHECK(differ > 0);
}

TEST_CASE("a link is not joined to itself") {
  const auto link = std::make_shared<faulty_link>(fault_options{});
  CHECK_THROWS_WITH(link->join_rear_link(link), "join_rear_link: a link must not be joined to itself");
  CHECK_THROWS_WITH(link->join_fore_link(link), "join_fore_link: a link must not be joined to itself");
}

TEST_CASE("S-STATS-5: a refusal of tickets that waited for the join ends their operations at the sender") {
  auto front = std::make_shared<collecting_front>();
  auto back = std::make_shared<collecting_back>();
  back->refused = {2};
  const auto link = std::make_shared<in_memory_link>();
  link->join_fore_link(front);
  CHECK(
    link->accept({of(1, commencement()), of(2, commencement()), of(1, to_back(1, ticket_kind::completion))}).empty());
  link->join_rear_link(back);
  CHECK(back->tickets->notes() == std::vector<std::string>{"1: 0 commencement", "1: 1 completion"});
  const auto highest = std::to_string(sequence_number::maximum);
  CHECK(front->tickets->notes() == std::vector<std::string>{"2: " + highest + " transmission failure"});

  const auto other = std::make_shared<in_memory_link>();
  other->join_rear_link(back);
  front->refused = {3};
  other->accept({of(3, to_front(0, ticket_kind::continuation))});
  other->join_fore_link(front);
  CHECK(back->tickets->notes().back() == "3: " + highest + " transmission failure");
}
