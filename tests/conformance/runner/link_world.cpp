#include "link_world.hpp"
#include "../../../actors/links/null_links.hpp"

#include <type_traits>

namespace tandem::conformance {

class link_world::recording_peer final : public fore_peer, public rear_peer {
public:
  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& x) override {
    tickets.insert(tickets.end(), x.begin(), x.end());
    return {};
  }
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& x) override {
    tickets.insert(tickets.end(), x.begin(), x.end());
    return {};
  }

  std::vector<any_ticket> tickets;
};

void link_world::inject(const any_ticket& ticket) {
  std::visit([this](const auto& x) { accept_one(*link_, x); }, ticket);
}

void link_world::join_peer(const std::string& name) {
  if (name == "front" || name == "front 2")
    link_->join_fore_link(peer(name));
  else if (name == "back" || name == "back 2")
    link_->join_rear_link(peer(name));
  else
    throw scenario_error{"unknown peer \"" + name + "\""};
}

std::string link_world::null_link(const steps::null_link& x) {
  // S-STATS-6: there is no join to call on a null link, which is as good as an error.
  static_assert(!std::is_base_of_v<fore_link, null_fore_link> && !std::is_base_of_v<rear_link, null_rear_link>);
  if (x.join)
    return "error";
  if (x.fore)
    accept_one(*std::make_shared<null_fore_link>(), back_to_front_ticket{});
  else
    accept_one(*std::make_shared<null_rear_link>(), front_to_back_ticket{});
  return "ok";
}

std::map<std::string, std::vector<any_ticket>> link_world::delivered() const {
  std::map<std::string, std::vector<any_ticket>> result;
  for (const auto& [name, peer] : peers_)
    result[name] = peer->tickets;
  return result;
}

std::shared_ptr<link_world::recording_peer> link_world::peer(const std::string& name) {
  auto& result = peers_[name];
  if (result == nullptr)
    result = std::make_shared<recording_peer>();
  return result;
}

} // namespace tandem::conformance
