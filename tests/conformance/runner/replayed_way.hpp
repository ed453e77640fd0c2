/// As in memory, and recorded: the traces are then played again, against a real back and against a real front, and must
/// bring about the same; and with services that do one thing differently, exactly that difference.
#pragma once

#include "../../support/temporary_folder.hpp"
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
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::vector<std::string> afterwards(const scenario& x) override;

protected:
  void prepare(front_end* front, back_end* back) override;

private:
  std::string file_of(const char* side) const;

  tandem_test::temporary_folder folder_;
};

} // namespace tandem::conformance
