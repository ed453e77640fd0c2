#include "caf_actors.hpp"

#include "../../../actors/compat/system.hpp"

#include <caf/exit_reason.hpp>

#include <utility>

namespace tandem::bench::caf_baseline {

unary_driver::unary_driver(meter& progress, int in_flight, caf::actor factory)
  : progress_{progress},
    in_flight_{in_flight},
    factory_{std::move(factory)},
    open_fronts_(static_cast<size_t>(in_flight)) {
  // nop
}

void unary_driver::start(caf::actor_system& system) {
  for (int slot = 0; slot < in_flight_ && progress_.claim(); ++slot)
    launch(system, slot);
}

void unary_driver::ended(caf::event_based_actor& front, meter::clock::time_point begin, int slot) {
  if (in_flight_ == 1)
    progress_.record(meter::clock::now() - begin);
  if (progress_.claim())
    launch(front, slot);
  progress_.finished();
}

bool unary_driver::opened(caf::actor front, int slot) {
  std::lock_guard guard{mutex_};
  // Swapped, so that the handle of the front before is released after the lock.
  open_fronts_[static_cast<size_t>(slot)].swap(front);
  return !stopped_;
}

void unary_driver::lost() {
  progress_.failed("lost the CAF server");
}

void unary_driver::stop() {
  std::lock_guard guard{mutex_};
  stopped_ = true;
  for (auto& front : open_fronts_)
    if (front)
      caf::anon_send_exit(front, caf::exit_reason::user_shutdown);
}

template <class Spawner>
void unary_driver::launch(Spawner& spawner, int slot) {
  auto begin = meter::clock::now();
  auto operation = next_operation_.fetch_add(1, std::memory_order_relaxed);
  if (factory_) {
    spawner.template spawn<remote_front_operation>(*this, begin, slot, operation, factory_);
  } else {
    auto back = spawner.template spawn<back_operation>();
    spawner.template spawn<front_operation>(*this, begin, slot, operation, std::move(back));
  }
}

caf::behavior back_operation::make_behavior() {
  return {[this](ticket& request) {
    quit();
    return std::move(request);
  }};
}

front_operation::front_operation(caf::actor_config& cfg, unary_driver& driver, meter::clock::time_point begin, int slot,
                                 uint64_t operation, caf::actor back)
  : caf::event_based_actor{cfg},
    driver_{driver},
    begin_{begin},
    slot_{slot},
    operation_{operation},
    back_{std::move(back)} {
  // nop
}

caf::behavior front_operation::make_behavior() {
  auto* self = this;
  compat::send(self, back_, ticket{operation_, 0, sample_payload});
  return {[this](const ticket&) {
    quit();
    driver_.ended(*this, begin_, slot_);
  }};
}

remote_front_operation::remote_front_operation(caf::actor_config& cfg, unary_driver& driver,
                                               meter::clock::time_point begin, int slot, uint64_t operation,
                                               caf::actor factory)
  : caf::event_based_actor{cfg},
    driver_{driver},
    begin_{begin},
    slot_{slot},
    operation_{operation},
    factory_{std::move(factory)} {
  // nop
}

caf::behavior remote_front_operation::make_behavior() {
  auto* self = this;
  if (driver_.opened(caf::actor{this}, slot_))
    compat::send(self, factory_, caf::actor{this}, ticket{operation_, 0, sample_payload});
  else
    quit(caf::exit_reason::user_shutdown);
  return {[this](const ticket&) {
    answered_ = true;
    quit();
    driver_.ended(*this, begin_, slot_);
  }};
}

void remote_front_operation::on_exit() {
  // Once answered, the driver may be gone already.
  if (!answered_)
    driver_.lost();
}

remote_back_operation::remote_back_operation(caf::actor_config& cfg, caf::actor front)
  : caf::event_based_actor{cfg}, front_{std::move(front)} {
  // nop
}

caf::behavior remote_back_operation::make_behavior() {
  return {[this](ticket& request) {
    auto* self = this;
    compat::send(self, front_, std::move(request));
    quit();
  }};
}

caf::behavior factory::make_behavior() {
  return {
    [this](const caf::actor& front, ticket& first) {
      auto* self = this;
      auto back = spawn<remote_back_operation>(front);
      compat::send(self, back, std::move(first));
    },
    [this](const caf::actor& front) {
      auto* self = this;
      compat::send(self, front, spawn<echo_actor>());
    },
  };
}

} // namespace tandem::bench::caf_baseline
