/// The pure machines, in virtual time: no actors, one thread.
#pragma once

#include <tandem/tests/conformance/runner/world.hpp>

namespace tandem::conformance {

class machine_way final : public way {
public:
  std::string name() const override {
    return "machines";
  }
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) override;
};

} // namespace tandem::conformance
