/// Links that accept every ticket and do nothing with it (S-STATS-6). Ends and links can be joined to them; they
/// themselves are joined to nothing.
///
///     back.join_fore_link(std::make_shared<null_fore_link>());   // its results go nowhere
#pragma once

#include "link_address.hpp"

#include <memory>
#include <vector>

namespace tandem {

/// Takes tickets that go to a front: join a back end to it, and its results go nowhere. Any thread.
class null_fore_link final : public fore_peer, public std::enable_shared_from_this<null_fore_link> {
public:
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;

  /// As fore_link::handle.
  caf::actor handle(caf::actor_system& system);

private:
  link_address address_;
};

/// Takes tickets that go to a back: join a front end to it, and its tickets go nowhere. Any thread.
class null_rear_link final : public rear_peer, public std::enable_shared_from_this<null_rear_link> {
public:
  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;

  /// As rear_link::handle.
  caf::actor handle(caf::actor_system& system);

private:
  link_address address_;
};

} // namespace tandem
