#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/links/null_links.hpp"
#include "../support/check_suite.hpp"
#include "../support/ways_back.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <mutex>

/// The balanced link as a link: what becomes of single tickets and batches.

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Knows the last operation of which a ticket went to the back.
class watching_link final : public relay_link {
public:
  operation_id last;

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override {
    if (!tickets.empty())
      last = tickets.back().operation;
  }
};

/// Keeps what it gets, and what it is told; to be read when nothing is under way.
class listening_front final : public fore_peer {
public:
  std::vector<back_to_front_ticket> tickets;
  std::vector<std::string> news;
  bool refuses = false;

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& arrived) override {
    return accept_each(std::move(arrived), [this](back_to_front_ticket&& ticket) {
      if (refuses)
        throw std::runtime_error{"not this one"};
      std::lock_guard guard{mutex_};
      tickets.push_back(std::move(ticket));
    });
  }
  void rear_lost(const std::string& details) override {
    news.push_back("lost: " + details);
  }
  void rear_ready() override {
    news.push_back("ready");
  }
  void rear_news(const link_news& x) override {
    static constexpr const char* names[] = {"interrupted", "resumed", "congested", "relieved"};
    news.push_back(names[static_cast<size_t>(x.what)] + (x.details.empty() ? "" : ": " + x.details));
  }

private:
  std::mutex mutex_;
};

template <class Ticket>
Ticket of_operation(uint64_t number, Ticket ticket) {
  ticket.operation = {0xba1a, number};
  return ticket;
}

} // namespace

TEST_CASE("balanced link: the front hears once that all backs are lost, and that one is back") {
  auto link = balanced_link::make();
  auto front = std::make_shared<listening_front>();
  std::vector<std::shared_ptr<in_memory_link>> backs{std::make_shared<in_memory_link>(),
                                                     std::make_shared<in_memory_link>()};
  link->join_fore_link(front);
  link->add(backs[0], "a");
  link->add(backs[1], "b");
  backs[0]->rear_lost("x");
  backs[1]->rear_lost("y");
  backs[1]->rear_lost("y again");
  backs[0]->rear_ready();
  backs[1]->rear_ready();
  CHECK(front->news == std::vector<std::string>{"lost: no back has been added", "ready", "lost: y", "ready"});
  // Another front has to be told how things are, too.
  backs[0]->rear_lost("x");
  backs[1]->rear_lost("z");
  auto other = std::make_shared<listening_front>();
  link->join_fore_link(other);
  CHECK(other->news == std::vector<std::string>{"lost: z"});
}

TEST_CASE("S-PORT-11: the front hears through links that one back's link is congested, and that none is any more") {
  auto link = balanced_link::make();
  auto relay = std::make_shared<relay_link>();
  auto front = std::make_shared<listening_front>();
  auto a = std::make_shared<in_memory_link>();
  auto b = std::make_shared<in_memory_link>();
  relay->join_fore_link(front);
  link->join_fore_link(relay);
  link->add(a, "a");
  link->add(b, "b");
  front->news.clear();
  a->rear_news({link_news::kind::congested});
  b->rear_news({link_news::kind::congested});
  a->rear_news({link_news::kind::relieved});
  CHECK(front->news == std::vector<std::string>{"congested"});
  b->rear_lost("gone"); // nobody can wait for it
  CHECK(front->news == std::vector<std::string>{"congested", "relieved"});
  b->rear_ready();
  CHECK(front->news.size() == 2);
  b->rear_news({link_news::kind::interrupted, "reset"});
  CHECK(front->news.back() == "interrupted: b: reset");
}

TEST_CASE("balanced link: a batch is refused as far as it has to be, each operation once") {
  node x;
  back_end back{x.system, test_services()};
  auto link = balanced_link::make();
  auto front = std::make_shared<listening_front>();
  link->join_fore_link(front);
  std::vector<front_to_back_ticket> batch{
    of_operation(1, to_back(1, ticket_kind::continuation, "x")), of_operation(2, commencement()),
    of_operation(2, to_back(1, ticket_kind::continuation, "x")), of_operation(1, commencement())};
  auto refused = link->accept(std::vector{batch});
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].operation.low == 1);
  CHECK(refused[0].reason == "the link does not know this operation: it has ended, or its back is gone");
  CHECK(refused[1].operation.low == 2);
  CHECK(refused[1].reason == "no back can take operations: there is none");
  link->add(back.make_port(), "a");
  link->add(back.make_port(), "b");
  refused = link->accept(std::vector{batch});
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].operation.low == 1);
  CHECK_THROWS_WITH(accept_one(*link, of_operation(1, to_back(2, ticket_kind::continuation, "x"))),
                    "the link does not know this operation: it has ended, or its back is gone");
  CHECK(link->status()[0].in_flight == 1);
  CHECK(link->status()[1].in_flight == 0);
  link->fore_lost("the front is gone");
  CHECK(link->status()[0].in_flight == 0);
  settle({back});
  CHECK(back.operation_stats().of(outcome::transmission_failure) == 1);
}

