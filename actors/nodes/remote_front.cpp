#include "remote_front.hpp"
#include "../links/inform.hpp"

#include <asio/post.hpp>

#include <utility>

namespace tandem {

remote_front::remote_front(std::string id, std::string secret, node_description description, std::string peer,
                           std::shared_ptr<rear_link> port)
  : id(std::move(id)),
    secret(std::move(secret)),
    description(std::move(description)),
    peer(std::move(peer)),
    port_(std::move(port)) {
}

void remote_front::begin(caf::actor_system& system, std::shared_ptr<network> network, const link_options& options,
                         const std::string& name,
                         std::function<void(const std::string& details, bool in_order)> ended) {
  const auto weak = weak_from_this();
  network_ = network;
  session_
    = std::make_shared<session_type>(system, std::move(network), options, name,
                                     session_type::callbacks{
                                       .received =
                                         [weak](std::vector<front_to_back_ticket>&& tickets) {
                                           const auto self = weak.lock();
                                           return self ? self->received(std::move(tickets)) : std::vector<refusal>{};
                                         },
                                       .heard =
                                         [weak](core::session_notice x) {
                                           if (const auto self = weak.lock())
                                             self->heard(x);
                                         },
                                       .news =
                                         [weak](const link_news& x) {
                                           const auto self = weak.lock();
                                           if (const auto to = self ? self->port() : nullptr)
                                             inform("fore_news", [&] { to->fore_news(x); });
                                         },
                                       .ended = std::move(ended),
                                     });
  port()->join_fore_link(shared_from_this());
}

std::vector<refusal> remote_front::accept(std::vector<back_to_front_ticket>&& tickets) {
  return session_->send(std::move(tickets));
}

/// S-END-14.
void remote_front::rear_draining(std::shared_ptr<void> heeded) {
  asio::post(network_->context(), [self = shared_from_this(), heeded = std::move(heeded)]() mutable {
    if (!self->session_->ended().empty())
      return;
    self->heeded_ = std::move(heeded);
    self->is_draining_ = true;
    self->say(core::session_notice::draining);
  });
}

void remote_front::say(core::session_notice x) {
  session_->say(is_draining_ && x == core::session_notice::ready ? core::session_notice::draining : x);
}

/// S-SESSION-7.
void remote_front::heard(core::session_notice x) {
  if (x == core::session_notice::draining)
    heeded_.reset();
}

std::vector<refusal> remote_front::received(std::vector<front_to_back_ticket>&& tickets) {
  const auto to = port();
  return to ? to->accept(std::move(tickets)) : std::vector<refusal>{};
}

std::shared_ptr<rear_link> remote_front::port() const {
  std::lock_guard guard{mutex_};
  return port_;
}

void remote_front::lost(const std::string& details) {
  std::shared_ptr<rear_link> port;
  {
    std::lock_guard guard{mutex_};
    port.swap(port_);
  }
  if (port != nullptr)
    inform("fore_lost", [&] { port->fore_lost(details); });
  heeded_.reset();
}

} // namespace tandem
