/// A link that passes tickets on and sees each of them on the way: the base of links that record, spoil or count, and
/// of yours. It can stand anywhere between a front and a back; several can stand in a row.
///
///     class counting_link final : public relay_link {
///       void intercept(std::vector<front_to_back_ticket>& tickets) override { count += tickets.size(); }
///       std::atomic<size_t> count = 0;
///     };
#pragma once

#include "link_address.hpp"
#include "link_direction.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem {

class relay_link : public duplex_link, public std::enable_shared_from_this<relay_link> {
public:
  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;

  void join_rear_link(std::shared_ptr<rear_peer> peer) override;
  void join_fore_link(std::shared_ptr<fore_peer> peer) override;

  void rear_lost(const std::string& details) override;
  void rear_ready() override;
  void rear_draining(std::shared_ptr<void> heeded) override;
  void rear_news(const link_news& x) override;
  void fore_lost(const std::string& details) override;
  void fore_news(const link_news& x) override;

  caf::actor handle(caf::actor_system& system) override;

protected:
  /// Called with tickets on their way, by any thread, by several at a time; may change, add and remove some. An
  /// exception refuses all of them. The default does nothing.
  virtual void intercept(std::vector<front_to_back_ticket>& tickets);
  virtual void intercept(std::vector<back_to_front_ticket>& tickets);

  link_direction<rear_peer> to_back_;
  link_direction<fore_peer> to_front_;

private:
  link_address address_;
};

/// Joins links in a row of any length: the first stands towards the front, the last towards the back.
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
