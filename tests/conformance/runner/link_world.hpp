/// The topology `link only`: an in-memory link between peers that record what they get; and the null links.
#pragma once

#include "../../../actors/links/in_memory_link.hpp"
#include "world.hpp"

#include <map>
#include <memory>
#include <string>

namespace tandem::conformance {

class link_world final : public world {
public:
  void inject(const any_ticket& ticket) override;
  void join_peer(const std::string& peer) override;
  std::string null_link(const steps::null_link& x) override;
  /// The link works in the caller's thread.
  void settle() override {
  }
  std::map<std::string, std::vector<any_ticket>> delivered() const override;

private:
  class recording_peer;
  std::shared_ptr<recording_peer> peer(const std::string& name);

  std::shared_ptr<in_memory_link> link_ = std::make_shared<in_memory_link>();
  std::map<std::string, std::shared_ptr<recording_peer>> peers_;
};

} // namespace tandem::conformance
