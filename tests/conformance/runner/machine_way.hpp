/// The pure machines, in virtual time: no actors, one thread.
#pragma once

#include "../../../messages/trace/trace_entry.hpp"
#include "world.hpp"

#include <functional>
#include <utility>

namespace tandem::conformance {

class machine_way final : public way {
public:
  /// `record`, if it is given, gets what both ends do (plain_end::record).
  explicit machine_way(std::function<void(trace_entry)> record = {}) : record_(std::move(record)) {
  }

  std::string name() const override {
    return "machines";
  }
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) override;

private:
  std::function<void(trace_entry)> record_;
};

} // namespace tandem::conformance
