/// Operations that are tried again: S-END-12.
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/links/relay_link.hpp"
#include "../../actors/retry.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// The result of a series of attempts.
struct result_of_series {
  std::shared_ptr<std::promise<ending>> promise = std::make_shared<std::promise<ending>>();

  std::function<void(const caf::error&)> taker() const {
    return [to = promise](const caf::error& reason) { to->set_value({outcome_of(reason), details_of(reason)}); };
  }

  ending wait() const {
    return await(promise->get_future());
  }
};

operate_request request(const std::string& name) {
  return {.name = name,
          .payload = text("x"),
          .complete = true,
          .timeout = 30s,
          .subscription = full_serviced_subscription(make_consumer({}))};
}

/// A back that ends each operation with this abortive ticket, after a payload or without one.
class failing_back final : public relay_link {
public:
  failing_back(bool payload_first, ticket_kind end) : payload_first_(payload_first), end_(end) {
  }

  int attempts() const {
    return attempts_;
  }

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override {
    for (const auto& x : std::exchange(tickets, {})) {
      if (!is_first(x.kind))
        continue;
      ++attempts_;
      std::vector<back_to_front_ticket> answer;
      if (payload_first_)
        answer.push_back(answer_to(x, ticket_kind::continuation, 0));
      answer.push_back(answer_to(x, end_, payload_first_ ? 1 : 0));
      to_front_.pass(std::move(answer));
    }
  }

private:
  static back_to_front_ticket answer_to(const front_to_back_ticket& first, ticket_kind kind, uint64_t number) {
    back_to_front_ticket result;
    result.operation = first.operation;
    result.sequence_number = {number};
    result.kind = kind;
    if (kind == ticket_kind::continuation)
      result.payload = text("a");
    else
      result.details = "refused: as it was told";
    return result;
  }

  const bool payload_first_;
  const ticket_kind end_;
  std::atomic<int> attempts_{0};
};

/// Fills a back that runs one operation at a time.
operation fill(const front_end& front) {
  return front.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
}

} // namespace

TEST_CASE("S-END-12: a refused operation runs at another back") {
  node at;
  back_end full{at.system, test_services(), {.maximum_operations = 1}};
  back_end free{at.system, test_services()};
  front_end other{at.system};
  join(other, full);
  auto filling = fill(other);
  settle({other, full});
  front_end front{at.system};
  auto both = balanced_link::make();
  both->add(full.make_port(), "full");
  both->add(free.make_port(), "free");
  front.join_rear_link(both);
  both->join_fore_link(front.link());
  for (int i = 0; i < 4; ++i) {
    result_of_series result;
    operate_retrying(front, request("echo"), {.pause = 1ms}, result.taker());
    CHECK(result.wait().value == outcome::completed);
  }
  CHECK(full.operation_stats().refused >= 1);
  CHECK(free.operation_stats().of(outcome::completed) == 4);
}

TEST_CASE("S-END-12: attempts are limited, and only refusals are tried again") {
  node at;
  back_end back{at.system, test_services(), {.maximum_operations = 1}};
  front_end front{at.system};
  join(front, back);
  auto filling = fill(front);
  settle({front, back});
  result_of_series refused;
  operate_retrying(front, request("echo"), {.attempts = 3, .pause = 1ms}, refused.taker());
  const auto last = refused.wait();
  CHECK(was_refused(to_error(last.value, last.details)));
  CHECK(back.operation_stats().refused == 3);
  filling.cancel();
  settle({front, back});
  result_of_series failed;
  operate_retrying(front, request("throw"), {.pause = 1ms}, failed.taker());
  CHECK(failed.wait().value == outcome::servicer_failure);
  CHECK(back.operation_stats().of(outcome::servicer_failure) == 1);
}

TEST_CASE("S-END-8: a loss is tried again only where that was said") {
  node at;
  front_end front{at.system};
  int taken = 0;
  /// Takes nothing.
  class broken_link final : public rear_peer {
  public:
    explicit broken_link(int& taken) : taken_(taken) {
    }
    std::vector<refusal> accept(std::vector<front_to_back_ticket>&&) override {
      ++taken_;
      throw std::runtime_error{"broken"};
    }

  private:
    int& taken_;
  };
  front.join_rear_link(std::make_shared<broken_link>(taken));
  result_of_series once;
  operate_retrying(front, request("echo"), {.pause = 1ms}, once.taker());
  CHECK(once.wait().value == outcome::transmission_failure);
  CHECK(taken == 1);
  result_of_series thrice;
  operate_retrying(front, request("echo"), {.attempts = 3, .pause = 1ms, .after_loss = true}, thrice.taker());
  CHECK(thrice.wait().value == outcome::transmission_failure);
  CHECK(taken == 4);
}

