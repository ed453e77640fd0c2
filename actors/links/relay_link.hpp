/// A link that passes tickets on and sees each of them on the way: the base of those that record, spoil or count.
/// Stands anywhere between a front and a back; several can stand in a row.
#pragma once

#include "link_direction.hpp"

namespace tandem {

class relay_link : public duplex_link {
public:
  void accept(front_to_back_ticket ticket) override;
  void accept(back_to_front_ticket ticket) override;
  std::vector<refusal> accept_all(std::vector<front_to_back_ticket>&& tickets) override;
  std::vector<refusal> accept_all(std::vector<back_to_front_ticket>&& tickets) override;
  void accept_faulty(std::vector<front_to_back_ticket>&& tickets, std::vector<std::string> faults) override;
  void accept_faulty(std::vector<back_to_front_ticket>&& tickets, std::vector<std::string> faults) override;

  /// Throw std::invalid_argument if `peer` is null.
  void join_rear_link(std::shared_ptr<rear_link> peer) override;
  void join_fore_link(std::shared_ptr<fore_link> peer) override;

  void rear_lost(const std::string& details) override;
  void rear_ready() override;
  void fore_lost(const std::string& details) override;

protected:
  /// Called with tickets on their way, from any thread; may change, add and remove some. What it throws refuses
  /// all. The default does nothing.
  virtual void intercept(std::vector<front_to_back_ticket>& tickets);
  virtual void intercept(std::vector<back_to_front_ticket>& tickets);

  link_direction<front_to_back_ticket> to_back_;
  link_direction<back_to_front_ticket> to_front_;
};

/// Joins a front end's or a link's back-facing side to `next`: tickets of `first` go to `next`, and the other way.
///
///     join_links(front.link(), recording, connection);   // front, then the recording link, then the connection
template <class First, class Second, class... Rest>
void join_links(const First& first, const Second& second, const Rest&... rest) {
  first->join_rear_link(second);
  second->join_fore_link(first);
  if constexpr (sizeof...(Rest) > 0)
    join_links(second, rest...);
}

} // namespace tandem
