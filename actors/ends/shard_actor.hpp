/// The scheduled actor around a shard: it only tells the shard that it may run, or that a timer is due. Internal to the
/// ends.
#pragma once

#include "../../messages/local_messages.hpp"

#include <caf/event_based_actor.hpp>

#include <functional>
#include <utility>

namespace tandem {

class shard_actor final : public caf::event_based_actor {
public:
  /// Each returns false once the shard has stopped.
  struct functions {
    std::function<bool()> run;
    std::function<bool()> timer_due;
  };

  shard_actor(caf::actor_config& config, functions x) : caf::event_based_actor(config), functions_(std::move(x)) {
  }

  caf::behavior make_behavior() override {
    return {
      [this](const run_shard&) { go_on_if(functions_.run()); },
      [this](const timer_due&) { go_on_if(functions_.timer_due()); },
    };
  }

  const char* name() const override {
    return "tandem.shard";
  }

private:
  void go_on_if(bool alive) {
    if (alive)
      return;
    functions_ = {}; // they keep the shard
    quit();
  }

  functions functions_;
};

} // namespace tandem
