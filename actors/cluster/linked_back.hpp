/// The front's side of a link by handle, which connect() returns. Internal to cluster/.
#pragma once

#include "../links/link_address.hpp"
#include "../links/link_direction.hpp"
#include "cluster_link.hpp"
#include "link_side.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

class linked_back final : public cluster_link, public std::enable_shared_from_this<linked_back> {
public:
  using side_type = link_side<front_to_back_ticket, back_to_front_ticket>;

  /// In two steps, because callbacks hold weak pointers.
  static std::shared_ptr<linked_back> make(caf::actor_system& system);

  side_type& side() const {
    return *side_;
  }

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  void join_fore_link(std::shared_ptr<fore_peer> front) override;
  void fore_lost(const std::string& details) override;
  caf::actor handle(caf::actor_system& system) override;
  bool close(duration timeout) override;

private:
  std::string lost_details() const;
  void drains();
  /// S-CLUSTER-3.
  void ended(const std::string& details);

  std::shared_ptr<side_type> side_;
  link_direction<fore_peer> to_front_;
  link_address address_;
  mutable std::mutex mutex_;
  std::string lost_; // why the link has ended; empty: it has not
};

} // namespace tandem
