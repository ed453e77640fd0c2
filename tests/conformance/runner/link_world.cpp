#include "link_world.hpp"
#include "../../../actors/links/null_links.hpp"

#include <stdexcept>

namespace tandem::conformance {

class link_world::recording_peer final : public duplex_link {
public:
  void accept(front_to_back_ticket ticket) override {
    tickets.emplace_back(std::move(ticket));
  }
  void accept(back_to_front_ticket ticket) override {
    tickets.emplace_back(std::move(ticket));
  }
  void join_rear_link(std::shared_ptr<rear_link>) override {
  }
  void join_fore_link(std::shared_ptr<fore_link>) override {
  }

  std::vector<any_ticket> tickets;
};

void link_world::inject(const any_ticket& ticket) {
  std::visit([this](const auto& x) { link_->accept(x); }, ticket);
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
  null_fore_link fore;
  null_rear_link rear;
  try {
    if (x.fore && x.join)
      fore.join_rear_link(peer("back"));
    else if (x.fore)
      fore.accept(back_to_front_ticket{});
    else if (x.join)
      rear.join_fore_link(peer("front"));
    else
      rear.accept(front_to_back_ticket{});
  } catch (const std::logic_error&) {
    return "error";
  }
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
