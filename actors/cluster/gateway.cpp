#include "gateway.hpp"
#include "../../messages/cluster_messages.hpp"
#include "../../messages/node_name.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/callback_actor.hpp"
#include "../links/inform.hpp"
#include "link_side.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tandem {

namespace {

/// The back's side of one link.
class linked_front final : public fore_peer, public std::enable_shared_from_this<linked_front> {
public:
  using side_type = link_side<back_to_front_ticket, front_to_back_ticket>;

  explicit linked_front(std::shared_ptr<rear_link> port) : port_(std::move(port)) {
  }

  ~linked_front() override {
    lost("the link by handle is gone");
  }

  /// Makes the link's actor and lets tickets through.
  caf::actor open(caf::actor_system& system, const open_link& front) {
    std::weak_ptr<linked_front> weak = weak_from_this();
    side_ = std::make_shared<side_type>(system, side_type::callbacks{
                                                  [weak](std::vector<front_to_back_ticket>&& tickets) {
                                                    auto self = weak.lock();
                                                    return self ? self->received(std::move(tickets))
                                                                : std::vector<refusal>{};
                                                  },
                                                  [weak] {
                                                    if (auto self = weak.lock())
                                                      self->take_heeded();
                                                  },
                                                  [weak](const std::string& details) {
                                                    if (auto self = weak.lock())
                                                      self->lost(details);
                                                  },
                                                });
    auto result = side_->open();
    port()->join_fore_link(shared_from_this());
    side_->begin(front.link, front.node.empty() ? "a front" : front.node);
    return result;
  }

  void end(const std::string& why) {
    side_->end(why);
  }

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    return side_->send(std::move(tickets));
  }

  /// S-CLUSTER-7.
  void rear_draining(std::shared_ptr<void> heeded) override {
    {
      std::lock_guard guard{mutex_};
      if (port_ == nullptr)
        return;
      heeded_.swap(heeded);
    }
    side_->say_draining();
  }

private:
  std::shared_ptr<void> take_heeded() {
    std::lock_guard guard{mutex_};
    return std::exchange(heeded_, nullptr);
  }

  std::shared_ptr<rear_link> port() const {
    std::lock_guard guard{mutex_};
    return port_;
  }

  std::vector<refusal> received(std::vector<front_to_back_ticket>&& tickets) {
    auto to = port();
    return to ? to->accept(std::move(tickets)) : std::vector<refusal>{};
  }

  /// Tells the port, and lets go of it: the two hold each other.
  void lost(const std::string& details) {
    std::shared_ptr<rear_link> port;
    {
      std::lock_guard guard{mutex_};
      port.swap(port_);
    }
    if (port != nullptr)
      inform("fore_lost", [&] { port->fore_lost(details); });
    take_heeded();
  }

  mutable std::mutex mutex_;
  std::shared_ptr<rear_link> port_; // null: the link has ended
  std::shared_ptr<void> heeded_;    // until the front has answered
  std::shared_ptr<side_type> side_;
};

/// What a gateway's actor does.
class gateway_desk {
public:
  /// `keeps`: the links are kept here. Otherwise their ports keep them: so the last one to let go of a link is a back
  /// that has sent its last tickets (S-CLUSTER-4).
  gateway_desk(caf::actor_system& system, port_factory make_port, std::string node, bool keeps)
    : system_(system), make_port_(std::move(make_port)), node_(std::move(node)), keeps_(keeps) {
  }

  caf::message answer(const caf::message& content) {
    if (!is_message<open_link>(content))
      return caf::make_message(caf::make_error(caf::sec::unexpected_message, "a gateway takes open_link"));
    try {
      return caf::make_message(open(content.get_as<open_link>(0)));
    } catch (...) {
      return caf::make_message(caf::make_error(caf::sec::invalid_argument, current_reason("the back")));
    }
  }

  /// No link is made any more. With `links`, those that are there end.
  void end(bool links) {
    std::vector<entry> entries;
    {
      std::lock_guard guard{mutex_};
      ended_ = true;
      if (links)
        entries.swap(entries_);
    }
    for (const auto& x : entries)
      if (auto front = x.front.lock())
        front->end("the gateway has ended");
  }

private:
  struct entry {
    std::weak_ptr<linked_front> front;
    std::shared_ptr<linked_front> kept; ///< null: not here
  };

