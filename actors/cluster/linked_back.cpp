#include "linked_back.hpp"
#include "../../messages/type_ids.hpp"
#include "../links/inform.hpp"

#include <stdexcept>
#include <utility>

namespace tandem {

std::shared_ptr<linked_back> linked_back::make(caf::actor_system& system) {
  auto result = std::make_shared<linked_back>();
  std::weak_ptr<linked_back> weak = result;
  result->side_ = std::make_shared<side_type>(system, side_type::callbacks{
                                                        [weak](std::vector<back_to_front_ticket>&& tickets) {
                                                          auto self = weak.lock();
                                                          return self ? self->to_front_.pass(std::move(tickets))
                                                                      : std::vector<refusal>{};
                                                        },
                                                        [weak] {
                                                          if (auto self = weak.lock())
                                                            self->drains();
                                                        },
                                                        [weak](const std::string& details) {
                                                          if (auto self = weak.lock())
                                                            self->ended(details);
                                                        },
                                                      });
  return result;
}

std::vector<refusal> linked_back::accept(std::vector<front_to_back_ticket>&& tickets) {
  return side_->send(std::move(tickets));
}

void linked_back::join_fore_link(std::shared_ptr<fore_peer> front) {
  if (front == nullptr)
    throw std::invalid_argument{"join_fore_link: peer must not be null"};
  auto refused = to_front_.join(front);
  if (const auto lost = lost_details(); !lost.empty())
    return front->rear_lost(lost);
  side_->tell(std::move(refused));
}

void linked_back::fore_lost(const std::string& details) {
  side_->end(details);
}

caf::actor linked_back::handle(caf::actor_system& system) {
  auto result = address_.get(system, *this);
  if (const auto lost = lost_details(); !lost.empty())
    address_.lost(lost);
  return result;
}

bool linked_back::close(duration timeout) {
  check_duration("close: timeout", timeout);
  return side_->close({}, timeout);
}

std::string linked_back::lost_details() const {
  std::lock_guard guard{mutex_};
  return lost_;
}

/// S-CLUSTER-7: the answer goes when the front has heeded it.
void linked_back::drains() {
  std::shared_ptr<void> heeded{nullptr, [weak = std::weak_ptr{side_}](void*) {
                                 if (auto side = weak.lock())
                                   side->say_draining();
                               }};
  if (auto front = to_front_.peer())
    inform("rear_draining", [&] { front->rear_draining(std::move(heeded)); });
}

/// A front that is joined at the same moment may hear of it twice.
void linked_back::ended(const std::string& details) {
  {
    std::lock_guard guard{mutex_};
    lost_ = details;
  }
  if (auto front = to_front_.peer())
    inform("rear_lost", [&] { front->rear_lost(details); });
  address_.lost(details);
}

} // namespace tandem
