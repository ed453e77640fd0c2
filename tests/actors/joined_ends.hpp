/// A front and a back joined in one process, for the tests of ends; and a gate for customer code.
#pragma once

#include "../support/world.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace tandem_test {

struct joined_ends : node {
  tandem::back_end back;
  tandem::front_end front;

  explicit joined_ends(tandem::end_options f = {}, tandem::end_options b = {},
                       std::shared_ptr<tandem::servicer> services = test_services())
    : back(system, std::move(services), std::move(b)), front(system, std::move(f)) {
    join(front, back);
  }

  tandem::operation hold(tandem::duration timeout = std::chrono::minutes(10)) const {
    return front.operate(
      {.name = "hold", .timeout = timeout, .subscription = tandem::termination_only_serviced_subscription()});
  }

  void quiet() const {
    tandem::settle({front, back});
  }
};

/// A gate that customer code waits at.
struct gate {
  std::promise<void> entered;
  std::promise<void> opened;
  std::shared_future<void> open = opened.get_future().share();
};

} // namespace tandem_test
