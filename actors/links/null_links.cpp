#include "null_links.hpp"

#include <stdexcept>

namespace tandem {

void null_fore_link::accept(back_to_front_ticket) {
}

void null_fore_link::join_rear_link(std::shared_ptr<rear_link>) {
  throw std::logic_error{"S-STATS-6: a null fore link cannot be joined to a rear link"};
}

void null_rear_link::accept(front_to_back_ticket) {
}

void null_rear_link::join_fore_link(std::shared_ptr<fore_link>) {
  throw std::logic_error{"S-STATS-6: a null rear link cannot be joined to a fore link"};
}

} // namespace tandem
