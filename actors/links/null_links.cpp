#include "null_links.hpp"

namespace tandem {

std::vector<refusal> null_fore_link::accept(std::vector<back_to_front_ticket>&&) {
  return {};
}

caf::actor null_fore_link::handle(caf::actor_system& system) {
  return address_.get(system, *this);
}

std::vector<refusal> null_rear_link::accept(std::vector<front_to_back_ticket>&&) {
  return {};
}

caf::actor null_rear_link::handle(caf::actor_system& system) {
  return address_.get(system, *this);
}

} // namespace tandem
