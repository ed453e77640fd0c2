/// Joins a front and a back in one process. Keeps the order in each direction, works with either side joined first,
/// and copies no payload (S-STATS-5).
#pragma once

#include <tandem/actors/links/half_link.hpp>

namespace tandem {

class in_memory_link final : public duplex_link {
public:
  void accept(front_to_back_ticket ticket) override;
  void accept(back_to_front_ticket ticket) override;
  std::vector<refusal> accept_all(std::vector<front_to_back_ticket>&& tickets) override;
  std::vector<refusal> accept_all(std::vector<back_to_front_ticket>&& tickets) override;

  /// Throw std::invalid_argument if `peer` is null.
  void join_rear_link(std::shared_ptr<rear_link> peer) override;
  void join_fore_link(std::shared_ptr<fore_link> peer) override;

  void rear_lost(const std::string& details) override;
  void fore_lost(const std::string& details) override;

private:
  half_link<front_to_back_ticket> to_back_;
  half_link<back_to_front_ticket> to_front_;
};

} // namespace tandem
