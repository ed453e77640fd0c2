#include "link_side.hpp"
#include "../../messages/caf/sendable.hpp"
#include "../../messages/cluster_messages.hpp"
#include "../../messages/outcome_error.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/unreadable.hpp"
#include "../execution/trampoline.hpp"
#include "../links/link_address.hpp"
#include "../links/refusals.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

/// The reason of an actor that ends after a goodbye.
caf::error in_good_order() {
  return caf::make_error(caf::exit_reason::user_shutdown);
}

std::string why_peer_left(const std::string& details) {
  return "the other side has ended it" + (details.empty() ? "" : ": " + details);
}

std::string why_peer_ended(const caf::error& reason) {
  if (reason == in_good_order())
    return why_peer_left({});
  if (reason == caf::make_error(caf::exit_reason::remote_link_unreachable))
    return "the other node is gone";
  return "at the other side " + details_of(reason);
}

/// S-CLUSTER-6: takes out the tickets whose payload CAF cannot send, with those that follow in their operations. Where
/// the other side knows the operation, a failure goes instead (S-SEND-7).
template <class Ticket>
std::vector<refusal> take_out_unsendable(caf::actor_system& system, std::vector<Ticket>& tickets) {
  std::vector<refusal> refused;
  std::vector<refusal> known;
  std::erase_if(tickets, [&](const Ticket& x) {
    if (std::any_of(refused.begin(), refused.end(), [&](const refusal& y) { return y.operation == x.operation; }))
      return true; // S-SEND-7
    if (!x.payload || payload_as<std::string>(*x.payload) != nullptr || compat::is_sendable(system, *x.payload))
      return false;
    refused.push_back({x.operation, "the payload has a type or value that CAF cannot send to another node"});
    if (!is_first(x.kind))
      known.push_back(refused.back());
    return true;
  });
  for (auto& failure : failures_of<Ticket>(std::move(known)))
    tickets.push_back(std::move(failure));
  return refused;
}

template <class Ticket>
caf::message message_of(std::vector<Ticket>&& tickets) {
  if (tickets.size() == 1)
    return caf::make_message(std::move(tickets.front()));
  return caf::make_message(std::move(tickets));
}

constexpr const char* unreadable = "a message with tickets could not be read, perhaps for the type of a payload";

} // namespace

template <class Outgoing, class Incoming>
link_side<Outgoing, Incoming>::~link_side() {
  if (own_ && details_.empty())
    say_goodbye(own_, peer_, {});
}

template <class Outgoing, class Incoming>
caf::actor link_side<Outgoing, Incoming>::open() {
  auto address = std::make_shared<caf::weak_actor_ptr>();
  auto own = compat::make_light_actor<callback_actor>(
    system_, "tandem.link-by-handle", [weak = this->weak_from_this(), address](const compat::envelope& what) {
      const auto strong = address->lock();
      if (strong == nullptr)
        return;
      const own_ptr own{static_cast<callback_actor*>(strong->get())};
      if (auto self = weak.lock())
        self->receive(own, what);
      else if (is_message<end_link>(what.content) || is_message<caf::exit_msg>(what.content))
        own->end(in_good_order()); // this side has said goodbye, and waits for the other, which does the same
    });
  *address = caf::weak_actor_ptr{own->ctrl()};
  std::lock_guard guard{mutex_};
  own_ = own;
  return compat::handle_of(*own);
}

template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::begin(const caf::actor& peer, const std::string& name) {
  {
    std::lock_guard guard{mutex_};
    if (!details_.empty())
      return;
    peer_ = caf::actor_cast<caf::strong_actor_ptr>(peer);
    name_ = name;
  }
  // S-CLUSTER-3. Called at once if that actor has ended already.
  peer->attach_functor([weak = this->weak_from_this()](const caf::error& reason) {
    if (auto self = weak.lock())
      self->fail(why_peer_ended(reason));
  });
}

// -- sending -----------------------------------------------------------------------------------

template <class Outgoing, class Incoming>
std::pair<caf::strong_actor_ptr, caf::strong_actor_ptr> link_side<Outgoing, Incoming>::open_ends() const {
  std::lock_guard guard{mutex_};
  if (!details_.empty() || peer_ == nullptr)
    return {};
  return {peer_, own_->strong()};
}

template <class Outgoing, class Incoming>
std::vector<refusal> link_side<Outgoing, Incoming>::send(std::vector<Outgoing>&& tickets) {
  const auto [peer, own] = open_ends();
  if (peer == nullptr) {
    std::lock_guard guard{mutex_};
    throw std::runtime_error{details_.empty() ? "the link has not begun" : details_};
  }
  // Within an actor system nothing is written.
  auto refused = peer->node() == system_.node() ? std::vector<refusal>{} : take_out_unsendable(system_, tickets);
  if (!tickets.empty())
    compat::deliver(peer, own, message_of(std::move(tickets))); // S-CLUSTER-2
  return refused;
}

