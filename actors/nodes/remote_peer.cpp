#include <tandem/actors/nodes/remote_peer.hpp>
#include <tandem/actors/run_scope.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>

#include <stdexcept>

namespace tandem {

namespace {

/// A frame that is larger than this is sent, and the next one begun: one message blocks the network thread while it is
/// written.
constexpr size_t full_frame = size_t{1} << 20;

} // namespace

template <class Outgoing, class Incoming>
remote_peer<Outgoing, Incoming>::remote_peer(caf::actor_system& system, std::string name, callbacks x)
  : system_(system), name_(std::move(name)), callbacks_(std::move(x)) {
}

template <class Outgoing, class Incoming>
remote_peer<Outgoing, Incoming>::~remote_peer() {
  if (proxy_)
    proxy_->end(caf::exit_reason::user_shutdown);
}

template <class Outgoing, class Incoming>
void remote_peer<Outgoing, Incoming>::open() {
  proxy_ = compat::make_light_actor<proxy_actor>(
    system_, "tandem.remote-link", [weak = this->weak_from_this()](compat::envelope what) {
      if (auto self = weak.lock())
        self->receive(what);
    });
}

template <class Outgoing, class Incoming>
caf::actor remote_peer<Outgoing, Incoming>::proxy() const {
  return compat::handle_of(*proxy_);
}

template <class Outgoing, class Incoming>
void remote_peer<Outgoing, Incoming>::attach(const caf::actor& peer) {
  {
    std::lock_guard guard{mutex_};
    peer_ = caf::actor_cast<caf::strong_actor_ptr>(peer);
  }
  peer->attach_functor([weak = this->weak_from_this()](const caf::error& reason) {
    if (auto self = weak.lock())
      self->lose(caf::to_string(reason));
  });
}

template <class Outgoing, class Incoming>
std::vector<refusal> remote_peer<Outgoing, Incoming>::send(const std::vector<Outgoing>& tickets) {
  {
    std::lock_guard guard{mutex_};
    if (is_lost_)
      throw std::runtime_error{lost_};
  }
  std::vector<refusal> refused;
  std::string frame = empty_frame();
  for (const auto& ticket : tickets) {
    bool barred = false; // S-SEND-7
    for (const auto& x : refused)
      barred = barred || x.operation == ticket.operation;
    if (barred)
      continue;
    if (!append_ticket(system_, ticket, frame)) {
      refused.push_back({ticket.operation, "the payload has a type that cannot be sent to another node"});
      continue;
    }
    if (frame.size() >= full_frame)
      send_frame(std::exchange(frame, empty_frame()));
  }
  if (frame.size() > empty_frame().size())
    send_frame(std::move(frame));
  return refused;
}

template <class Outgoing, class Incoming>
void remote_peer<Outgoing, Incoming>::send_frame(std::string frame) {
  caf::strong_actor_ptr peer;
  {
    std::lock_guard guard{mutex_};
    peer = peer_;
  }
  compat::deliver(peer, nullptr, caf::make_message(ticket_frame{std::move(frame)}));
}

template <class Outgoing, class Incoming>
void remote_peer<Outgoing, Incoming>::lose(const std::string& why) {
  const std::string details = "the connection to " + name_ + " is lost: " + why;
  {
    std::lock_guard guard{mutex_};
    if (is_lost_)
      return;
    is_lost_ = true;
    lost_ = details;
    peer_ = nullptr;
  }
  proxy_->end(caf::exit_reason::user_shutdown);
  callbacks_.lost(details);
}

/// Runs in a thread of CAF's: the network thread, unless CAF was told otherwise.
template <class Outgoing, class Incoming>
void remote_peer<Outgoing, Incoming>::receive(const compat::envelope& what) {
  if (!is_message<ticket_frame>(what.content))
    return; // anything else is none of ours, and harmless
  run_scope scope{run_scope::rounds_in_network};
  decoded_frame<Incoming> decoded;
  std::string error;
  if (!decode_frame(system_, what.content.get_as<ticket_frame>(0).bytes, decoded, error)) {
    lose("it sent what is no ticket frame: " + error);
    return;
  }
  try {
    callbacks_.received(std::move(decoded.tickets), std::move(decoded.faults));
  } catch (const std::exception& e) {
    // The own end is gone, say. CAF's network thread must not learn of it: it would end, and every connection with it.
    lose(e.what());
  }
}

template class remote_peer<front_to_back_ticket, back_to_front_ticket>;
template class remote_peer<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
