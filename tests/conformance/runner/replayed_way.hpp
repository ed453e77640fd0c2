/// As in memory, and always recorded: the traces are then played again, against a real back and against a real front,
/// and must bring about the same; and with services that do one thing differently, exactly that difference.
#pragma once

#include "memory_way.hpp"

#include <string>
#include <vector>

namespace tandem::conformance {

class replayed_way final : public memory_way {
public:
  replayed_way() : memory_way(false, false) {
  }

  std::string name() const override {
    return "replayed";
  }
  bool always_records() const override {
    return true;
  }
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::vector<std::string> afterwards(const scenario& x) override;
};

} // namespace tandem::conformance
