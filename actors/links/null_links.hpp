/// Links that accept every ticket and do nothing with it (S-STATS-6).
#pragma once

#include "link.hpp"

namespace tandem {

/// Join a back end to it to let its results go nowhere. Any thread.
class null_fore_link final : public fore_link {
public:
  void accept(back_to_front_ticket ticket) override;

  /// Throws std::logic_error: there is nothing to join.
  void join_rear_link(std::shared_ptr<rear_link> peer) override;
};

/// Join a front end to it to let its tickets go nowhere. Any thread.
class null_rear_link final : public rear_link {
public:
  void accept(front_to_back_ticket ticket) override;

  /// Throws std::logic_error: there is nothing to join.
  void join_fore_link(std::shared_ptr<fore_link> peer) override;
};

} // namespace tandem