  /// S-CLUSTER-1.
  link_opened open(const open_link& x) {
    if (x.version != cluster_version)
      throw std::runtime_error{"this side speaks version " + std::to_string(cluster_version)
                               + " of links by handle, not " + std::to_string(x.version)};
    if (!x.link)
      throw std::runtime_error{"open_link without an actor for the link"};
    {
      std::lock_guard guard{mutex_};
      if (ended_)
        throw std::runtime_error{"the gateway has ended"};
    }
    auto port = make_port_({.node = x.node});
    if (port == nullptr)
      throw std::runtime_error{"this back takes no fronts now"};
    auto front = std::make_shared<linked_front>(std::move(port));
    auto link = front->open(system_, x);
    bool late = false;
    {
      std::lock_guard guard{mutex_};
      std::erase_if(entries_, [](const entry& y) { return y.front.expired(); });
      entries_.push_back({front, keeps_ ? front : nullptr});
      late = ended_;
    }
    if (late)
      end(true);
    return {node_, std::move(link)};
  }

  caf::actor_system& system_;
  const port_factory make_port_;
  const std::string node_;
  const bool keeps_;
  std::mutex mutex_; // for all below
  bool ended_ = false;
  std::vector<entry> entries_;
};

using gateway_ptr = compat::light_ptr<callback_actor>;

/// Ends the gateway's actor, if it is still there.
void end_actor(const caf::weak_actor_ptr& gateway, const caf::error& reason) {
  if (auto strong = gateway.lock())
    static_cast<callback_actor*>(strong->get())->end(reason);
}

gateway_ptr spawn_gateway(caf::actor_system& system, const std::shared_ptr<gateway_desk>& desk) {
  struct address {
    caf::weak_actor_ptr actor;
  };
  auto own = std::make_shared<address>();
  auto result = compat::make_light_actor<callback_actor>(
    system, "tandem.gateway-of-cluster", [desk, own](const compat::envelope& what) {
      if (!is_message<caf::exit_msg>(what.content))
        return compat::respond(what, nullptr, desk->answer(what.content));
      desk->end(true); // S-CLUSTER-5
      end_actor(own->actor, what.content.get_as<caf::exit_msg>(0).reason);
    });
  own->actor = caf::weak_actor_ptr{result->ctrl()};
  return result;
}

std::string name_or_default(std::string name) {
  return name.empty() ? default_node_name() : std::move(name);
}

} // namespace

gateway_owner& gateway_owner::operator=(gateway_owner&& other) noexcept {
  close();
  gateway_ = std::move(other.gateway_);
  return *this;
}

gateway_owner::~gateway_owner() {
  close();
}

void gateway_owner::close() {
  // It takes the message at once, in this thread.
  if (auto gateway = std::exchange(gateway_, {}))
    caf::anon_send_exit(gateway, caf::exit_reason::user_shutdown);
}

gateway_owner make_gateway(caf::actor_system& system, port_factory make_port, std::string node_name) {
  if (!make_port)
    throw std::invalid_argument{"make_gateway: make_port must not be empty"};
  auto desk = std::make_shared<gateway_desk>(system, std::move(make_port), name_or_default(std::move(node_name)), true);
  return gateway_owner{compat::handle_of(*spawn_gateway(system, desk))};
}

caf::actor gateway_of(const back_end& back, std::string node_name) {
  const auto end = back.handle();
  auto& system = end->home_system();
  auto desk = std::make_shared<gateway_desk>(system, back.port_maker(), name_or_default(std::move(node_name)), false);
  auto gateway = spawn_gateway(system, desk);
  // Keeps the gateway. The links go on until the back has sent its last tickets.
  end->attach_functor([desk, gateway](const caf::error& reason) {
    desk->end(false);
    gateway->end(reason);
  });
  return compat::handle_of(*gateway);
}

} // namespace tandem
