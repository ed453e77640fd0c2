#include "front_link.hpp"
#include "../links/inform.hpp"

#include <stdexcept>
#include <utility>

namespace tandem {

front_link::front_link(std::function<void()> close) : close_(std::move(close)) {
}

front_link::~front_link() {
  close_();
}

std::shared_ptr<front_link::session_type> front_link::session() const {
  std::lock_guard guard{mutex_};
  return session_;
}

std::vector<refusal> front_link::accept(std::vector<front_to_back_ticket>&& tickets) {
  std::shared_ptr<session_type> to;
  {
    std::lock_guard guard{mutex_};
    if (session_ == nullptr)
      throw std::runtime_error{lost_};
    to = session_;
  }
  return to->send(std::move(tickets));
}

void front_link::join_fore_link(std::shared_ptr<fore_peer> front) {
  if (front == nullptr)
    throw std::invalid_argument{"join_fore_link: peer must not be null"};
  std::lock_guard guard{notices_};
  auto refused = to_front_.join(front);
  std::shared_ptr<session_type> to;
  std::string why;
  bool is_draining = false;
  {
    std::lock_guard lock{mutex_};
    to = session_;
    why = lost_;
    is_draining = is_draining_;
  }
  if (to == nullptr)
    return front->rear_lost(why);
  to->tell(std::move(refused));
  if (is_draining)
    tell_of_draining(*front);
}

void front_link::fore_lost(const std::string&) {
  if (const auto to = session())
    to->stop();
}

caf::actor front_link::handle(caf::actor_system& system) {
  return address_.get(system, *this);
}

node_description front_link::other_side() const {
  std::lock_guard guard{mutex_};
  return other_;
}

link_status front_link::status() const {
  link_status result;
  std::shared_ptr<session_type> from;
  link_status counts;
  {
    std::lock_guard guard{mutex_};
    from = session_;
    counts = counts_;
  }
  if (from)
    result = from->status();
  result.connections = counts.connections;
  result.sessions = counts.sessions;
  result.last_failure = counts.last_failure;
  return result;
}

flush_result front_link::flush(duration timeout) {
  const auto from = session();
  return from ? from->flush(timeout) : flush_result::lost;
}

// -- of the connector ----------------------------------------------------------------------------

void front_link::begin(std::shared_ptr<session_type> session) {
  std::lock_guard guard{notices_};
  {
    std::lock_guard lock{mutex_};
    session_ = std::move(session);
    is_draining_ = false;
    ++counts_.sessions;
  }
  if (const auto front = to_front_.peer())
    inform("rear_ready", [&] { front->rear_ready(); });
}

void front_link::connected(node_description other) {
  std::lock_guard guard{mutex_};
  other_ = std::move(other);
  ++counts_.connections;
}

void front_link::heard(core::session_notice x) {
  std::lock_guard guard{notices_};
  {
    std::lock_guard lock{mutex_};
    is_draining_ = x != core::session_notice::ready;
  }
  const auto front = to_front_.peer();
  if (front == nullptr)
    return;
  if (x == core::session_notice::ready)
    inform("rear_ready", [&] { front->rear_ready(); });
  else
    tell_of_draining(*front);
}

/// S-SESSION-7: the answer goes when the front has heeded it.
void front_link::tell_of_draining(fore_peer& front) {
  std::shared_ptr<void> heeded{nullptr, [weak = std::weak_ptr{session()}](void*) {
                                 if (const auto x = weak.lock())
                                   x->begins_no_more();
                               }};
  inform("rear_draining", [&] { front.rear_draining(std::move(heeded)); });
}

void front_link::news(const link_news& x) {
  std::lock_guard guard{notices_};
  if (const auto front = to_front_.peer())
    inform("rear_news", [&] { front->rear_news(x); });
}

void front_link::lost(const std::string& details) {
  std::lock_guard guard{notices_};
  {
    std::lock_guard lock{mutex_};
    session_ = nullptr;
    lost_ = details;
  }
  if (const auto front = to_front_.peer())
    inform("rear_lost", [&] { front->rear_lost(details); });
}

std::vector<refusal> front_link::received(std::vector<back_to_front_ticket>&& tickets) {
  return to_front_.pass(std::move(tickets));
}

void front_link::failed(const std::string& why) {
  std::lock_guard guard{mutex_};
  counts_.last_failure = why;
}

} // namespace tandem
