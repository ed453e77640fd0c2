/// One side of a link between two nodes: sends tickets to the other side in frames, takes its frames, and keeps what it
/// needs to go on when the connection breaks and comes back (link_session.hpp). connect() uses it at the front's node
/// and publish() at the back's; they see to connections. Internal to nodes/.
///
/// A *channel* is one connection's part of it: an actor of ours that the other side sends to, and its actor that we
/// send to. When a channel ends, the session is interrupted: tickets wait, until the session is resumed over a new
/// channel or is lost.
#pragma once

#include "../../messages/node_messages.hpp"
#include "../../messages/ticket_codec.hpp"
#include "../compat/callback_actor.hpp"
#include "../links/link.hpp"
#include "link_session.hpp"
#include "node_link.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

template <class Outgoing, class Incoming>
class session_pump : public std::enable_shared_from_this<session_pump<Outgoing, Incoming>> {
public:
  struct callbacks {
    /// Tickets came.
    std::function<void(std::vector<Incoming>&&)> received;
    /// The connection broke; `occasion` counts how often. The receiver of this resumes the session or loses it.
    std::function<void(uint64_t occasion)> interrupted;
    /// The session is over; called once for each.
    std::function<void(const std::string& details)> lost;
    /// `lost` has returned: another session may begin. May be empty.
    std::function<void()> idle = {};
  };

  /// `name` names the other side, in messages to people. `linger` is as in link_options.
  session_pump(caf::actor_system& system, std::string name, duration linger, callbacks x);

  /// Ends the own channel: the other node learns of it.
  ~session_pump();

  // -- sessions and channels; from one thread at a time --------------------------------------

  /// Makes this side's part of a new channel. Frames are taken from it at once, and no longer from an earlier one.
  caf::actor open_channel();

  /// Begins a session over the channel that was opened last, with `peer` as the other side's part of it. The session
  /// keeps up to `resend_limit` bytes; 0: it cannot be resumed. `format` is that of the tickets.
  void begin(const caf::actor& peer, size_t resend_limit, uint32_t format);

  /// Goes on with the session over the channel that was opened last; the other side says that it has `received` frames.
  /// False if that is impossible.
  bool resume(const caf::actor& peer, uint64_t received);

  // -- any thread ----------------------------------------------------------------------------

  /// Sends tickets, in order, except that abortive ones do not wait behind a full frame (S-RECV-3). Throws
  /// std::runtime_error if there is no session.
  std::vector<refusal> send(std::vector<Outgoing>&& tickets);

  /// As node_link::flush.
  flush_result flush(duration timeout);

  /// How many frames of the session have come.
  uint64_t received() const;

  /// Loses the session if it still waits as it did at this interruption, `window` ago.
  void window_over(uint64_t occasion, duration window);

  /// Whether there is a session that waits to be resumed.
  bool is_interrupted() const;

  /// Whether a session has just been lost, and `lost` has not returned yet: no other may begin meanwhile, or the front
  /// would mix up their operations.
  bool is_losing() const;

  /// Whether there is a session, interrupted or not.
  bool has_session() const;

  /// Ends the session, if there is one. Only begin() makes another.
  void lose(const std::string& why);

  /// Why the last session ended, or that there was none; for people.
  std::string lost_details() const;

private:
  enum class state { idle, connected, interrupted, losing };

  bool in_session() const {
    return state_ == state::connected || state_ == state::interrupted;
  }

  void receive(uint64_t channel, const compat::envelope& what);
  /// S-LINK-5.
  bool take(uint64_t channel, const caf::strong_actor_ptr& sender, const ticket_frame& frame, std::string& wrong);
  void channel_ended(uint64_t channel, const caf::error& reason);
  void interrupt(uint64_t channel);
  void attach(const caf::actor& peer);
  void add_frame(std::string bytes);
  void transmit();
  void acknowledge(uint64_t channel, bool asked);

  caf::actor_system& system_;
  std::string name_;
  duration linger_;
  callbacks callbacks_;
  mutable std::mutex mutex_; // guards the members below; nothing is called under it
  state state_ = state::idle;
  std::string lost_ = "it is not connected yet";
  compat::light_ptr<callback_actor> own_; // this side's part of the channel
  caf::strong_actor_ptr peer_;            // and the other's
  uint64_t channel_ = 0;                  // counts them
  uint64_t occasion_ = 0;                 // counts interruptions
  link_session session_;
  uint32_t format_ = ticket_format;
  bool transmitting_ = false;       // a thread hands frames to CAF; others leave theirs to it
  bool asks_ = false;               // after the frames, ask which of them have come
  std::condition_variable changed_; // for flush: an acknowledgement came, a session or channel began or ended
  uint64_t sessions_ = 0;           // counts them
};

extern template class session_pump<front_to_back_ticket, back_to_front_ticket>;
extern template class session_pump<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
