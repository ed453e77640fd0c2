#include "baselines.hpp"
#include "caf_actors.hpp"

#include "../../../actors/compat/system.hpp"

#include <caf/exit_reason.hpp>

#include <utility>

namespace tandem::bench::caf_baseline {

namespace {

constexpr int window = payloads_under_way;

} // namespace

caf::behavior echo_actor::make_behavior() {
  return {[](ticket& x) { return std::move(x); }};
}

stream_actor::stream_actor(caf::actor_config& cfg, meter& progress) : caf::event_based_actor{cfg}, progress_{progress} {
  // nop
}

caf::behavior stream_actor::make_behavior() {
  return {
    [this](const ticket& echo) {
      if (progress_.claim()) {
        send_next();
      } else if (echo.sequence_number + 1 == sent_) {
        // Echoes come in order, so this is the last one.
        complete_ = true;
        send_exit(back_, caf::exit_reason::user_shutdown);
        quit();
      }
      progress_.finished();
    },
    [this](const caf::actor& back) {
      back_ = back;
      for (int i = 0; i < window && progress_.claim(); ++i)
        send_next();
    },
  };
}

void stream_actor::on_exit() {
  // Once complete, the meter may be gone already.
  if (!complete_)
    progress_.abort("lost the CAF server");
}

void stream_actor::send_next() {
  auto* self = this;
  compat::send(self, back_, ticket{1, sent_++, sample_payload});
}

} // namespace tandem::bench::caf_baseline
