/// The in-memory link with a pool: S-SEND-7, S-STATS-5, S-STATS-7.
#include "../../actors/links/in_memory_link.hpp"
#include "../support/collecting_peers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <utility>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

using strings = std::vector<std::string>;

/// A link whose pool has so many threads, between peers that write down.
struct pooled {
  std::shared_ptr<collecting_front> front = std::make_shared<collecting_front>();
  std::shared_ptr<collecting_back> back = std::make_shared<collecting_back>();
  std::shared_ptr<in_memory_link> link;

  explicit pooled(size_t threads) : link(std::make_shared<in_memory_link>(std::make_shared<thread_pool>(threads))) {
  }

  void join() {
    link->join_fore_link(front);
    link->join_rear_link(back);
  }
};

/// Takes nothing: throws, after it has moved the tickets out.
template <class Peer>
class greedy_peer final : public Peer {
public:
  std::vector<refusal> accept(std::vector<typename Peer::ticket>&& tickets) override {
    const auto taken = std::move(tickets);
    throw std::runtime_error{"choked on " + std::to_string(taken.size())};
  }
};

front_to_back_ticket numbered(const operation_id& operation, uint64_t number) {
  auto result = number == 0 ? commencement() : to_back(number, ticket_kind::continuation, "x");
  result.operation = operation;
  return result;
}

/// Keeps the numbers of each operation; the operations are 0, 1, 2.
template <class Peer>
class ordering_peer final : public Peer {
public:
  std::vector<refusal> accept(std::vector<typename Peer::ticket>&& tickets) override {
    if (inside.fetch_add(1) > 0)
      overlaps = true;
    for (const auto& x : tickets)
      if (x.sequence_number.value != next[x.operation.low]++)
        wrong = true;
    count += tickets.size();
    --inside;
    count.notify_all();
    return {};
  }

  void await(size_t all) {
    for (auto now = count.load(); now < all; now = count.load())
      count.wait(now);
  }

  std::atomic<int> inside{0};
  std::atomic<bool> overlaps{false};
  std::atomic<bool> wrong{false};
  std::atomic<size_t> count{0};
  uint64_t next[3] = {};
};

} // namespace

TEST_CASE("S-STATS-7: tickets are handed over in a thread of the link's pool") {
  pooled x{1};
  std::promise<std::thread::id> to_back_by;
  std::promise<std::thread::id> to_front_by;
  x.back->before = [&] { to_back_by.set_value(std::this_thread::get_id()); };
  x.front->before = [&] { to_front_by.set_value(std::this_thread::get_id()); };
  x.join();
  accept_one(*x.link, commencement());
  accept_one(*x.link, to_front(0, ticket_kind::completion));
  const auto one = to_back_by.get_future().get();
  CHECK(one != std::this_thread::get_id());
  CHECK(to_front_by.get_future().get() == one); // the pool has no other
}

TEST_CASE("S-STATS-5: with three threads the order of each operation is kept, one batch of a direction at a time") {
  constexpr uint64_t count = 3000;
  auto front = std::make_shared<ordering_peer<fore_peer>>();
  auto back = std::make_shared<ordering_peer<rear_peer>>();
  auto link = std::make_shared<in_memory_link>(std::make_shared<thread_pool>(3));
  link->join_fore_link(front);
  link->join_rear_link(back);
  std::vector<std::thread> senders;
  for (uint64_t operation = 0; operation < 3; ++operation)
    senders.emplace_back([&link, operation] {
      for (uint64_t i = 0; i < count; ++i) {
        link->accept({numbered({1, operation}, i)});
        auto answer = to_front(i, ticket_kind::continuation, "x");
        answer.operation = {1, operation};
        link->accept({answer});
      }
    });
  for (auto& x : senders)
    x.join();
  front->await(3 * count);
  back->await(3 * count);
  CHECK_FALSE(front->wrong);
  CHECK_FALSE(back->wrong);
  CHECK_FALSE(front->overlaps);
  CHECK_FALSE(back->overlaps);
}

TEST_CASE("S-STATS-7: a peer that blocks does not block who sends, nor the other direction") {
  pooled x{2};
  std::latch blocked{1};
  std::promise<void> released;
  x.back->before = [&blocked, first = true, go = released.get_future().share()]() mutable {
    if (std::exchange(first, false)) {
      blocked.count_down();
      go.wait();
    }
  };
  x.join();
  accept_one(*x.link, of(1, commencement()));
  blocked.wait();
  for (uint64_t i = 2; i < 100; ++i)
    accept_one(*x.link, of(i, commencement())); // returns
  accept_one(*x.link, of(1, to_front(0, ticket_kind::completion)));
  CHECK(x.front->tickets->await(1) == strings{"1: 0 completion"});
  CHECK(x.back->tickets->notes().empty());
  released.set_value();
  CHECK(x.back->tickets->await(99).size() == 99);
}