TEST_CASE("S-END-8, S-END-12: after a payload nothing is tried again") {
  for (const auto end : {ticket_kind::refusal, ticket_kind::transmission_failure})
    for (const bool payload_first : {true, false}) {
      CAPTURE(to_string(end));
      CAPTURE(payload_first);
      node at;
      front_end front{at.system};
      auto link = std::make_shared<failing_back>(payload_first, end);
      front.join_rear_link(link);
      link->join_fore_link(front.link());
      auto results = std::make_shared<journal>();
      auto with_results = request("echo");
      with_results.subscription = full_serviced_subscription(noting_consumer(results));
      result_of_series result;
      operate_retrying(front, with_results, {.attempts = 3, .pause = 1ms, .after_loss = true}, result.taker());
      const auto last = result.wait();
      settle({front});
      // A refusal that is not the first ticket breaks the rules.
      const bool is_broken = end == ticket_kind::refusal && payload_first;
      CHECK(last.value == (is_broken ? outcome::reception_failure : outcome::transmission_failure));
      CHECK((last.details == "refused: as it was told") == !is_broken);
      CHECK(link->attempts() == (payload_first ? 1 : 3));
      CHECK(results->notes() == (payload_first ? std::vector<std::string>{"a"} : std::vector<std::string>{}));
    }
}

TEST_CASE("S-END-8: after a payload of a real back the loss of the link is the end") {
  node at;
  std::atomic<int> services{0};
  auto table = std::make_shared<method_table>();
  table->add("half", [&](const operation_context&, const output_consumer& out) {
    ++services;
    out.consume(text("half"));
    return make_consumer({});
  });
  back_end back{at.system, table};
  front_end front{at.system};
  join(front, back);
  auto results = std::make_shared<journal>();
  auto half = request("half");
  half.subscription = full_serviced_subscription(noting_consumer(results));
  result_of_series result;
  operate_retrying(front, half, {.attempts = 3, .pause = 1ms, .after_loss = true}, result.taker());
  REQUIRE(results->await(1) == std::vector<std::string>{"half"});
  front.link()->rear_lost("lost");
  front.link()->rear_ready();
  CHECK(result.wait().value == outcome::transmission_failure);
  settle({front, back});
  CHECK(services == 1);
  CHECK(results->notes() == std::vector<std::string>{"half"});
}

TEST_CASE("a series of attempts can be cancelled, and refuses what makes no sense") {
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  join(front, back);
  result_of_series result;
  auto op = operate_retrying(front, request("hold"), {}, result.taker());
  op.cancel();
  CHECK(result.wait().value == outcome::cancelled);
  auto streaming = request("echo");
  streaming.complete = false;
  CHECK_THROWS_WITH(operate_retrying(front, streaming, {}, result.taker()),
                    "operate_retrying: request must be complete");
  CHECK_THROWS_WITH(operate_retrying(front, request("echo"), {.attempts = 0}, result.taker()),
                    "retry_options: attempts must be at least 1");
  CHECK_THROWS_WITH(operate_retrying(front, request("echo"), {.pause = -1s}, result.taker()),
                    "retry_options: pause must not be negative");
  CHECK_THROWS_WITH(operate_retrying(front, request("echo"), {}, nullptr), "operate_retrying: ended must not be empty");
}

TEST_CASE("a series ends at once between two attempts, when it is cancelled or its front is stopped") {
  for (const bool stop : {false, true}) {
    CAPTURE(stop);
    node at;
    back_end back{at.system, test_services(), {.maximum_operations = 1}};
    front_end front{at.system};
    front_end other{at.system};
    join(other, back);
    join(front, back);
    auto filling = fill(other);
    settle({other, back});
    result_of_series result;
    auto series = operate_retrying(front,
                                   {.name = "echo",
                                    .payload = text("x"),
                                    .complete = true,
                                    .subscription = full_serviced_subscription(make_consumer({}))},
                                   {.pause = longest_timeout}, result.taker());
    while (back.operation_stats().refused == 0)
      std::this_thread::yield();
    settle({front, back});
    if (stop)
      front.stop();
    else
      series.cancel();
    const auto end = result.wait();
    CHECK(end.value == (stop ? outcome::transmission_failure : outcome::cancelled));
    CHECK(back.operation_stats().refused == 1);
  }
}

TEST_CASE("an ingestor that gives nothing ends a series as it ends an operation") {
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  join(front, back);
  auto without = request("echo");
  without.subscription
    = {subscription_kind::full, make_ingestor([](const operation_context&) { return std::shared_ptr<consumer>{}; })};
  result_of_series result;
  operate_retrying(front, without, {}, result.taker());
  const auto end = result.wait();
  CHECK(end.value == outcome::serviced_failure);
  CHECK(end.details == "the ingestor returned no consumer");
}

TEST_CASE("retry: a front that is moved from meanwhile costs the series, and no shard") {
  node at;
  back_end back{at.system, test_services(), {.maximum_operations = 1}};
  front_end other{at.system};
  join(other, back);
  const auto holding
    = other.operate({.name = "hold", .timeout = 1h, .subscription = full_serviced_subscription(make_consumer({}))});
  settle({other, back});
  front_end front{at.system}; // what it sends is kept until it is joined
  std::promise<std::string> ended;
  const auto series = operate_retrying(
    front,
    {.name = "echo", .complete = true, .timeout = 1h, .subscription = full_serviced_subscription(make_consumer({}))},
    {}, [&](const caf::error& reason) { ended.set_value(details_of(reason)); });
  const auto moved = std::move(front);
  join(moved, back);
  auto said = ended.get_future();
  REQUIRE(said.wait_for(60s) == std::future_status::ready);
  CHECK(said.get() == "refused: the back runs as many operations as it may, 1");
  wait_for_idle(moved); // its shards run
}
