#include "session_pump.hpp"
#include "../../messages/type_ids.hpp"
#include "../execution/trampoline.hpp"
#include "sockets/lingering.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>

#include <set>
#include <stdexcept>

namespace tandem {

namespace {

/// A frame that is larger than this is sent, and the next one begun: a message blocks the network thread while it is
/// written, and the abortive tickets of later batches wait behind it.
constexpr size_t full_frame = size_t{256} << 10;
/// So is a frame with this many tickets: the other side takes them without a pause.
constexpr size_t most_in_frame = 1024;

/// A frame with more tickets than this keeps other threads busy, which need the core more than a thread that waits for
/// the next frame.
constexpr size_t small_frame = 64;

/// Which tickets from `begin` on go before the others, because they take effect ahead of their turn (S-RECV-3): the
/// abortive ones, except those whose operation begins there too, since the other side would not know it yet.
template <class Ticket>
std::vector<bool> urgent(const std::vector<Ticket>& tickets, size_t begin) {
  std::vector<bool> result(tickets.size());
  std::set<operation_id> begun;
  for (size_t i = begin; i < tickets.size(); ++i) {
    if (is_first(tickets[i].kind))
      begun.insert(tickets[i].operation);
    result[i] = is_abortive(tickets[i].kind) && begun.count(tickets[i].operation) == 0;
  }
  return result;
}

} // namespace

template <class Outgoing, class Incoming>
session_pump<Outgoing, Incoming>::session_pump(caf::actor_system& system, std::string name, duration linger,
                                               callbacks x)
  : system_(system), name_(std::move(name)), linger_(linger), callbacks_(std::move(x)) {
}

template <class Outgoing, class Incoming>
session_pump<Outgoing, Incoming>::~session_pump() {
  if (own_)
    own_->end(caf::exit_reason::user_shutdown);
}

// -- sessions and channels -----------------------------------------------------------------

template <class Outgoing, class Incoming>
caf::actor session_pump<Outgoing, Incoming>::open_channel() {
  compat::light_ptr<callback_actor> old;
  compat::light_ptr<callback_actor> fresh;
  {
    std::lock_guard guard{mutex_};
    fresh = compat::make_light_actor<callback_actor>(
      system_, "tandem.remote-link", [weak = this->weak_from_this(), channel = ++channel_](compat::envelope what) {
        if (auto self = weak.lock())
          self->receive(channel, what);
      });
    old = std::exchange(own_, fresh);
    peer_ = nullptr;
  }
  if (old) // not user_shutdown, which would say that this side has given the session up
    old->end(caf::exit_reason::remote_link_unreachable);
  return compat::handle_of(*fresh);
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::begin(const caf::actor& peer, size_t resend_limit, uint32_t format) {
  {
    std::lock_guard guard{mutex_};
    session_ = link_session{resend_limit};
    format_ = format;
    state_ = state::connected;
    ++sessions_;
  }
  attach(peer);
}

template <class Outgoing, class Incoming>
bool session_pump<Outgoing, Incoming>::resume(const caf::actor& peer, uint64_t received) {
  {
    std::lock_guard guard{mutex_};
    if (!in_session() || !session_.can_be_resumed() || !session_.resume(received))
      return false;
    state_ = state::connected;
  }
  attach(peer);
  return true;
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::attach(const caf::actor& peer) {
  uint64_t channel = 0;
  {
    std::lock_guard guard{mutex_};
    peer_ = caf::actor_cast<caf::strong_actor_ptr>(peer);
    channel = channel_;
    changed_.notify_all();
  }
  peer->attach_functor([weak = this->weak_from_this(), channel](const caf::error& reason) {
    if (auto self = weak.lock())
      self->channel_ended(channel, reason);
  });
  transmit();
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::channel_ended(uint64_t channel, const caf::error& reason) {
  // The other side ends its part in this way only if it has given the session up.
  if (reason == caf::make_error(caf::exit_reason::user_shutdown)) {
    {
      std::lock_guard guard{mutex_};
      if (channel != channel_)
        return;
    }
    lose("the other side closed it");
  } else {
    interrupt(channel);
  }
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::interrupt(uint64_t channel) {
  uint64_t occasion = 0;
  bool waits = false;
  compat::light_ptr<callback_actor> own;
  {
    std::lock_guard guard{mutex_};
    if (channel != channel_ || state_ != state::connected)
      return;
    peer_ = nullptr;
    own = std::exchange(own_, {});
    occasion = ++occasion_;
    waits = session_.can_be_resumed();
    if (waits)
      state_ = state::interrupted;
  }
  // CAF, when it cleans up after an old connection, also ends what belongs to a new one between the same nodes, on one
  // side only: the other has to hear of it, or it would never come back.
  if (own)
    own->end(caf::exit_reason::remote_link_unreachable);
  if (waits)
    callbacks_.interrupted(occasion);
  else
    lose("the other side is gone");
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::window_over(uint64_t occasion, duration window) {
  {
    std::lock_guard guard{mutex_};
    if (state_ != state::interrupted || occasion != occasion_)
      return;
  }
  lose("it was not there again within " + std::to_string(window / std::chrono::milliseconds(1)) + " ms");
}

template <class Outgoing, class Incoming>
bool session_pump<Outgoing, Incoming>::is_interrupted() const {
  std::lock_guard guard{mutex_};
  return state_ == state::interrupted;
}

template <class Outgoing, class Incoming>
bool session_pump<Outgoing, Incoming>::is_losing() const {
  std::lock_guard guard{mutex_};
  return state_ == state::losing;
}

template <class Outgoing, class Incoming>
bool session_pump<Outgoing, Incoming>::has_session() const {
  std::lock_guard guard{mutex_};
  return in_session();
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::lose(const std::string& why) {
  const std::string details = "the connection to " + name_ + " is lost: " + why;
  compat::light_ptr<callback_actor> own;
  {
    std::lock_guard guard{mutex_};
    if (!in_session())
      return;
    state_ = state::losing;
    lost_ = details;
    peer_ = nullptr;
    session_ = link_session{};
    own = std::exchange(own_, {});
    ++channel_; // late frames do not belong to it
    changed_.notify_all();
  }
  if (own)
    own->end(caf::exit_reason::user_shutdown);
  callbacks_.lost(details);
  {
    std::lock_guard guard{mutex_};
    state_ = state::idle;
  }
  if (callbacks_.idle)
    callbacks_.idle();
}

template <class Outgoing, class Incoming>
std::string session_pump<Outgoing, Incoming>::lost_details() const {
  std::lock_guard guard{mutex_};
  return lost_;
}

template <class Outgoing, class Incoming>
uint64_t session_pump<Outgoing, Incoming>::received() const {
  std::lock_guard guard{mutex_};
  return session_.received();
}

// -- sending ---------------------------------------------------------------------------------

template <class Outgoing, class Incoming>
std::vector<refusal> session_pump<Outgoing, Incoming>::send(std::vector<Outgoing>&& tickets) {
  uint32_t format = 0;
  {
    std::lock_guard guard{mutex_};
    if (!in_session())
      throw std::runtime_error{lost_};
    format = format_;
  }
  if (format < 2) // S-END-12: it does not know refusals
    for (auto& ticket : tickets)
      if (ticket.kind == ticket_kind::refusal)
        ticket.kind = ticket_kind::transmission_failure;
  std::vector<refusal> refused;
  std::string frame = empty_frame();
  size_t in_frame = 0;
  auto append = [&](const Outgoing& ticket) {
    for (const auto& x : refused) // S-SEND-7
      if (x.operation == ticket.operation)
        return;
    if (append_ticket(system_, ticket, frame))
      ++in_frame;
    else
      refused.push_back({ticket.operation, "the payload has a type that cannot be sent to another node"});
  };
  bool any_overtook = false;
  std::vector<bool> overtook;
  for (size_t i = 0; i < tickets.size(); ++i) {
    if (!any_overtook || !overtook[i])
      append(tickets[i]);
    if (frame.size() < full_frame && in_frame < most_in_frame)
      continue;
    if (!any_overtook && i + 1 < tickets.size()) {
      any_overtook = true;
      overtook = urgent(tickets, i + 1);
      for (size_t k = i + 1; k < tickets.size(); ++k)
        if (overtook[k])
          append(tickets[k]);
    }
    add_frame(std::exchange(frame, empty_frame()));
    in_frame = 0;
  }
  if (frame.size() > empty_frame().size())
    add_frame(std::move(frame));
  transmit();
  return refused;
}

template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::add_frame(std::string bytes) {
  const size_t size = bytes.size();
  bool overflow = false;
  {
    std::lock_guard guard{mutex_};
    if (!in_session())
      return; // lost meanwhile: the end hears of it by itself
    session_.add(caf::make_message(ticket_frame{session_.next_number(), session_.tell(), std::move(bytes)}), size);
    overflow = state_ == state::interrupted && session_.overflows();
  }
  if (overflow)
    lose("more was sent meanwhile than is kept for resending");
}

/// Hands frames to CAF in the order of their numbers, by one thread at a time. Not under the lock: in one process, the
/// other side takes a frame in the thread that sends it.
template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::transmit() {
  std::unique_lock lock{mutex_};
  if (transmitting_)
    return;
  transmitting_ = true;
  while (peer_ != nullptr && state_ == state::connected) {
    auto frame = session_.take_next();
    if (frame.empty() && std::exchange(asks_, false))
      frame = caf::make_message(ticket_frame{0, session_.tell(), empty_frame()});
    if (frame.empty())
      break;
    auto peer = peer_;
    auto own = own_;
    lock.unlock();
    compat::deliver(peer, own ? own->strong() : nullptr, std::move(frame));
    lock.lock();
  }
  transmitting_ = false;
}

// -- receiving ---------------------------------------------------------------------------------

/// Runs in a thread of CAF's: the network thread, unless CAF was told otherwise. No exception may leave it: CAF's
/// broker would end, and every connection with it.
template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::receive(uint64_t channel, const compat::envelope& what) {
  if (!is_message<ticket_frame>(what.content))
    return; // another message than ours, and harmless
  const auto& frame = what.content.get_as<ticket_frame>(0);
  std::string wrong;
  if (!take(channel, what.sender, frame, wrong)) {
    if (!wrong.empty())
      lose(wrong);
    return;
  }
  bool small = false;
  {
    trampoline scope{trampoline::rounds_in_network};
    std::vector<Incoming> tickets;
    try {
      if (decode_frame(system_, frame.bytes, tickets, wrong)) {
        small = tickets.size() <= small_frame;
        callbacks_.received(std::move(tickets));
      } else {
        wrong = "it sent something that is not a ticket frame: " + wrong;
      }
    } catch (const std::exception& e) {
      wrong = e.what(); // the own end is gone, say
    }
  }
  if (!wrong.empty())
    return lose(wrong);
  acknowledge(channel, frame.number == 0 && frame.bytes == empty_frame());
  if (small)
    linger(system_, linger_);
}

/// True if the frame's tickets are to be taken; else `wrong` says why the session cannot go on, if so.
template <class Outgoing, class Incoming>
bool session_pump<Outgoing, Incoming>::take(uint64_t channel, const caf::strong_actor_ptr& sender,
                                            const ticket_frame& frame, std::string& wrong) {
  std::lock_guard guard{mutex_};
  if (channel != channel_ || !in_session())
    return false;
  if (sender != nullptr && peer_ != nullptr && sender != peer_)
    return false; // it went astray, and says nothing about this session
  if (!session_.acknowledged(frame.received)) {
    wrong = "it acknowledged what was not sent";
    return false;
  }
  changed_.notify_all();
  if (frame.bytes.empty())
    return false; // it only acknowledges
  if (frame.number == 0)
    return true;
  switch (session_.take(frame.number, frame.bytes.size())) {
    case link_session::arrival::fresh:
      return true;
    case link_session::arrival::repeated:
      return false;
    case link_session::arrival::gap:
      wrong = "a frame is missing";
  }
  return false;
}

/// `asked`: the other side wants to know (S-LINK-3).
template <class Outgoing, class Incoming>
void session_pump<Outgoing, Incoming>::acknowledge(uint64_t channel, bool asked) {
  caf::strong_actor_ptr peer;
  caf::strong_actor_ptr own;
  uint64_t received = 0;
  {
    std::lock_guard guard{mutex_};
    if (channel != channel_ || peer_ == nullptr || !own_ || !(asked || session_.owes_acknowledgement()))
      return;
    peer = peer_;
    own = own_->strong();
    received = session_.tell();
  }
  compat::deliver(peer, own, caf::make_message(ticket_frame{0, received, {}}));
}

template <class Outgoing, class Incoming>
flush_result session_pump<Outgoing, Incoming>::flush(duration timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock{mutex_};
  const auto session = sessions_;
  const auto last = session_.next_number() - 1;
  uint64_t asked = 0; // over which channel
  for (;;) {
    if (session != sessions_ || !in_session())
      return flush_result::lost;
    if (session_.confirmed() >= last)
      return flush_result::arrived;
    if (peer_ != nullptr && asked != channel_) {
      asked = channel_;
      asks_ = true;
      lock.unlock();
      transmit();
      lock.lock();
    } else if (changed_.wait_until(lock, until) == std::cv_status::timeout) {
      return session_.confirmed() >= last ? flush_result::arrived : flush_result::timed_out;
    }
  }
}

template class session_pump<front_to_back_ticket, back_to_front_ticket>;
template class session_pump<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
