/// The ends in two actor systems of this process, joined over loopback sockets, plainly or with TLS, over a socket in
/// the file system, or through a proxy that cuts the connection whenever tickets are under way.
#pragma once

#include "../../../actors/nodes/publish.hpp"
#include "../../../actors/system.hpp"
#include "../../../tools/certificates/certificates.hpp"
#include "../../support/cutting_proxy.hpp"
#include "../../support/temporary_folder.hpp"
#include "traffic.hpp"
#include "world.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem::conformance {

/// The actor systems and the port serve all scenarios; each has a link between the nodes of its own.
class node_way final : public way {
public:
  enum class network { plain, tls, cut, local };

  node_way(bool pools, network over);
  ~node_way() override;

  std::string name() const override {
    switch (over_) {
      case network::tls:
        return "tls";
      case network::cut:
        return "resumed";
      case network::local:
        return "unix";
      case network::plain:
        break;
    }
    return "nodes";
  }
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) override;
  std::vector<std::string> afterwards(const scenario&) override;

private:
  /// The link that fronts get when they connect: that of the world that is there. They may try several times.
  class slot {
  public:
    void put(std::function<std::shared_ptr<rear_link>()> make) {
      std::lock_guard guard{mutex_};
      make_ = std::move(make);
    }

    std::shared_ptr<rear_link> make() const {
      std::lock_guard guard{mutex_};
      return make_ ? make_() : nullptr;
    }

  private:
    mutable std::mutex mutex_;
    std::function<std::shared_ptr<rear_link>()> make_;
  };

  bool pools_;
  network over_;
  std::unique_ptr<tandem_test::certificate_folder> certificates_; // with TLS only
  std::shared_ptr<slot> slot_ = std::make_shared<slot>();
  tandem_test::temporary_folder folder_; // for a socket
  system_config front_config_;
  system_config back_config_;
  caf::actor_system front_system_;
  caf::actor_system back_system_;
  std::string address_;
  publication publication_;
  std::unique_ptr<tandem_test::cutting_proxy> proxy_; // null: the nodes are connected directly
  std::shared_ptr<const traffic> counts_;             // of the scenario that is run, as the next
  uint64_t cuts_before_ = 0;
};

} // namespace tandem::conformance
