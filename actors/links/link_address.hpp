/// The actor that stands for a link (S-STATS-8): a link's `handle` returns it. For those who write links.
///
///     class my_link final : public rear_link, public std::enable_shared_from_this<my_link> {
///       caf::actor handle(caf::actor_system& system) override { return address_.get(system, *this); }
///       link_address address_;
///     };
#pragma once

#include "../compat/callback_actor.hpp"
#include "link.hpp"

#include <caf/actor.hpp>

#include <concepts>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tandem {

/// The actor is made when it is first asked for; it ends with this object, or by lost(). Any thread.
class link_address {
public:
  link_address() = default;
  /// Its monitors hear of a transmission failure: the link is gone.
  ~link_address();

  link_address(const link_address&) = delete;
  link_address& operator=(const link_address&) = delete;

  /// The actor of `link`, which owns this address and is owned by a std::shared_ptr. `link` is not kept alive.
  template <class Link>
  caf::actor get(caf::actor_system& system, Link& link) {
    return get_or_make(system, [weak = link.weak_from_this()](const caf::message& content) {
      auto self = weak.lock();
      if (self == nullptr)
        return gone();
      if constexpr (std::derived_from<Link, rear_peer>)
        if (auto tickets = tickets_in<front_to_back_ticket>(content))
          return answer_for(self->accept(std::move(*tickets)));
      if constexpr (std::derived_from<Link, fore_peer>)
        if (auto tickets = tickets_in<back_to_front_ticket>(content))
          return answer_for(self->accept(std::move(*tickets)));
      return not_tickets();
    });
  }

  /// Ends the actor: the link will not come back. `details` is for people.
  void lost(const std::string& details);

  /// The tickets of this type in `content`, one or several; empty if it is anything else.
  template <class Ticket>
  static std::optional<std::vector<Ticket>> tickets_in(const caf::message& content) {
    if (is_message<Ticket>(content))
      return std::vector<Ticket>{content.get_as<Ticket>(0)};
    if (is_message<std::vector<Ticket>>(content))
      return content.get_as<std::vector<Ticket>>(0);
    return std::nullopt;
  }

  /// What the sender of tickets is told, if it asked: the first refusal, or an empty message.
  static caf::message answer_for(const std::vector<refusal>& refused);

private:
  /// Gives the link a message, and returns the answer to its sender. May throw.
  using taker = std::function<caf::message(const caf::message&)>;

  caf::actor get_or_make(caf::actor_system& system, taker take);
  static caf::message gone();
  static caf::message not_tickets();

  std::mutex mutex_;
  compat::light_ptr<callback_actor> actor_;
};

} // namespace tandem
