/// Both ends in one actor system, joined by the test link, with a balanced link before it or without, or by the
/// in-memory link.
#pragma once

#include "../../../actors/system.hpp"
#include "world.hpp"

#include <caf/actor_system.hpp>

namespace tandem::conformance {

/// One actor system serves all scenarios; ends and links are new each time.
class memory_way : public way {
public:
  /// `pools`: dedicated threads for work and utility, in place of the scheduler. Not for transmission: with those, the
  /// answer to a last ticket may be there before the end knows that the link took that ticket (S-END-1).
  memory_way(bool pools, bool balanced);

  std::string name() const override {
    return balanced_ ? "balanced" : "in-memory";
  }
  std::optional<std::string> obstacle(const scenario&) const override;
  std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) override;

private:
  bool pools_;
  bool balanced_;
  system_config config_;
  caf::actor_system system_;
};

/// Two threads for each actor system: enough for all that can go on at the same time.
system_config& with_few_threads(system_config& config);

} // namespace tandem::conformance