TEST_CASE("S-SEND-7: what the back refuses or throws ends the operation at the front, in words of the back") {
  node at;
  front_end front{at.system};
  auto link = std::make_shared<in_memory_link>(std::make_shared<thread_pool>(3));
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  const auto ending_of_one = [&] {
    return await(ending_of(
      front.operate({.name = "x", .timeout = 1min, .subscription = full_serviced_subscription(make_consumer({}))})));
  };
  /// Refuses everything, in order.
  class refusing_back final : public rear_peer {
    std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
      return accept_each(std::move(tickets), [](const auto&) { throw std::runtime_error{"not today"}; });
    }
  };
  link->join_rear_link(std::make_shared<refusing_back>());
  const auto refused = ending_of_one();
  CHECK(refused.value == outcome::transmission_failure);
  CHECK(refused.details == "not today");
  link->join_rear_link(std::make_shared<greedy_peer<rear_peer>>());
  const auto thrown = ending_of_one();
  CHECK(thrown.value == outcome::transmission_failure);
  CHECK(thrown.details == "choked on 1");
  wait_for_idle(front);
}

TEST_CASE("S-SEND-7: what the front refuses or throws ends the operation at the back, in words of the front") {
  node at;
  const auto ends = std::make_shared<journal>();
  auto services = std::make_shared<method_table>();
  services->add("echo", [ends](const operation_context& context, const output_consumer& out) {
    context.handle()->attach_functor(
      [ends](const caf::error& why) { ends->note(to_string(outcome_of(why)) + ": " + details_of(why)); });
    return make_consumer([out](payload x) { out.consume(std::move(x)); });
  });
  back_end back{at.system, services};
  auto link = std::make_shared<in_memory_link>(std::make_shared<thread_pool>(3));
  back.join_fore_link(link);
  link->join_rear_link(back.link());
  auto refusing = std::make_shared<collecting_front>();
  refusing->refused = {1};
  link->join_fore_link(refusing);
  accept_one(*link, of(1, commencement("a")));
  CHECK(ends->await(1) == strings{"transmission failure: not 1"});
  auto greedy = std::make_shared<greedy_peer<fore_peer>>();
  link->join_fore_link(greedy);
  accept_one(*link, of(2, commencement("a")));
  CHECK(ends->await(2).back() == "transmission failure: choked on 1");
  CHECK(refusing->tickets->notes().empty());
}

TEST_CASE("S-SEND-7: each operation of a batch that is refused hears of it, and the others go on") {
  pooled x{3};
  x.back->refused = {2, 4};
  x.join();
  x.link->accept({of(1, commencement()), of(2, commencement()), of(3, commencement()), of(4, commencement()),
                  of(2, to_back(1, ticket_kind::continuation, "x")), of(1, to_back(1, ticket_kind::completion))});
  CHECK(x.back->tickets->await(3) == strings{"1: 0 commencement", "3: 0 commencement", "1: 1 completion"});
  const auto highest = std::to_string(sequence_number::maximum);
  CHECK(x.front->tickets->await(2)
        == strings{"2: " + highest + " transmission failure", "4: " + highest + " transmission failure"});
}

TEST_CASE("S-SEND-7: a peer that throws has taken nothing: every operation of its batch hears of it once") {
  pooled x{1};
  x.link->join_fore_link(x.front);
  x.link->join_rear_link(std::make_shared<greedy_peer<rear_peer>>());
  x.link->accept({of(1, commencement()), of(2, commencement()), of(1, to_back(1, ticket_kind::continuation, "x")),
                  of(2, to_back(1, ticket_kind::continuation, "x"))});
  x.link->accept({of(3, commencement())}); // its failure comes after all of those
  const auto highest = std::to_string(sequence_number::maximum);
  const auto failed = [&](int i) { return std::to_string(i) + ": " + highest + " transmission failure"; };
  auto notes = x.front->tickets->await(3);
  while (std::ranges::find(notes, failed(3)) == notes.end())
    notes = x.front->tickets->await(notes.size() + 1);
  CHECK(notes == strings{failed(1), failed(2), failed(3)});
}

TEST_CASE("a link with a pool lives until its tickets have been handed over") {
  pooled x{1};
  x.join();
  std::weak_ptr<in_memory_link> weak = x.link;
  std::promise<void> released;
  x.back->before = [go = released.get_future().share()] { go.wait(); };
  accept_one(*x.link, of(1, commencement()));
  accept_one(*x.link, of(2, commencement()));
  x.link.reset();
  CHECK_FALSE(weak.expired());
  released.set_value();
  CHECK(x.back->tickets->await(2) == strings{"1: 0 commencement", "2: 0 commencement"});
}