template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::tell(std::vector<refusal>&& refused) {
  if (refused.empty())
    return;
  try {
    send(failures_of<Outgoing>(std::move(refused)));
  } catch (...) {
    // The link has ended meanwhile, and with it the operations.
  }
}

template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::say_draining() {
  if (const auto [peer, own] = open_ends(); peer != nullptr)
    compat::deliver(peer, own, caf::make_message(drain_link{}));
}

// -- receiving -----------------------------------------------------------------------------------

/// Runs in CAF's network thread, or in the sender's if that is in the same actor system. No exception may leave it.
template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::receive(const own_ptr& own, const compat::envelope& what) {
  if (is_message<caf::exit_msg>(what.content))
    return fail("its actor was told to exit");
  if (compat::says_unreadable(what)) // S-CLUSTER-6
    return fail(unreadable);
  if (is_peer(what.sender)) {
    if (auto tickets = link_address::tickets_in<Incoming>(what.content))
      return take(what.sender, std::move(*tickets));
    if (compat::was_unreadable(what.content)) // S-CLUSTER-6
      return fail(unreadable);
    if (is_message<drain_link>(what.content))
      return callbacks_.drains();
    if (is_message<end_link>(what.content))
      return peer_left(own, what.content.get_as<end_link>(0).details);
  }
  // S-CLUSTER-2: dropped; a request at least gets an answer.
  compat::respond(what, nullptr, caf::make_message(caf::make_error(caf::sec::unexpected_message)));
}

/// By address: CAF may have made several proxies of that actor, one after the other.
template <class Outgoing, class Incoming>
bool link_side<Outgoing, Incoming>::is_peer(const caf::strong_actor_ptr& sender) const {
  std::lock_guard guard{mutex_};
  return sender != nullptr && peer_ != nullptr && sender->id() == peer_->id() && sender->node() == peer_->node();
}

template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::take(const caf::strong_actor_ptr& sender, std::vector<Incoming>&& tickets) {
  std::optional<trampoline> scope;
  if (sender->node() != system_.node())
    scope.emplace(trampoline::place::network);
  if (has_ended())
    return;
  tell(refusals_to_tell(std::move(tickets), "the link's end", callbacks_.received));
}

// -- the end ---------------------------------------------------------------------------------------

template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::end(const std::string& why) {
  if (!mark_ended("this side has ended it" + (why.empty() ? "" : ": " + why)))
    return;
  say_goodbye(own_, peer_, why); // nobody changes them any more
  callbacks_.ended(details_);
}

template <class Outgoing, class Incoming>
bool link_side<Outgoing, Incoming>::close(const std::string& why, duration timeout) {
  const auto peer = open_ends().first;
  if (peer == nullptr)
    return false;
  auto gone = std::make_shared<std::promise<void>>();
  peer->get()->attach_functor([gone](const caf::error&) { gone->set_value(); });
  end(why);
  return gone->get_future().wait_for(timeout) == std::future_status::ready;
}

/// S-CLUSTER-4.
template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::peer_left(const own_ptr& own, const std::string& details) {
  const bool first = mark_ended(why_peer_left(details));
  own->end(in_good_order()); // also if this side has said goodbye itself
  if (first)
    callbacks_.ended(details_);
}

/// S-CLUSTER-3. Tells the other side why, if it can hear that.
template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::fail(const std::string& why) {
  if (!mark_ended(why))
    return;
  if (own_)
    own_->end(to_error(outcome::transmission_failure, why));
  callbacks_.ended(details_);
}

template <class Outgoing, class Incoming>
bool link_side<Outgoing, Incoming>::has_ended() const {
  std::lock_guard guard{mutex_};
  return !details_.empty();
}

/// True if this is the end: own_, peer_ and details_ stay as they are then.
template <class Outgoing, class Incoming>
bool link_side<Outgoing, Incoming>::mark_ended(const std::string& why) {
  std::lock_guard guard{mutex_};
  if (!details_.empty())
    return false;
  details_ = "the link by handle" + (name_.empty() ? "" : " to " + name_) + " is lost: " + why;
  return true;
}

/// S-CLUSTER-4. `peer`, which may be null, keeps `own` until it ends.
template <class Outgoing, class Incoming>
void link_side<Outgoing, Incoming>::say_goodbye(const own_ptr& own, const caf::strong_actor_ptr& peer,
                                                const std::string& why) {
  if (peer == nullptr)
    return own->end(in_good_order());
  peer->get()->attach_functor([own](const caf::error&) { own->end(in_good_order()); });
  compat::deliver(peer, own->strong(), caf::make_message(end_link{why}));
}

template class link_side<front_to_back_ticket, back_to_front_ticket>;
template class link_side<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
