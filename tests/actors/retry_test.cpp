/// Operations that are tried again: S-END-12.
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/retry.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// What a series of attempts came to.
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

TEST_CASE("S-END-8: a loss is tried again only where that was said, and never after a payload") {
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