TEST_CASE("balanced link: a ticket from another back than the operation's is refused, as is what the front refuses") {
  auto link = balanced_link::make();
  auto front = std::make_shared<listening_front>();
  auto a = std::make_shared<in_memory_link>();
  auto b = std::make_shared<in_memory_link>();
  link->join_fore_link(front);
  link->add(a, "a");
  link->add(b, "b");
  accept_one(*link, of_operation(1, commencement()));
  accept_one(*link, of_operation(2, commencement()));
  auto refused = b->accept({of_operation(1, to_front(0, ticket_kind::completion)),
                            of_operation(2, to_front(0, ticket_kind::continuation, "x"))});
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].operation.low == 1);
  CHECK(refused[0].reason == "this operation is another back's");
  REQUIRE(front->tickets.size() == 1);
  CHECK(front->tickets[0].operation.low == 2);

  front->refuses = true;
  CHECK_THROWS_WITH(accept_one(*b, of_operation(2, to_front(1, ticket_kind::continuation, "x"))), "not this one");
  CHECK(link->status()[0].in_flight == 1);
  CHECK(link->status()[1].in_flight == 0);
  front->refuses = false;

  // The failure's number is the next.
  accept_one(*a, of_operation(1, to_front(0, ticket_kind::continuation, "x")));
  accept_one(*a, of_operation(1, to_front(1, ticket_kind::continuation, "x")));
  a->rear_lost("gone");
  const auto failure = front->tickets.back();
  CHECK(failure.operation.low == 1);
  CHECK(failure.kind == ticket_kind::transmission_failure);
  CHECK(failure.sequence_number.value == 2);
  CHECK(failure.details == "gone");
}

TEST_CASE("S-TICKET-2: faulty tickets end their own operations, over whichever back they go") {
  node x;
  back_end back{x.system, test_services()};
  auto link = balanced_link::make();
  auto front = std::make_shared<listening_front>();
  std::vector<std::shared_ptr<in_memory_link>> ways;
  link->join_fore_link(front);
  for (const auto* name : {"a", "b"}) {
    ways.push_back(std::make_shared<in_memory_link>());
    join_links(ways.back(), back.make_port());
    link->add(ways.back(), name);
  }
  settle({back});
  auto unreadable = of_operation(2, commencement());
  unreadable.fault = "its payload cannot be read";
  const auto refused = link->accept({of_operation(1, commencement()), unreadable, of_operation(3, commencement()),
                                     of_operation(4, to_back(1, ticket_kind::continuation, "x"))});
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].operation.low == 4);
  settle({back});
  CHECK(back.operation_stats().of(outcome::reception_failure) == 1);
  CHECK(back.operation_stats().ongoing == 2);
  CHECK(link->status()[0].in_flight == 2);
  CHECK(link->status()[1].in_flight == 0);
  REQUIRE(front->tickets.size() == 1);
  CHECK(front->tickets[0].operation.low == 2);
  CHECK(front->tickets[0].kind == ticket_kind::reception_failure);
}

TEST_CASE("S-TICKET-2: a faulty ticket to the front ends its operation there") {
  node x;
  back_end back{x.system, test_services()};
  front_end front{x.system};
  auto link = balanced_link::make();
  auto way = std::make_shared<watching_link>();
  join_links(way, back.link());
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  link->add(way, "a");
  auto how = ending_of(front.operate({.name = "hold", .subscription = termination_only_serviced_subscription()}));
  settle({front, back});
  auto bad = to_front(0, ticket_kind::continuation);
  bad.operation = way->last;
  bad.fault = "its payload cannot be read";
  way->accept({bad});
  CHECK(await(std::move(how)).value == outcome::reception_failure);
  settle({front, back});
  CHECK(link->status()[0].in_flight == 0);
}

// -- the suite -----------------------------------------------------------------------------------

namespace {

link_under_test balanced_under_test(size_t backs, balance policy) {
  auto link = balanced_link::make({.policy = policy});
  auto far = std::make_shared<ways_back>();
  for (size_t i = 0; i < backs; ++i)
    link->add(far->add_way(), "b" + std::to_string(i));
  return {link, far, [link](auto front) { link->join_fore_link(front); },
          [far](auto back) { far->join_rear_link(back); }};
}

} // namespace

TEST_CASE("the balanced link passes the suite, with one back and with three") {
  for (auto backs : {size_t{1}, size_t{3}})
    for (auto policy : {balance::round_robin, balance::fewest_in_flight, balance::consistent_hash})
      check_suite([&] { return balanced_under_test(backs, policy); });
}

TEST_CASE("S-END-2: a front that fails at its last result is heard by the back that gave it") {
  auto link = balanced_link::make();
  std::vector<std::shared_ptr<watching_link>> backs;
  for (const auto* name : {"a", "b"}) {
    backs.push_back(std::make_shared<watching_link>());
    backs.back()->join_rear_link(std::make_shared<null_rear_link>());
    link->add(backs.back(), name);
  }
  auto front = std::make_shared<listening_front>();
  link->join_fore_link(front);
  accept_one(*link, entire());
  REQUIRE(backs[0]->last == the_operation);
  accept_one(*backs[0], to_front(0, ticket_kind::completion));
  CHECK(link->status()[0].in_flight == 0);
  backs[0]->last = {};
  accept_one(*link, to_back(1, ticket_kind::serviced_failure));
  CHECK(backs[0]->last == the_operation);
  // That was its last.
  CHECK_THROWS(accept_one(*link, to_back(2, ticket_kind::serviced_failure)));
}
