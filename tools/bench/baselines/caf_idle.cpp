#include "baselines.hpp"
#include "caf_messages.hpp"
#include "caf_node.hpp"
#include "meter.hpp"
#include "resident_memory.hpp"

#include "../../../actors/compat/system.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <utility>
#include <vector>

namespace tandem::bench::caf_baseline {

namespace {

/// Has had the ticket that commences its operation, and knows where results would go.
class idle_back : public caf::event_based_actor {
public:
  idle_back(caf::actor_config& cfg, meter& commenced) : caf::event_based_actor{cfg}, commenced_{commenced} {
    // nop
  }

  caf::behavior make_behavior() override {
    return {[this](const caf::actor& front, const ticket&) {
      front_ = front;
      commenced_.finished();
    }};
  }

  void on_exit() override {
    front_ = nullptr;
  }

private:
  meter& commenced_;
  caf::actor front_;
};

class idle_front : public caf::event_based_actor {
public:
  idle_front(caf::actor_config& cfg, caf::actor back) : caf::event_based_actor{cfg}, back_{std::move(back)} {
    // nop
  }

  caf::behavior make_behavior() override {
    auto* self = this;
    compat::send(self, back_, caf::actor{this}, ticket{1, 0, sample_payload});
    return {[](const ticket&) {}};
  }

  void on_exit() override {
    send_exit(back_, caf::exit_reason::user_shutdown);
    back_ = nullptr;
  }

private:
  caf::actor back_;
};

void open(caf::actor_system& system, std::vector<caf::actor>& fronts, int wanted) {
  meter commenced{wanted};
  for (int i = 0; i < wanted; ++i) {
    commenced.claim();
    fronts.push_back(system.spawn<idle_front>(system.spawn<idle_back>(commenced)));
  }
  commenced.wait();
}

} // namespace

double bytes_per_idle_operation(int operations) {
  constexpr int first_operations = 16;
  local_node node{"sharing"};
  std::vector<caf::actor> fronts;
  fronts.reserve(first_operations + static_cast<size_t>(operations));
  open(node.system(), fronts, first_operations);
  auto before = resident_bytes_after_trim();
  open(node.system(), fronts, operations);
  auto after = resident_bytes();
  for (auto& front : fronts)
    caf::anon_send_exit(front, caf::exit_reason::user_shutdown);
  return (after - before) / operations;
}

} // namespace tandem::bench::caf_baseline
